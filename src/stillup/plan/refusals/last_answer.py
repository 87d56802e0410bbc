"""The last answer that is known to be well must not be taken away, nor visitors be sent to a dead primary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stillup.plan.setup import Bucket, Check, Record, Setup
from stillup.plan.step import Action, Kind, Refusal, Step
from stillup.rules.health.check import Status

_REMEDY = "Wait until it is over, or repair the primary first; if this is meant, pass --force."


def last_answer(
    actual: Setup, steps: Iterable[Step], statuses: Mapping[str, Status], *, destroy: bool = False
) -> Iterator[Refusal]:
    """Refusals while something is ill. `statuses` are those of the checks, by id; what is not there is not known.

    | primary    | standby       | the steps                                             | refused             |
    |------------|---------------|-------------------------------------------------------|---------------------|
    | not known  | any           | any                                                   | no                  |
    | unhealthy  | well ¹        | destroy, or touch the standby's answer or its bucket  | standby-serves      |
    | unhealthy  | well ¹        | make the primary count as healthy ²                   | dead-primary        |
    | unhealthy  | well ¹        | anything else                                         | no                  |
    | healthy    | well ¹        | any                                                   | no                  |
    | healthy    | ill or absent | take away or change the primary's answer, not destroy | last-healthy-answer |

    ¹ It has no check, or a healthy one. ² Another check, none, a new one, or one that is disabled or inverted from now
    on: a new check counts as healthy until there is enough data (HC-30). One that is turned back was well all the time.
    """
    listed = tuple(steps)
    for type_ in dict.fromkeys(record.type for record in actual.records if record.failover == "PRIMARY"):
        pair = {
            record.failover: record for record in actual.records if record.type == type_ and record.failover
        }
        yield from _of_pair(pair, listed, statuses, destroy=destroy)


def _of_pair(
    pair: Mapping[str, Record], steps: tuple[Step, ...], statuses: Mapping[str, Status], *, destroy: bool
) -> Iterator[Refusal]:
    primary, standby = pair["PRIMARY"], pair.get("SECONDARY")
    status = None if primary.check is None else statuses.get(primary.check)
    standby_is_well = standby is not None and _is_well(standby, statuses)
    changes_primary = any(_changes_answer(step, primary) for step in steps)
    if status is Status.UNHEALTHY and standby is not None and standby_is_well:
        if any(_changes_answer(step, standby) or _empties(step) for step in steps):
            yield _refuse(
                "standby-serves", primary, "the standby answers now, 1 of 2 records is well, and it would go"
            )
        elif not destroy and any(_revives(step, primary) for step in steps):
            yield _refuse(
                "dead-primary",
                primary,
                "its primary is unhealthy, and would count as healthy until checked anew",
            )
    if status is Status.HEALTHY and not standby_is_well and changes_primary and not destroy:
        there = "there is no standby" if standby is None else "its standby is unhealthy"
        yield _refuse(
            "last-healthy-answer",
            primary,
            f"its primary is the 1 of {len(pair)} records that is well ({there}), and would go or change",
        )


def _refuse(id_: str, primary: Record, why: str) -> Refusal:
    return Refusal(id_, f"The {primary.type} records of {primary.name}: {why}.", _REMEDY)


def _is_well(record: Record, statuses: Mapping[str, Status]) -> bool:
    return record.check is None or statuses.get(record.check) is Status.HEALTHY


def _changes_answer(step: Step, record: Record) -> bool:
    """Whether the step takes the record away, or has it answer otherwise; its TTL does not matter."""
    if step.kind is not Kind.RECORD or step.before != record:
        return False
    after = step.after
    return not isinstance(after, Record) or (after.values, after.alias) != (record.values, record.alias)


def _empties(step: Step) -> bool:
    """Whether the step takes away what the standby shows."""
    if step.action is not Action.DELETE:
        return False
    return step.kind is Kind.BUCKET or (step.kind is Kind.OBJECT and _is_index(step))


def _is_index(step: Step) -> bool:
    bucket = step.within
    website = bucket.website if isinstance(bucket, Bucket) else None
    return website is not None and step.address == f"object/{website.index}"


def _revives(step: Step, primary: Record) -> bool:
    """Whether an unhealthy primary counts as healthy after this step."""
    if step.kind is Kind.RECORD and step.before == primary:
        return isinstance(step.after, Record) and step.after.check != primary.check
    before, after = step.before, step.after
    if not (isinstance(before, Check) and isinstance(after, Check)) or primary.check not in (
        before.id,
        before.key,
    ):
        return False
    if before.config is None or after.config is None:
        return False
    switched_off = after.config.disabled and not (before.config.disabled or after.config.inverted)
    turned_round = after.config.inverted and not (before.config.inverted or after.config.disabled)
    return switched_off or turned_round

"""Composite alarms in the world: the alarms that their rules name, their state, circles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from stillup.rules.alarms import reasons
from stillup.rules.alarms.alarm import Alarm, AlarmState
from stillup.rules.alarms.alarm_rule import children, holds, parse_rule
from stillup.rules.alarms.evaluation import Evaluation
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.world import World


def child_arn(parent: Arn, reference: str) -> Arn:
    """The ARN of an alarm that the parent's rule names: in the parent's Region unless it is an ARN already."""
    if reference.startswith("arn:"):
        return Arn(reference)
    return Arn(":".join([*parent.split(":", 6)[:6], reference]))


def child_arns(parent: Alarm) -> tuple[Arn, ...]:
    """The ARNs of all alarms that this one's rule names; none for a metric alarm."""
    return () if parent.rule is None else _child_arns(parent.arn, parent.rule)


@lru_cache(maxsize=4096)
def _child_arns(parent: Arn, text: str) -> tuple[Arn, ...]:
    rule = parse_rule(text)
    return () if isinstance(rule, Refusal) else tuple(child_arn(parent, each) for each in children(rule))


def evaluate_composite(alarm: Alarm, alarms: Mapping[Arn, Alarm]) -> Evaluation:
    """The state that a composite alarm should have.

    | its rule | state |
    |----------|-------|
    | true     | ALARM |
    | false    | OK    |

    An alarm that does not exist is in INSUFFICIENT_DATA. The composite alarm is so only until it is evaluated.
    """
    rule = parse_rule(alarm.rule or "FALSE")
    assert not isinstance(rule, Refusal)  # noqa: S101 - it was parsed before it was put

    def state_of(reference: str) -> AlarmState:
        child = alarms.get(child_arn(alarm.arn, reference))
        return AlarmState.INSUFFICIENT_DATA if child is None else child.standing.state

    state = AlarmState.ALARM if holds(rule, state_of) else AlarmState.OK
    child = latest_child(alarm, alarms)
    return Evaluation(state, reasons.composite(alarm, state, child), reasons.composite_data(child))


def latest_child(alarm: Alarm, alarms: Mapping[Arn, Alarm]) -> Alarm | None:
    """Of the alarms that the rule names, the one whose state changed last."""
    return next(iter(latest_first(alarm, alarms)), None)


def latest_first(alarm: Alarm, alarms: Mapping[Arn, Alarm]) -> Sequence[Alarm]:
    """The alarms that the rule names and that exist, the one whose state changed last before the others."""
    known = [alarms[arn] for arn in child_arns(alarm) if arn in alarms]
    return sorted(known, key=lambda child: -child.standing.transitioned_at)


def cycle(world: World, alarm: Alarm) -> tuple[str, ...] | None:
    """The names on a way from this alarm back to it, were it put into the world; None if there is none."""
    alarms = {**world.alarms, alarm.arn: alarm}
    ways: list[tuple[Arn, ...]] = [(alarm.arn,)]
    seen: set[Arn] = set()
    while ways:
        way = ways.pop()
        for child in child_arns(alarms[way[-1]]):
            if child == alarm.arn:
                return tuple(alarms[arn].name for arn in (*way, child))
            if child in alarms and child not in seen:
                seen.add(child)
                ways.append((*way, child))
    return None


def in_order(alarms: Mapping[Arn, Alarm]) -> tuple[Alarm, ...]:
    """The composite alarms, each after those that its rule names."""
    ordered: dict[Arn, Alarm] = {}
    seen: set[Arn] = set()
    ahead = [(alarm.arn, False) for alarm in alarms.values() if alarm.rule is not None]
    while ahead:
        arn, is_ready = ahead.pop()
        if is_ready:
            ordered[arn] = alarms[arn]
        elif arn not in seen and arn in alarms and alarms[arn].rule is not None:
            seen.add(arn)
            ahead.append((arn, True))
            ahead.extend((child, False) for child in child_arns(alarms[arn]))
    return tuple(ordered.values())

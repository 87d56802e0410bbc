"""Status → rule: which of the name's records answer, by the engine's own rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from stillup.plan.chain.in_rules import record_sets_of
from stillup.plan.chain.link import Agreement, Link, Stage
from stillup.plan.chain.seen import Seen
from stillup.plan.chain.status import Judged
from stillup.plan.setup import Record
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.resolution import RoutingRule
from stillup.rules.routing import Choice, choose, health_of

ANSWERING: Final = ("A", "AAAA", "CNAME")
"""Types that lead visitors somewhere."""

_WORDS: Final[Mapping[RoutingRule, tuple[str, str]]] = {
    RoutingRule.SIMPLE: ("a simple record always answers, whatever its health", "RT-10"),
    RoutingRule.FAILOVER_PRIMARY_HEALTHY: ("the primary is healthy, so it answers", "2.1"),
    RoutingRule.FAILOVER_SECONDARY_HEALTHY: ("the primary is unhealthy, so the secondary answers", "2.1"),
    RoutingRule.FAILOVER_NOBODY_HEALTHY: ("both are unhealthy, so the primary answers", "2.1"),
    RoutingRule.FAILOVER_ONLY_MEMBER: (
        "the only one of its group answers, whatever its health",
        "2.1, RT-10",
    ),
    RoutingRule.MULTIVALUE_HEALTHY: ("the healthy records answer, at most eight", "2.3"),
    RoutingRule.MULTIVALUE_NOBODY_HEALTHY: ("nobody is healthy, so all answer, at most eight", "2.3"),
    RoutingRule.WEIGHTED_HEALTHY: ("one of the healthy records answers, by weight", "2.3"),
    RoutingRule.WEIGHTED_ZERO_HEALTHY: (
        "of the records with weight none is healthy: those of weight 0",
        "2.3",
    ),
    RoutingRule.WEIGHTED_NOBODY_HEALTHY: ("nobody is healthy, so any may answer, by weight", "2.3"),
    RoutingRule.GEOLOCATION_DEFAULT: ("the default location answers everybody", "2.3"),
}


@dataclass(frozen=True, slots=True)
class Ruled:
    """What should answer queries of a type. `chosen` is empty where no rule is known."""

    type: str
    records: tuple[Record, ...]
    chosen: tuple[Record, ...]
    otherwise: tuple[Record, ...]
    """What should answer if the checks in doubt stand the other way; empty where there is no doubt."""
    link: Link


def rule(seen: Seen, judged: Mapping[str, Judged]) -> tuple[Ruled, ...]:
    """What should answer, for each type at the name that leads visitors somewhere."""
    return tuple(_rule(seen, judged, each) for each in ANSWERING if _of_type(seen, each))


def _rule(seen: Seen, judged: Mapping[str, Judged], record_type: str) -> Ruled:
    records = _of_type(seen, record_type)
    sets = record_sets_of(records)
    if sets is None:
        policies = sorted({name for each in records for name in each.other_routing})
        link = Link(
            Stage.RULE,
            record_type,
            "what answers depends on who asks",
            rule=f"{', '.join(policies)} routing",
            source="2.3",
            seen=tuple(describe(each) for each in records),
            cause="where each visitor is, and how far from what, only Route 53 knows",
        )
        return Ruled(record_type, records, (), (), link)
    by_identifier = dict(zip((each.key for each in sets), records, strict=True))
    now = _choose(seen, sets, {key: each.status for key, each in judged.items()})
    turned = _choose(seen, sets, {key: each.other or each.status for key, each in judged.items()})
    chosen = tuple(by_identifier[key] for key in now.reason.chosen)
    otherwise = tuple(by_identifier[key] for key in turned.reason.chosen)
    words, source = _WORDS[now.reason.rule]
    link = Link(
        Stage.RULE,
        record_type,
        ", or ".join(role(each) for each in chosen) + f" answers for {record_type}",
        rule=words,
        source=source,
        seen=tuple(_told(seen, each, judged) for each in records),
        agreement=Agreement.AGREES if otherwise == chosen else Agreement.UNKNOWN,
        cause=None if otherwise == chosen else _doubt(otherwise),
    )
    return Ruled(record_type, records, chosen, () if otherwise == chosen else otherwise, link)


def _choose(seen: Seen, sets: tuple[RecordSet, ...], statuses: Mapping[str, Status]) -> Choice:
    zone = HostedZoneId(seen.setup.zone.id or "")

    def group_of(name: DomainName, record_type: RecordType) -> tuple[RecordSet, ...]:
        candidates = [*seen.setup.records, *seen.targets]
        return (
            record_sets_of(
                each
                for each in candidates
                if each.type == record_type and DomainName.from_text(each.name) == name
            )
            or ()
        )

    def status_of(check: HealthCheckId) -> Status:
        # A check that is gone: Route 53 cannot predict it, the engine takes it for healthy (HC-44).
        return statuses.get(check, Status.HEALTHY)

    return choose(sets, lambda each: health_of(each, zone_id=zone, group_of=group_of, status_of=status_of))


def _of_type(seen: Seen, record_type: str) -> tuple[Record, ...]:
    return tuple(each for each in seen.setup.records if each.type == record_type)


def _doubt(otherwise: tuple[Record, ...]) -> str:
    return f"if the check has just turned, {' or '.join(role(each) for each in otherwise)} answers"


def role(record: Record) -> str:
    """`the primary`, `the standby`, or the record by its identifier."""
    match record.failover:
        case "PRIMARY":
            return "the primary"
        case "SECONDARY":
            return "the standby"
        case _:
            return f"record {record.set_identifier}" if record.set_identifier else "the only record"


def leads_to(record: Record) -> tuple[str, ...]:
    """Its values, or the name that it is an alias for."""
    return record.values if record.alias is None else (record.alias.dns_name,)


def describe(record: Record) -> str:
    """The record in a line."""
    arrow = "→" if record.alias is None else "→ alias"
    return f"{role(record).removeprefix('the ')} {record.type} {arrow} {', '.join(leads_to(record))}"


def _told(seen: Seen, record: Record, judged: Mapping[str, Judged]) -> str:
    return f"{describe(record)}: {'; '.join(_health_words(seen, record, judged))}"


def _health_words(seen: Seen, record: Record, judged: Mapping[str, Judged]) -> Iterator[str]:
    if record.check is None:
        yield (
            "no check" if record.alias and record.alias.evaluate_target_health else "no check: always healthy"
        )
    elif record.check in judged:
        yield f"check {judged[record.check].status}"
    else:
        yield f"its check {record.check} does not exist: nobody can predict it"
    if record.alias is not None and record.alias.evaluate_target_health:
        yield (
            "and its target's health"
            if record.alias.zone_id == seen.setup.zone.id
            else "and its target's health, which AWS keeps to itself"
        )

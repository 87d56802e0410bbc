"""What a person wants to know when a health check's alarm speaks at 2 AM, read off the engine at that moment.

```text
www.example.com: the health check 'Primary' (HTTP http://203.0.113.10:80/health) is failing      headline
since 02:07:31                                                                                   since
us-east-1   Failure: The connection was refused.                                                 seen
www.example.com A   198.51.100.7, by the SECONDARY record 'Secondary-S3' (alias of s3-website-…)  visitors
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Protocol

from stillup.rules.alarms.alarm import Alarm, AlarmState, Trigger
from stillup.rules.alarms.composite import latest_first
from stillup.rules.health.check import AlarmIdentifier, HealthCheck, HealthCheckType, Status
from stillup.rules.ids import Arn, HealthCheckId, HostedZoneId, Instant
from stillup.rules.names import DomainName
from stillup.rules.records import RECORD_TYPE_CODES, RecordSet, RecordSetKey, RecordType
from stillup.rules.resolution import Resolution
from stillup.rules.topics.message import Briefing, Seen, Visitors
from stillup.rules.world import World
from stillup.rules.zones.zone import HostedZone

MOST_NAMES: Final = 10
"""Whose answers are told; a mail is for reading."""
MOST_IN_HEADLINE: Final = 3

_NAMESPACE: Final = "AWS/Route53"
_DIMENSION: Final = "HealthCheckId"
_TYPES: Final = {code: record_type for record_type, code in RECORD_TYPE_CODES.items()}
_FOR_VISITORS: Final = (RecordType.A, RecordType.AAAA, RecordType.CNAME)


class Report(Protocol):
    """One vantage's latest word on a check."""

    @property
    def region(self) -> str:
        """The vantage."""

    @property
    def text(self) -> str:
        """What it saw, as Route 53 words it (HC-54)."""

    @property
    def checked_at(self) -> Instant:
        """When."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Whom to ask what is going on: the engine's ports, method by method."""

    status: Callable[[HealthCheckId], Status]
    since: Callable[[HealthCheckId], Instant | None]
    latest: Callable[[HealthCheckId], Sequence[Report]]
    resolve: Callable[[HostedZoneId, DomainName, int], Resolution]


@dataclass(frozen=True, slots=True)
class Place:
    """A name and type with a record that a check has a say in."""

    zone: HostedZone
    name: DomainName
    type: RecordType


@dataclass(frozen=True, slots=True)
class Concern:
    """The check that an alarm is about, and the places that it or a check calculated from it has a say in."""

    check: HealthCheck
    places: tuple[Place, ...]


def concern_of(alarm: Alarm, world: World) -> Concern | None:
    """What the alarm is about, as far as visitors are concerned; looks at every record there is.

    None for an alarm that has nothing to do with a check, and once the check is deleted (HC-55).
    """
    check = _check_of(alarm, world)
    if check is None:
        return None
    return Concern(check, tuple(_places(world, frozenset((check.id, *_ancestors(world, check.id))))))


def brief(
    concern: Concern, alarm: Alarm, state: AlarmState, *, world: World, witness: Witness, now: Instant
) -> Briefing:
    """What to tell beside the message when this alarm goes into this state.

    `world` is the published one; a zone that has gone from it since the concern was found is passed over.
    """
    check = concern.check
    places = [place for place in concern.places if place.zone.id in world.zones]
    status = witness.status(check.id)
    return Briefing(
        headline=_headline(check, places, _outcome(status, alarm.standing.state, state)),
        since=witness.since(check.id) or now,
        seen=tuple(_seen(world, witness, check)),
        visitors=tuple(
            Visitors(f"{_shown(place.name)} {place.type}", _answer(place, witness))
            for place in places[:MOST_NAMES]
        ),
    )


def _outcome(status: Status, was: AlarmState, state: AlarmState) -> str:
    """What the headline says of the check. It tells the truth where the alarm and the check differ by now.

    | the check now | the alarm was | and is now | the headline        |
    |---------------|---------------|------------|---------------------|
    | unhealthy     | any           | any        | is failing          |
    | healthy       | ALARM         | OK         | has recovered       |
    | healthy       | any other     | OK         | is healthy          |
    | healthy       | any           | any other  | is healthy just now |
    """
    if status is Status.UNHEALTHY:
        return "is failing"
    if state is not AlarmState.OK:
        return "is healthy just now"
    return "has recovered" if was is AlarmState.ALARM else "is healthy"


def _check_of(alarm: Alarm, world: World) -> HealthCheck | None:
    """The check that the alarm is about.

    | the alarm                                      | the check                                                 |
    |------------------------------------------------|-----------------------------------------------------------|
    | on a metric of a check                         | that one                                                  |
    | on another metric, which a check watches       | the check (HC-38)                                         |
    | composite                                      | that of the alarm below whose state changed last and that |
    |                                                | is about one                                              |
    """
    ahead, seen = [alarm], set[Arn]()
    while ahead:
        each = ahead.pop()
        if each.arn in seen:
            continue
        seen.add(each.arn)
        if each.trigger is None:
            ahead.extend(reversed(latest_first(each, world.alarms)))
        elif (
            check := _check_watched(each.trigger, AlarmIdentifier(each.region, each.name), world)
        ) is not None:
            return check
    return None


def _check_watched(trigger: Trigger, alarm: AlarmIdentifier, world: World) -> HealthCheck | None:
    if trigger.metric.namespace == _NAMESPACE:
        check_id = dict(trigger.metric.dimensions).get(_DIMENSION)
        return None if check_id is None else world.health_checks.get(HealthCheckId(check_id))
    return next(
        (each for each in world.health_checks.values() if each.config.alarm_identifier == alarm), None
    )


def _ancestors(world: World, check_id: HealthCheckId) -> Iterator[HealthCheckId]:
    """The CALCULATED checks that this one has a say in, at whatever remove."""
    seen = {check_id}
    ahead = [check_id]
    while ahead:
        child = ahead.pop()
        for parent in world.health_checks.values():
            if child in parent.config.child_health_checks and parent.id not in seen:
                seen.add(parent.id)
                ahead.append(parent.id)
                yield parent.id


def _places(world: World, checks: frozenset[HealthCheckId]) -> Iterator[Place]:
    """The names and types that have a record with one of these checks, each once."""
    for zone in world.zones.values():
        found = dict.fromkeys(
            (each.name, each.type)
            for each in zone.record_sets()
            if each.health_check_id in checks and each.type in _FOR_VISITORS
        )
        for name, record_type in found:
            yield Place(zone, name, record_type)


def _headline(check: HealthCheck, places: Sequence[Place], outcome: str) -> str:
    names = list(dict.fromkeys(_shown(place.name) for place in places))
    told = ", ".join(names[:MOST_IN_HEADLINE])
    if len(names) > MOST_IN_HEADLINE:
        told += f" and {len(names) - MOST_IN_HEADLINE} more"
    return f"{told}{': ' if told else ''}the health check '{_name(check)}' ({target(check)}) {outcome}"


def target(check: HealthCheck) -> str:
    """What a check looks at, as one would type it: `HTTP http://203.0.113.10:80/health`."""
    config = check.config
    match config.type:
        case HealthCheckType.CALCULATED:
            return f"{config.health_threshold} of {len(config.child_health_checks)} checks"
        case HealthCheckType.CLOUDWATCH_METRIC:
            watched = config.alarm_identifier
            return f"the metric of the alarm '{watched.name}'" if watched is not None else "a metric"
    host = config.ip_address or config.fqdn or ""
    host = f"[{host}]" if ":" in host else host
    if config.type is HealthCheckType.TCP:
        return f"TCP {host}:{config.probed_port}"
    scheme = "https" if config.type.is_tls else "http"
    path = (config.resource_path or "/").removeprefix("/")
    return f"{config.type} {scheme}://{host}:{config.probed_port}/{path}"


def _seen(world: World, witness: Witness, check: HealthCheck) -> Iterator[Seen]:
    """The vantages' words on the check, or, where it is CALCULATED, on the checks that it is calculated from."""
    for report in witness.latest(check.id):
        yield Seen(report.region, report.text, report.checked_at)
    for child_id in check.config.child_health_checks:
        if (child := world.health_checks.get(child_id)) is not None:
            for report in witness.latest(child_id):
                yield Seen(f"{_name(child)}, {report.region}", report.text, report.checked_at)


def _answer(place: Place, witness: Witness) -> str:
    """What a query for this name and type gets now, and by which records."""
    resolution = witness.resolve(place.zone.id, place.name, place.type.code)
    values = [_value(each.type, rdata) for each in resolution.answer for rdata in each.rdata]
    if not values:
        return "no answer" if not resolution.rcode else resolution.rcode.name
    chosen = resolution.reasons[0].chosen if resolution.reasons else ()
    by = " and ".join(_record(each) for key in chosen if (each := _find(place.zone, key)) is not None)
    return ", ".join(dict.fromkeys(values)) + (f", by {by}" if by else "")


def _value(record_type: int, rdata: bytes) -> str:
    match _TYPES.get(record_type):
        case RecordType.A | RecordType.AAAA:
            return str(ip_address(rdata))
        case RecordType.CNAME:
            return _shown(DomainName.from_wire(rdata))
    return rdata.hex()


def _find(zone: HostedZone, key: RecordSetKey) -> RecordSet | None:
    return next((each for each in zone.nodes.get(key.name, ()) if each.key == key), None)


def _record(record: RecordSet) -> str:
    role = f"{record.failover} " if record.failover is not None else ""
    named = f" '{record.set_identifier}'" if record.set_identifier is not None else ""
    alias = f" (alias of {_shown(record.alias.dns_name)})" if record.alias is not None else ""
    return f"the {role}record{named}{alias}"


def _name(check: HealthCheck) -> str:
    return check.tags.get("Name", check.id)


def _shown(name: DomainName) -> str:
    """Without the final dot and with a star for a star, as people write names."""
    return name.to_text().removesuffix(".").replace("\\052", "*")

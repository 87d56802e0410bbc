"""What the status page shows, as values: zones with their answers, checks with what the vantages saw, and who
is told (notices.py)."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stillup.engine.ports import CheckerReport, DeliveryReports, HealthReports, Resolver, Statuses, Worlds
from stillup.engine.status.moments import moment
from stillup.engine.status.notices import NoticesView, notices
from stillup.rules.health.check import HealthCheck, HealthCheckType
from stillup.rules.ids import Instant
from stillup.rules.records import RecordType
from stillup.rules.resolution import Reason, Resolution
from stillup.rules.zones.zone import HostedZone
from stillup.wire.dns.rdata import present_rdata

MOST_ANSWERS: Final = 500
"""Names and types shown, of all zones together; a page is for reading, `dig` and the API are for the rest."""
_ROWS_AT_A_STRETCH: Final = 5
"""So many are made before DNS queries get their turn: one or two milliseconds."""
_UNINTERESTING: Final = (RecordType.NS, RecordType.SOA)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What one name and type answers now, and why."""

    name: str
    type: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ZoneView:
    """One hosted zone."""

    id: str
    name: str
    comment: str
    answers: tuple[AnswerRow, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class CheckView:
    """One health check."""

    id: str
    name: str
    target: str
    status: str
    since: str
    is_probed: bool
    reports: tuple[CheckerReport, ...]


@dataclass(frozen=True, slots=True)
class StatusView:
    """The whole page."""

    at: str
    sequence: int
    zones: tuple[ZoneView, ...]
    checks: tuple[CheckView, ...]
    notices: NoticesView
    mails_kept_in: str
    """The folder that mails end in; empty where they are sent."""


@dataclass(frozen=True, slots=True)
class StatusPorts:
    """What the page is read from."""

    worlds: Worlds
    statuses: Statuses
    reports: HealthReports
    resolver: Resolver
    deliveries: DeliveryReports
    mails_kept_in: str
    """The folder that mails are kept in because no SMTP server is known; empty where there is one."""


async def view(ports: StatusPorts, now: Instant) -> StatusView:
    """The page as of now; each row is as of when it is made, a few milliseconds later where there are many."""
    world = ports.worlds.current
    zones: list[ZoneView] = []
    for zone in sorted(world.zones.values(), key=lambda zone: zone.name):
        zones.append(await _zone(ports, zone, MOST_ANSWERS - sum(len(each.answers) for each in zones)))
    checks: list[CheckView] = []
    for check in sorted(world.health_checks.values(), key=_name):
        if len(checks) % _ROWS_AT_A_STRETCH == 0:
            await asyncio.sleep(0)
        checks.append(_check(ports, check))
    return StatusView(
        at=moment(now),
        sequence=world.sequence,
        zones=tuple(zones),
        checks=tuple(checks),
        notices=await notices(world, ports.deliveries),
        mails_kept_in=ports.mails_kept_in,
    )


def target(check: HealthCheck) -> str:
    """What a check looks at, as one would say it."""
    config = check.config
    if config.type is HealthCheckType.CALCULATED:
        return f"{config.health_threshold} of {len(config.child_health_checks)} checks"
    if config.alarm_identifier is not None:
        return f"what alarm {config.alarm_identifier.name} watches in {config.alarm_identifier.region}"
    host = config.ip_address or config.fqdn
    path = "" if config.type is HealthCheckType.TCP else config.resource_path or "/"
    host = f"[{host}]" if host is not None and ":" in host else host
    return f"{config.type} {host}:{config.probed_port}{path}"


def _name(check: HealthCheck) -> str:
    return check.tags.get("Name", check.id)


def _check(ports: StatusPorts, check: HealthCheck) -> CheckView:
    return CheckView(
        id=check.id,
        name=_name(check),
        target=target(check),
        status=ports.statuses.status(check.id),
        since=moment(ports.reports.since(check.id)),
        is_probed=check.config.type.is_endpoint,
        reports=tuple(ports.reports.latest(check.id)),
    )


async def _zone(ports: StatusPorts, zone: HostedZone, most: int) -> ZoneView:
    asked = {(each.name, each.type) for each in zone.record_sets() if each.type not in _UNINTERESTING}
    rows: list[AnswerRow] = []
    for name, record_type in heapq.nsmallest(most, asked):
        if len(rows) % _ROWS_AT_A_STRETCH == 0:
            await asyncio.sleep(0)
            if zone.id not in ports.worlds.current.zones:
                break  # deleted meanwhile
        resolution = ports.resolver.resolve(zone.id, name, record_type.code)
        rows.append(AnswerRow(name.to_text(), record_type, _values(resolution), _reason(resolution.reasons)))
    return ZoneView(zone.id, zone.name.to_text(), zone.comment, tuple(rows), left_out=len(asked) - len(rows))


def _values(resolution: Resolution) -> tuple[str, ...]:
    """All that may be in the answer, where chance decides."""
    if not resolution.answer:
        return (resolution.rcode.name if resolution.rcode else "no data",)
    answers = (resolution.answer, *resolution.alternatives)
    rdata = ((rrset.type, each) for answer in answers for rrset in answer for each in rrset.rdata)
    return tuple(present_rdata(*each) for each in dict.fromkeys(rdata))


def _reason(reasons: Sequence[Reason]) -> str:
    return "; ".join(reason.rule.name.replace("_", " ").lower() for reason in reasons)

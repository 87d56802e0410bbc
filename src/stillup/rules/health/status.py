"""From what the vantages counted to what a check answers.

```text
verdicts ─ count ─▶ raw ─ recover-after, latch ─▶ held ─ Disabled, Inverted ─▶ status
children ─ calculate ─▲
metric ─ stream_status ┘
```
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.health.refinements import Refinements, pace
from stillup.rules.ids import Instant

RECENT: Final = 600.0
"""Seconds for which a saved status is trusted after a restart, whatever the interval (decision 6)."""
RECENT_INTERVALS: Final = 10
"""The same, in intervals of the check, where that is longer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a check stands. Instants are engine time."""

    status: Status
    """What the check answers."""
    held: Status
    """The same before Disabled and Inverted; this is what is saved across a restart."""
    raw: Status
    """The last count of the vantages, or of the children; healthy before there was one (HC-30)."""
    since: Instant
    """When `status` became what it is."""
    last_failure_at: Instant | None = None
    """When any vantage last saw a failure."""
    latched: int | None = None
    """The latch generation under which the check latched; None: it is not latched."""
    held_until: Instant | None = None
    """Where nothing but `stillup:recover-after` keeps it unhealthy: when to call `stand` again."""


def stand(
    check: HealthCheck,
    counted: Status | None,
    standing: Standing | None,
    *,
    refinements: Refinements,
    now: Instant,
    failed: bool = False,
) -> Standing:
    """Where the check stands now.

    `counted` is the vantages' count, for CALCULATED the result of `calculate`, for CLOUDWATCH_METRIC that
    of `stream_status`; None where nobody can say. `standing` is where the check stood before; None for a new one. `failed` tells that a vantage saw
    a failure just now.

    | counted   | stood at | raw                      |
    |-----------|----------|--------------------------|
    | a status  | any      | that status              |
    | None      | nothing  | healthy (HC-30)          |
    | None      | raw      | that raw (decision 6)    |
    | disabled  | any      | healthy (HC-30)          |

    | disabled | inverted | held      | status            |
    |----------|----------|-----------|-------------------|
    | no       | no       | healthy   | healthy           |
    | no       | no       | unhealthy | unhealthy         |
    | no       | yes      | healthy   | unhealthy (HC-31) |
    | no       | yes      | unhealthy | healthy (HC-31)   |
    | yes      | no       | any       | healthy (HC-32)   |
    | yes      | yes      | any       | unhealthy (HC-32) |

    A check that is enabled again starts anew by HC-30, but a latch holds through being disabled.
    """
    config = check.config
    raw = _raw(check, counted, standing)
    last_failure_at = standing.last_failure_at if standing else None
    if failed or _failed_unprobed(check, raw, standing):
        last_failure_at = now
    latched = _latched(check, raw, standing, refinements)
    held_until = _held_until(raw, standing, last_failure_at, refinements)
    if latched is not None or config.disabled or (held_until is not None and held_until <= now):
        held_until = None
    held = _held(raw, latched, held_until)
    said = Status.HEALTHY if config.disabled else held
    status = said.opposite if config.inverted else said
    return Standing(
        status=status,
        held=held,
        raw=raw,
        since=standing.since if standing and standing.status is status else now,
        last_failure_at=last_failure_at,
        latched=latched,
        held_until=held_until,
    )


def restore(check: HealthCheck, held: Status, at: Instant, *, refinements: Refinements) -> Standing:
    """Where the check stood before a restart, from its saved `held` status, last confirmed at `at`.

    Use it where `is_recent` says so, as the `standing` of the next `stand`.
    """
    said = Status.HEALTHY if check.config.disabled else held
    failing = held is Status.UNHEALTHY
    return Standing(
        status=said.opposite if check.config.inverted else said,
        held=held,
        raw=held,
        since=at,
        last_failure_at=at if failing else None,
        latched=check.latch_generation if failing and refinements.latch else None,
    )


def is_recent(
    check: HealthCheck, held: Status, at: Instant, *, refinements: Refinements, now: Instant
) -> bool:
    """Whether a saved status still says something (decision 6).

    | saved                                       | recent |
    |---------------------------------------------|--------|
    | unhealthy, and the check has the latch      | always |
    | within 10 minutes or 10 intervals           | yes    |
    | longer ago                                  | no     |
    """
    if held is Status.UNHEALTHY and refinements.latch:
        return True
    return now - at <= max(RECENT, RECENT_INTERVALS * pace(check).interval)


def calculate(check: HealthCheck, child_statuses: Iterable[Status]) -> Status:
    """What a CALCULATED check's children make it (HC-35).

    The children's statuses are as they answer, so that a disabled child counts as healthy unless it is
    inverted (HC-33). A child that was deleted counts as healthy (HC-44).

    | HealthThreshold          | healthy children | status    |
    |--------------------------|------------------|-----------|
    | 0                        | any              | healthy   |
    | t                        | t or more        | healthy   |
    | t                        | fewer            | unhealthy |
    | more than all children   | any              | unhealthy |
    """
    healthy = sum(status is Status.HEALTHY for status in child_statuses)
    return Status.HEALTHY if healthy >= (check.config.health_threshold or 0) else Status.UNHEALTHY


def _raw(check: HealthCheck, counted: Status | None, standing: Standing | None) -> Status:
    if check.config.disabled:
        return Status.HEALTHY
    if counted is not None:
        return counted
    return standing.raw if standing else Status.HEALTHY


def _failed_unprobed(check: HealthCheck, raw: Status, standing: Standing | None) -> bool:
    """A check without probes fails from its first unhealthy count to its last."""
    if check.config.type.is_endpoint:
        return False
    return raw is Status.UNHEALTHY or (standing is not None and standing.raw is Status.UNHEALTHY)


def _latched(
    check: HealthCheck, raw: Status, standing: Standing | None, refinements: Refinements
) -> int | None:
    """The generation of the latch that holds the check.

    | tag   | raw       | latched before under      | latched          |
    |-------|-----------|---------------------------|------------------|
    | no    | any       | any                       | no               |
    | yes   | unhealthy | any                       | this generation  |
    | yes   | healthy   | this generation           | this generation  |
    | yes   | healthy   | an older one, or not      | no               |
    """
    if not refinements.latch:
        return None
    before = standing.latched if standing else None
    if raw is Status.UNHEALTHY or before == check.latch_generation:
        return check.latch_generation
    return None


def _held_until(
    raw: Status, standing: Standing | None, last_failure_at: Instant | None, refinements: Refinements
) -> Instant | None:
    """When recover-after lets a check that was unhealthy, and counts as healthy again, be healthy."""
    if raw is Status.UNHEALTHY or standing is None or standing.held is Status.HEALTHY:
        return None
    return None if last_failure_at is None else last_failure_at + refinements.recover_after


def _held(raw: Status, latched: int | None, held_until: Instant | None) -> Status:
    """Unhealthy where the count is, or where a latch or a pending recover-after keeps it so.

    | raw       | latched | recover-after pending | held      |
    |-----------|---------|-----------------------|-----------|
    | unhealthy | any     | any                   | unhealthy |
    | healthy   | yes     | any                   | unhealthy |
    | healthy   | no      | yes                   | unhealthy |
    | healthy   | no      | no                    | healthy   |
    """
    keeps = latched is not None or held_until is not None
    return Status.UNHEALTHY if keeps else raw

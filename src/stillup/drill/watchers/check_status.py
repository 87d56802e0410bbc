"""The health check's status, counted from its checkers' observations: the API never tells it (HC-52)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from stillup.drill.logbook import Logbook
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.timeline import Watcher
from stillup.rules.health.check import Status
from stillup.rules.health.refinements import Pace
from stillup.rules.health.verdict import Verdict, count, observe

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

PACE_ON_AWS: Final = 2.5
"""Seconds: GetHealthCheckStatus has a bucket of four that gets one back a second, for the whole account (TH-1)."""
PACE_ON_ENGINE: Final = 1.0
"""At most; a check that is probed faster is looked at twice from one probe to the next, so that none is missed."""


class CheckWatcher:
    """Begins with a check that is known to be healthy. What an inverted check says is told inverted (HC-31)."""

    watcher = Watcher.CHECK

    def __init__(
        self,
        route53: Route53Client,
        check_id: str,
        probed: Pace,
        *,
        clock: Stopwatch,
        is_on_aws: bool,
    ) -> None:
        self.who = check_id
        pace = PACE_ON_AWS if is_on_aws else PACE_ON_ENGINE
        self.pace = min(clock.pace_of_calls(pace), clock.pace(probed.confirm_interval / 2))
        self._route53 = route53
        self._probed = probed
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._checked: dict[tuple[str, str], datetime] = {}

    def look(self, logbook: Logbook) -> None:
        """Read the observations and the configuration once."""
        config = self._route53.get_health_check(HealthCheckId=self.who)["HealthCheck"]["HealthCheckConfig"]
        found = self._route53.get_health_check_status(HealthCheckId=self.who)["HealthCheckObservations"]
        seen = None
        for each in found:
            checker = each.get("Region", ""), each.get("IPAddress", "")
            report = each.get("StatusReport", {})
            at = report.get("CheckedTime")
            status = status_in(report.get("Status", ""))
            if at is None or status is None or self._checked.get(checker) == at:
                continue
            self._checked[checker] = at
            seen = f"{checker[0]}: {report.get('Status', '').split('. ')[0]}"
            held = self._verdicts.get(checker, Verdict(Status.HEALTHY))
            self._verdicts[checker] = observe(held, status, fall=self._probed.fall, rise=self._probed.rise)
        status = count(self._verdicts.values())
        if config.get("Disabled"):
            status = Status.HEALTHY  # HC-32
        if status is not None and config.get("Inverted"):
            status = status.opposite
        if status is not None:
            is_healthy = status is Status.HEALTHY
            logbook.note(Watcher.CHECK, self.who, status.value, is_primary=is_healthy, detail=seen or "")

    def close(self) -> None:
        """Holds nothing."""


def status_in(report: str) -> Status | None:
    """What a checker's report says (HC-54); None where it says nothing about the endpoint."""
    if report.startswith("Success"):
        return Status.HEALTHY
    return Status.UNHEALTHY if report.startswith("Failure") else None

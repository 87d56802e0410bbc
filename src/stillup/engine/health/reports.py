"""What the vantages saw, as GetHealthCheckStatus and GetHealthCheckLastFailureReason tell it (1.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Final

from stillup.engine.health import texts
from stillup.engine.health.evaluation import Evaluation
from stillup.engine.health.ledger import Ledger
from stillup.engine.health.reach import source_towards
from stillup.engine.ports import CheckerReport
from stillup.rules.ids import HealthCheckId

_ANYWHERE: Final = ("192.0.2.1", "2001:db8::1")
"""Documentation addresses (RFC 5737, RFC 3849): the way there is the default route. No packet is sent."""


class Reports:
    """What `ports.HealthReports` promises, read from the ledger. Addresses are this machine's own, as the kernel chooses."""

    def __init__(
        self, ledger: Ledger, *, source_towards: Callable[[str], str | None] = source_towards
    ) -> None:
        self._evaluations = ledger.evaluations
        self._source_towards = source_towards

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest observation of each vantage that has one."""
        evaluation = self._evaluations.get(check_id)
        if evaluation is None:
            return ()
        source = self._source_of(evaluation)
        return tuple(
            CheckerReport(vantage, source, evaluation.latest[vantage].text, evaluation.latest[vantage].at)
            for vantage in evaluation.verdicts
            if vantage in evaluation.latest
        )

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest failure of each vantage, or its word that there has been none (HC-54)."""
        evaluation = self._evaluations.get(check_id)
        if evaluation is None or evaluation.probe is None:
            return ()
        source = self._source_of(evaluation)
        none = texts.never_failed(evaluation.watched_since)
        reports = []
        for vantage in evaluation.verdicts:
            failure = evaluation.failures.get(vantage)
            seen = evaluation.latest.get(vantage) if failure is None else failure
            reports.append(
                CheckerReport(
                    region=vantage,
                    ip_address=source,
                    text=none if failure is None else failure.text,
                    checked_at=evaluation.watched_since if seen is None else seen.at,
                )
            )
        return tuple(reports)

    def checker_ranges(self) -> Sequence[str]:
        """The addresses that probes come from, as networks of one address each (HC-49)."""
        targets = {target for each in self._evaluations.values() if (target := _target_of(each))}
        sources = {source for each in (*_ANYWHERE, *targets) if (source := self._source_towards(each))}
        return sorted(str(ip_network(source)) for source in sources or {"127.0.0.1"})

    def _source_of(self, evaluation: Evaluation) -> str:
        return self._source_towards(_target_of(evaluation) or _ANYWHERE[0]) or "127.0.0.1"


def _target_of(evaluation: Evaluation) -> str | None:
    """The address that the check's probes go to, as far as it is known."""
    if evaluation.probe is not None and evaluation.probe.address is not None:
        return evaluation.probe.address
    return next((seen.resolved_ip for seen in evaluation.latest.values() if seen.resolved_ip), None)

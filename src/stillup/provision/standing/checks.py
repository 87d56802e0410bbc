"""What the health checkers saw last, and what the metric of a check was (HC-51 … HC-54, 1.12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stillup.plan.chain.seen import CheckSeen, Datapoint, Observation
from stillup.plan.setup import METRICS_REGION, Check
from stillup.provision.account import Account
from stillup.provision.api_errors import API_ERRORS
from stillup.provision.standing.unknown import Unknown

if TYPE_CHECKING:
    from mypy_boto3_route53.type_defs import HealthCheckObservationTypeDef

_NOT_OBSERVED: Final = frozenset({"CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"})
_PERIOD: Final = 60
_MARGIN: Final = 120.0
"""Seconds beyond now for which datapoints are asked: clocks differ."""


def read_check(account: Account, check: Check, *, now: float, back: float, unknown: Unknown) -> CheckSeen:
    """The check's observations and failures, and its datapoints of the last `back` seconds.

    Those end with the latest observation, where that is later than `now`: an engine may keep a time of its own.
    """
    check_id = check.id or check.key
    is_probed = check.config is None or check.config.type not in _NOT_OBSERVED
    observations = _observations(account, check_id, unknown) if is_probed else None
    latest = max([now, *(each.at for each in observations or ())])
    return CheckSeen(
        observations=observations,
        failures=_failures(account, check_id, unknown) if is_probed else None,
        datapoints=_datapoints(account, check_id, latest, back, unknown),
    )


def _observations(account: Account, check_id: str, unknown: Unknown) -> tuple[Observation, ...] | None:
    try:
        answer = account.route53.get_health_check_status(HealthCheckId=check_id)
    except API_ERRORS as error:
        unknown.add(f"what the checkers of {check_id} saw", error)
        return None
    return _from(answer["HealthCheckObservations"])


def _failures(account: Account, check_id: str, unknown: Unknown) -> tuple[Observation, ...] | None:
    try:
        answer = account.route53.get_health_check_last_failure_reason(HealthCheckId=check_id)
    except API_ERRORS as error:
        unknown.add(f"why the checkers of {check_id} failed last", error)
        return None
    return _from(answer["HealthCheckObservations"])


def _from(listed: Sequence[HealthCheckObservationTypeDef]) -> tuple[Observation, ...]:
    return tuple(
        Observation(
            region=each.get("Region", "unknown"),
            checker=each.get("IPAddress", ""),
            at=each["StatusReport"]["CheckedTime"].timestamp(),
            text=each["StatusReport"].get("Status", ""),
        )
        for each in listed
        if "CheckedTime" in each.get("StatusReport", {})
    )


def _datapoints(
    account: Account, check_id: str, now: float, back: float, unknown: Unknown
) -> tuple[Datapoint, ...] | None:
    try:
        answer = account.cloudwatch(METRICS_REGION).get_metric_statistics(
            Namespace="AWS/Route53",
            MetricName="HealthCheckStatus",
            Dimensions=[{"Name": "HealthCheckId", "Value": check_id}],
            StartTime=datetime.fromtimestamp(now - back, UTC),
            EndTime=datetime.fromtimestamp(now + _MARGIN, UTC),
            Period=_PERIOD,
            Statistics=["Minimum"],
        )
    except API_ERRORS as error:
        unknown.add(f"the metric of {check_id}", error)
        return None
    found = [Datapoint(each["Timestamp"].timestamp(), each["Minimum"]) for each in answer["Datapoints"]]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))

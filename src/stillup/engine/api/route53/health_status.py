"""What the health checkers saw (HC-49, HC-51 … HC-54): observations, never an overall verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.route53.health_checks import found
from stillup.engine.ports import CheckerReport
from stillup.rules.health.check import HealthCheck
from stillup.wire.aws.messages import AwsError, Output


async def get_health_check_status(ports: ApiPorts, call: Call) -> Output:
    """GetHealthCheckStatus: the latest observation of each vantage."""
    return _observations(ports.reports.latest(_probed(ports, call).id))


async def get_health_check_last_failure_reason(ports: ApiPorts, call: Call) -> Output:
    """GetHealthCheckLastFailureReason: each vantage's latest failure, or its word that there was none."""
    return _observations(ports.reports.last_failures(_probed(ports, call).id))


async def get_checker_ip_ranges(ports: ApiPorts, call: Call) -> Output:
    """GetCheckerIpRanges."""
    return Output({"CheckerIpRanges": list(ports.reports.checker_ranges())})


HEALTH_STATUS_OPERATIONS: Final[Mapping[str, Operation]] = {
    "GetHealthCheckStatus": get_health_check_status,
    "GetHealthCheckLastFailureReason": get_health_check_last_failure_reason,
    "GetCheckerIpRanges": get_checker_ip_ranges,
}


def _probed(ports: ApiPorts, call: Call) -> HealthCheck:
    """The check that the call names, if anybody probes it (HC-53)."""
    check = found(ports, call)
    if not check.config.type.is_endpoint:
        raise AwsError(
            "InvalidInput",
            "Invalid parameter : calculated health checks are not observed by health checkers.",
        )
    return check


def _observations(reports: Sequence[CheckerReport]) -> Output:
    return Output({"HealthCheckObservations": [_render(report) for report in reports]})


def _render(report: CheckerReport) -> dict[str, Any]:
    return {
        "Region": report.region,
        "IPAddress": report.ip_address,
        "StatusReport": {
            "Status": report.text,
            "CheckedTime": datetime.fromtimestamp(report.checked_at, UTC),
        },
    }

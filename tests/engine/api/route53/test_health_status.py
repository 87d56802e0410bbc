"""Observations through the API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stillup.engine.ports import CheckerReport
from stillup.rules.ids import HealthCheckId
from stillup.wire.aws.messages import AwsError
from tests.engine.api.route53.health_api import HealthApi

SEEN = CheckerReport("us-east-1", "127.0.0.1", "Success: HTTP Status Code 200, OK", 1_700_000_000.25)
FAILED = CheckerReport("eu-west-1", "127.0.0.1", "Failure: HTTP Status Code 404", 1_600_000_000.0)


async def test_the_observations_of_the_vantages_are_reported_one_by_one() -> None:
    """HC-51, HC-52."""
    api = HealthApi()
    check_id = HealthCheckId(await api.create())
    api.reports.seen[check_id] = [SEEN, FAILED]
    api.reports.failures[check_id] = [FAILED]

    status = await api.call("GetHealthCheckStatus", HealthCheckId=check_id)
    reason = await api.call("GetHealthCheckLastFailureReason", HealthCheckId=check_id)

    first, second = status["HealthCheckObservations"]
    assert first == {
        "Region": "us-east-1",
        "IPAddress": "127.0.0.1",
        "StatusReport": {
            "Status": "Success: HTTP Status Code 200, OK",
            "CheckedTime": datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC),
        },
    }
    assert reason["HealthCheckObservations"] == [second]


@pytest.mark.parametrize("operation", ["GetHealthCheckStatus", "GetHealthCheckLastFailureReason"])
async def test_nobody_observes_a_calculated_check(operation: str) -> None:
    """HC-53."""
    api = HealthApi()
    check_id = await api.create(Type="CALCULATED", HealthThreshold=0)
    with pytest.raises(AwsError, match="InvalidInput"):
        await api.call(operation, HealthCheckId=check_id)


async def test_the_networks_of_the_checkers_are_known() -> None:
    """HC-49."""
    assert await HealthApi().call("GetCheckerIpRanges") == {"CheckerIpRanges": ["127.0.0.0/8"]}

"""Health checks through the API."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stillup.engine.api.call import ApiSettings
from stillup.wire.aws.messages import AwsError
from tests.engine.api.route53.health_api import HealthApi

GUIDE: dict[str, Any] = {
    "IPAddress": "203.0.113.10",
    "Port": 80,
    "Type": "HTTP",
    "ResourcePath": "/health",
    "FullyQualifiedDomainName": "www.example.com",
    "RequestInterval": 30,
    "FailureThreshold": 3,
}


async def refused(api: HealthApi, operation: str, **parameters: Any) -> AwsError:
    before = api.worlds.current
    with pytest.raises(AwsError) as refusal:
        await api.call(operation, **parameters)
    assert api.worlds.current is before
    return refusal.value


async def test_the_check_of_the_guide_is_created_with_the_defaults_filled_in() -> None:
    """HC-42, table 1.5."""
    api = HealthApi()
    made = await api.call("CreateHealthCheck", CallerReference="ec2-primary-1", HealthCheckConfig=GUIDE)

    check = made["HealthCheck"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", check["Id"])
    assert made["Location"] == f"http://127.0.0.1:4566/2013-04-01/healthcheck/{check['Id']}"
    assert check["HealthCheckConfig"] == {
        **GUIDE,
        "MeasureLatency": False,
        "Inverted": False,
        "Disabled": False,
        "EnableSNI": False,
    }
    assert (check["CallerReference"], check["HealthCheckVersion"]) == ("ec2-primary-1", 1)
    assert (await api.call("GetHealthCheck", HealthCheckId=check["Id"]))["HealthCheck"] == check


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (
            {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 22},
            {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": False},
        ),
        (
            {"Type": "HTTPS", "FullyQualifiedDomainName": "www.example.com", "RequestInterval": 10},
            {"FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": True},
        ),
        (
            {
                "Type": "HTTP_STR_MATCH",
                "IPAddress": "2001:0db8:0:0:0:0:0:1",
                "SearchString": " OK ",
                "Regions": ["us-east-1", "eu-west-1", "sa-east-1"],
            },
            {
                "RequestInterval": 30,
                "FailureThreshold": 3,
                "MeasureLatency": False,
                "EnableSNI": False,
            },
        ),
        ({"Type": "CALCULATED", "HealthThreshold": 0}, {}),
    ],
)
async def test_a_config_is_read_back_as_written_with_the_defaults_of_its_type(
    asked: dict[str, Any], answered: dict[str, Any]
) -> None:
    api = HealthApi()
    check_id = await api.create(**asked)
    got = await api.call("GetHealthCheck", HealthCheckId=check_id)
    expected = {**asked, **answered, "Inverted": False, "Disabled": False}
    assert got["HealthCheck"]["HealthCheckConfig"] == expected


async def test_the_same_request_twice_makes_one_check() -> None:
    """HC-43."""
    api = HealthApi()
    assert await api.create() == await api.create()
    assert len(api.worlds.changes) == 1


async def test_the_same_reference_for_something_else_is_a_conflict() -> None:
    """HC-43."""
    api = HealthApi()
    await api.create()
    refusal = await refused(api, "CreateHealthCheck", CallerReference="ref", HealthCheckConfig=GUIDE)
    assert refusal.code == "HealthCheckAlreadyExists"
    assert refusal.message == (
        "A different health check has already been created with the specified caller reference."
    )


@pytest.mark.parametrize(
    "extra",
    [
        {"AlarmIdentifier": {"Region": "us-east-1", "Name": "down"}},
        {"InsufficientDataHealthStatus": "Healthy"},
        {"RoutingControlArn": "arn"},
        {"SearchString": "ok"},
        {"HealthThreshold": 1},
        {"Type": "CLOUDWATCH_METRIC"},
    ],
)
async def test_what_does_not_belong_to_the_type_is_refused(extra: dict[str, Any]) -> None:
    """HC-22."""
    refusal = await refused(
        HealthApi(), "CreateHealthCheck", CallerReference="r", HealthCheckConfig={**GUIDE, **extra}
    )
    assert refusal.code == "InvalidInput"


async def test_the_operator_chooses_what_may_be_probed() -> None:
    """HC-13."""
    api = HealthApi(settings=ApiSettings(probe_deny=("203.0.113.0/24",)))
    refusal = await refused(api, "CreateHealthCheck", CallerReference="r", HealthCheckConfig=GUIDE)
    assert refusal.message == "Invalid parameter : IP address 203.0.113.10 is forbidden"


async def test_an_update_patches_and_counts_versions() -> None:
    """HC-20, HC-21."""
    api = HealthApi()
    check_id = await api.create(**GUIDE)
    updated = await api.call(
        "UpdateHealthCheck",
        HealthCheckId=check_id,
        HealthCheckVersion=1,
        FailureThreshold=1,
        Inverted=True,
        ResetElements=["ResourcePath"],
    )
    config = updated["HealthCheck"]["HealthCheckConfig"]
    assert (config["FailureThreshold"], config["Inverted"], config["Port"]) == (1, True, 80)
    assert "ResourcePath" not in config
    assert updated["HealthCheck"]["HealthCheckVersion"] == 2

    stale = await refused(
        api, "UpdateHealthCheck", HealthCheckId=check_id, HealthCheckVersion=1, Inverted=False
    )
    assert stale.code == "HealthCheckVersionMismatch"


async def test_only_four_elements_can_be_reset() -> None:
    api = HealthApi()
    refusal = await refused(
        api, "UpdateHealthCheck", HealthCheckId=await api.create(), ResetElements=["SearchString"]
    )
    assert refusal.code == "InvalidInput"


@pytest.mark.parametrize(
    "operation",
    [
        "GetHealthCheck",
        "UpdateHealthCheck",
        "DeleteHealthCheck",
        "GetHealthCheckStatus",
        "GetHealthCheckLastFailureReason",
    ],
)
async def test_an_unknown_check_is_not_found(operation: str) -> None:
    refusal = await refused(HealthApi(), operation, HealthCheckId="nobody")
    assert refusal.code == "NoSuchHealthCheck"
    assert refusal.message == "A health check with id nobody does not exist."


async def test_a_deleted_check_is_gone() -> None:
    api = HealthApi()
    check_id = await api.create()
    await api.call("DeleteHealthCheck", HealthCheckId=check_id)
    assert (await api.call("GetHealthCheckCount"))["HealthCheckCount"] == 0
    assert (await refused(api, "GetHealthCheck", HealthCheckId=check_id)).code == "NoSuchHealthCheck"


async def test_pages_hold_every_check_once() -> None:
    """HC-48."""
    api = HealthApi()
    ids = {await api.create(f"ref-{number}", **GUIDE) for number in range(5)}
    listed: list[str] = []
    marker: dict[str, str] = {}
    sizes = []
    while True:
        page = await api.call("ListHealthChecks", MaxItems="2", **marker)
        assert (page["MaxItems"], page["Marker"]) == ("2", marker.get("Marker", ""))
        sizes.append(len(page["HealthChecks"]))
        listed += [check["Id"] for check in page["HealthChecks"]]
        if not page["IsTruncated"]:
            assert "NextMarker" not in page
            break
        marker = {"Marker": page["NextMarker"]}
    assert sizes == [2, 2, 1]
    assert (len(listed), set(listed)) == (5, ids)
    assert (await api.call("GetHealthCheckCount"))["HealthCheckCount"] == 5


async def test_a_page_holds_at_most_a_hundred_checks() -> None:
    """HC-48."""
    api = HealthApi()
    for number in range(101):
        await api.create(f"ref-{number}", **GUIDE)
    page = await api.call("ListHealthChecks", MaxItems="1000")
    assert (len(page["HealthChecks"]), page["MaxItems"], page["IsTruncated"]) == (100, "100", True)


@pytest.mark.parametrize("size", ["0", "-1", "many", "²"])
async def test_a_page_size_is_a_positive_number(size: str) -> None:
    assert (await refused(HealthApi(), "ListHealthChecks", MaxItems=size)).code == "InvalidInput"

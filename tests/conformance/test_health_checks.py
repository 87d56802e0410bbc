"""Health checks by boto3: create, read back, update, page, tag, delete, and AWS's error codes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conformance.conftest import Subject
from tests.conformance.model_check import checked_client

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

ENDPOINT: dict[str, Any] = {"Type": "HTTP", "IPAddress": "127.0.0.250", "Port": 9}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


class Checks:
    """Makes checks under references of its own, and deletes them in the end."""

    def __init__(self, client: Route53Client) -> None:
        self.client = client
        self.made: set[str] = set()

    def create(self, reference: str | None = None, **config: Any) -> dict[str, Any]:
        made = self.client.create_health_check(
            CallerReference=reference or uuid.uuid4().hex,
            HealthCheckConfig=config or ENDPOINT,  # type: ignore[arg-type]
        )
        self.made.add(made["HealthCheck"]["Id"])
        return dict(made)


@pytest.fixture
def checks(subject: Subject) -> Iterator[Checks]:
    """A fresh set of checks on the subject."""
    lenient = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    checks = Checks(checked_client("route53", endpoint_url=subject.endpoint_url, config=lenient))
    yield checks
    for check_id in checks.made:
        checks.client.delete_health_check(HealthCheckId=check_id)


def error_of(refusal: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = refusal.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_new_check_is_created_at_its_location(checks: Checks) -> None:
    """HC-42."""
    made = checks.create()
    check_id = made["HealthCheck"]["Id"]
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert re.fullmatch(r"[0-9a-f-]{36}", check_id)
    assert made["Location"].endswith(f"/2013-04-01/healthcheck/{check_id}")
    assert checks.client.get_health_check(HealthCheckId=check_id)["HealthCheck"] == made["HealthCheck"]


@pytest.mark.parametrize(
    ("asked", "filled"),
    [
        (
            ENDPOINT,
            {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": False},
        ),
        (
            {"Type": "HTTPS", "FullyQualifiedDomainName": "localhost", "Port": 9, "RequestInterval": 10},
            {"FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": True},
        ),
        (
            {
                **ENDPOINT,
                "Type": "HTTP_STR_MATCH",
                "ResourcePath": "/health?a=1&b=<2>",
                "SearchString": " All is <well> & good ",
                "Regions": ["us-east-1", "eu-west-1", "sa-east-1"],
            },
            {"RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": False, "EnableSNI": False},
        ),
        ({"Type": "CALCULATED", "HealthThreshold": 0}, {}),
    ],
)
def test_a_config_is_read_back_with_the_defaults_of_its_type(
    checks: Checks, asked: dict[str, Any], filled: dict[str, Any]
) -> None:
    """Table 1.5."""
    read = checks.create(**asked)["HealthCheck"]["HealthCheckConfig"]
    assert read == {**asked, **filled, "Inverted": False, "Disabled": False}


def test_a_caller_reference_is_for_one_check_for_ever(checks: Checks) -> None:
    """HC-43."""
    reference = uuid.uuid4().hex
    first = checks.create(reference)["HealthCheck"]["Id"]
    assert checks.create(reference)["HealthCheck"]["Id"] == first
    with pytest.raises(ClientError) as refusal:
        checks.create(reference, **{**ENDPOINT, "Port": 10})
    assert error_of(refusal) == ("HealthCheckAlreadyExists", 409)

    checks.client.delete_health_check(HealthCheckId=first)
    checks.made.remove(first)
    with pytest.raises(ClientError) as refusal:
        checks.create(reference)
    assert error_of(refusal) == ("HealthCheckAlreadyExists", 409)


@pytest.mark.parametrize(
    "config",
    [
        {**ENDPOINT, "SearchString": "ok"},
        {**ENDPOINT, "RequestInterval": 20},
        {**ENDPOINT, "HealthThreshold": 1},
        {**ENDPOINT, "IPAddress": "169.254.169.254"},
        {**ENDPOINT, "IPAddress": "224.0.0.1"},
        {**ENDPOINT, "Type": "TCP", "ResourcePath": "/"},
        {"Type": "HTTP", "Port": 80},
        {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": [UNKNOWN]},
    ],
)
def test_a_config_against_the_rules_is_invalid_input(checks: Checks, config: dict[str, Any]) -> None:
    """HC-4, HC-13, HC-22."""
    with pytest.raises(ClientError) as refusal:
        checks.create(**config)
    assert error_of(refusal) == ("InvalidInput", 400)


def test_an_update_is_a_patch_with_a_version(checks: Checks) -> None:
    """HC-20, HC-21."""
    check_id = checks.create(**ENDPOINT, ResourcePath="/health")["HealthCheck"]["Id"]
    updated = checks.client.update_health_check(
        HealthCheckId=check_id, HealthCheckVersion=1, Inverted=True, ResetElements=["ResourcePath"]
    )["HealthCheck"]
    assert updated["HealthCheckVersion"] == 2
    assert updated["HealthCheckConfig"]["Inverted"]
    assert updated["HealthCheckConfig"].get("Port") == 9
    assert "ResourcePath" not in updated["HealthCheckConfig"]
    with pytest.raises(ClientError) as refusal:
        checks.client.update_health_check(HealthCheckId=check_id, HealthCheckVersion=1, Inverted=False)
    assert error_of(refusal) == ("HealthCheckVersionMismatch", 409)


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        (
            {**ENDPOINT, "ResourcePath": "/a", "FullyQualifiedDomainName": "a.example"},
            {
                "IPAddress": "127.0.0.251",
                "Port": 10,
                "ResourcePath": "/b?c=<d>",
                "FullyQualifiedDomainName": "b.example",
                "FailureThreshold": 10,
                "Inverted": True,
                "Disabled": True,
                "Regions": ["us-east-1", "eu-west-1", "sa-east-1"],
            },
        ),
        (
            {**ENDPOINT, "Type": "HTTPS_STR_MATCH", "SearchString": "a"},
            {"SearchString": " b & <c> ", "EnableSNI": False},
        ),
        ({**ENDPOINT, "Type": "TCP"}, {"Port": 22, "FailureThreshold": 1}),
        ({"Type": "CALCULATED", "HealthThreshold": 0}, {"HealthThreshold": 256, "Inverted": True}),
    ],
)
def test_what_can_be_changed_is_changed_and_the_rest_is_kept(
    checks: Checks, config: dict[str, Any], changes: dict[str, Any]
) -> None:
    """Table 1.5, HC-20."""
    made = checks.create(**config)["HealthCheck"]
    updated = checks.client.update_health_check(HealthCheckId=made["Id"], **changes)["HealthCheck"]
    assert updated["HealthCheckConfig"] == {**made["HealthCheckConfig"], **changes}
    assert checks.client.get_health_check(HealthCheckId=made["Id"])["HealthCheck"] == updated


def test_the_children_of_a_calculated_check_can_be_exchanged_and_reset(checks: Checks) -> None:
    """HC-20, HC-35."""
    first, second = (checks.create()["HealthCheck"]["Id"] for _ in range(2))
    parent = checks.create(Type="CALCULATED", HealthThreshold=1, ChildHealthChecks=[first])["HealthCheck"][
        "Id"
    ]
    client = checks.client
    client.update_health_check(HealthCheckId=parent, ChildHealthChecks=[second, first, second])
    config = client.get_health_check(HealthCheckId=parent)["HealthCheck"]["HealthCheckConfig"]
    assert config.get("ChildHealthChecks") == [second, first]
    client.update_health_check(HealthCheckId=parent, ResetElements=["ChildHealthChecks"])
    config = client.get_health_check(HealthCheckId=parent)["HealthCheck"]["HealthCheckConfig"]
    assert "ChildHealthChecks" not in config


def test_every_check_is_on_one_page(checks: Checks) -> None:
    """HC-48."""
    mine = {checks.create()["HealthCheck"]["Id"] for _ in range(3)}
    pages = checks.client.get_paginator("list_health_checks").paginate(PaginationConfig={"PageSize": 2})
    listed = [check["Id"] for page in pages for check in page["HealthChecks"]]
    assert len(listed) == len(set(listed)) >= 3
    assert mine <= set(listed)
    assert checks.client.get_health_check_count()["HealthCheckCount"] >= 3


def test_tags_are_kept_and_a_bad_refinement_is_refused(checks: Checks) -> None:
    """HC-50, decision 5."""
    check_id = checks.create()["HealthCheck"]["Id"]

    def change(key: str, value: str) -> None:
        checks.client.change_tags_for_resource(
            ResourceType="healthcheck", ResourceId=check_id, AddTags=[{"Key": key, "Value": value}]
        )

    change("Name", "primary")
    change("stillup:interval", "500ms")
    with pytest.raises(ClientError) as refusal:
        change("stillup:interval", "never")
    assert error_of(refusal) == ("InvalidInput", 400)

    listed = checks.client.list_tags_for_resources(ResourceType="healthcheck", ResourceIds=[check_id])
    tags = {tag["Key"]: tag["Value"] for tag in listed["ResourceTagSets"][0]["Tags"]}
    assert tags == {"Name": "primary", "stillup:interval": "500ms"}


def test_calculated_checks_have_no_observations(checks: Checks) -> None:
    """HC-53."""
    check_id = checks.create(Type="CALCULATED", HealthThreshold=0)["HealthCheck"]["Id"]
    with pytest.raises(ClientError) as refusal:
        checks.client.get_health_check_status(HealthCheckId=check_id)
    assert error_of(refusal) == ("InvalidInput", 400)


def test_the_checkers_have_addresses(checks: Checks) -> None:
    """HC-49."""
    assert checks.client.get_checker_ip_ranges()["CheckerIpRanges"]


@pytest.mark.parametrize(
    "operation",
    [
        "get_health_check",
        "update_health_check",
        "delete_health_check",
        "get_health_check_status",
        "get_health_check_last_failure_reason",
    ],
)
def test_an_unknown_check_is_not_found(checks: Checks, operation: str) -> None:
    """HC-46."""
    with pytest.raises(ClientError) as refusal:
        getattr(checks.client, operation)(HealthCheckId=UNKNOWN)
    assert error_of(refusal) == ("NoSuchHealthCheck", 404)

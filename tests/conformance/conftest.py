"""The subject of the conformance tests: an AWS endpoint with a DNS server, met from outside only.

`STILLUP_SUBJECT_API=URL STILLUP_SUBJECT_DNS=ADDR:PORT` names a running one; without them an engine is started.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from stillup.drill.engine_process import EngineProcess
from stillup.plan.address import Address
from tests.conformance.model_check import checked_client
from tests.conformance.zones import all_record_sets


@dataclass(frozen=True)
class Subject:
    """Where the subject answers."""

    endpoint_url: str
    dns: Address
    site: Address | None


@pytest.fixture(scope="session")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    """The subject, one for the whole run: tests make what they need under names of their own."""
    if url := os.environ.get("STILLUP_SUBJECT_API"):
        yield Subject(url, Address.parse(os.environ["STILLUP_SUBJECT_DNS"]), None)
        return
    work = tmp_path_factory.mktemp("engine")
    listeners = ("--dns", "--api", "--site", "--console")
    arguments = [word for flag in listeners for word in (flag, "127.0.0.1:0")]
    log = work / "engine.log"
    with EngineProcess([*arguments, "--data", str(work / "data")], log=log) as engine:
        yield Subject(engine.listeners.endpoint_url, engine.listeners.dns, engine.listeners.site)
    logged = log.read_text()
    assert "Traceback" not in logged, f"the engine logged an unhandled exception:\n{logged[-5000:]}"


@pytest.fixture
def route53(subject: Subject) -> Any:
    """A client that holds every response against botocore's model."""
    return checked_client("route53", endpoint_url=subject.endpoint_url)


@pytest.fixture
def zone(route53: Any) -> Iterator[tuple[str, str]]:
    """A zone of its own for a test: its id and its name."""
    name = f"z{uuid.uuid4().hex[:12]}.example."
    made = route53.create_hosted_zone(Name=name, CallerReference=name)
    zone_id = made["HostedZone"]["Id"]
    yield zone_id, name
    left = [
        {"Action": "DELETE", "ResourceRecordSet": each}
        for each in all_record_sets(route53, zone_id)
        if not (each["Name"] == name and each["Type"] in ("NS", "SOA"))
    ]
    if left:
        route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": left})
    route53.delete_hosted_zone(Id=zone_id)

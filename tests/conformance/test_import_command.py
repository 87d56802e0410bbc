"""`stillup import` as a person types it."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stillup.cli.app import app
from stillup.plan.file.read import Document, read_plan
from tests.conformance.conftest import Subject

pytestmark = pytest.mark.slow


@pytest.fixture
def name(subject: Subject, route53: Any, zone: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A failover between two addresses, with a check that fails."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "import")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "import")
    zone_id, zone_name = zone
    check = route53.create_health_check(
        CallerReference=uuid.uuid4().hex,
        HealthCheckConfig={"IPAddress": "127.0.0.9", "Port": 9, "Type": "TCP"},
    )["HealthCheck"]["Id"]
    pair = [("PRIMARY", "127.0.0.9", {"HealthCheckId": check}), ("SECONDARY", "127.0.0.10", {})]
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": f"www.{zone_name}",
                "Type": "A",
                "SetIdentifier": role,
                "Failover": role,
                "TTL": 60,
                "ResourceRecords": [{"Value": address}],
                **more,
            },
        }
        for role, address, more in pair
    ]
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    return f"www.{zone_name.removesuffix('.')}"


def _run(subject: Subject, *words: str) -> Result:
    return CliRunner().invoke(app, ["import", *words, "--endpoint-url", subject.endpoint_url])


def test_the_plan_goes_to_standard_output_and_the_findings_beside_it(subject: Subject, name: str) -> None:
    done = _run(subject, name.upper() + ".")

    assert done.exit_code == 0
    read = read_plan(done.stdout, source="standard output")
    assert isinstance(read, Document)
    assert read.plan.failovers[0].name == name
    assert "SU254" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_the_plan_is_written_once_and_not_written_over(subject: Subject, name: str, tmp_path: Path) -> None:
    file = tmp_path / "stillup.yaml"

    assert _run(subject, name, "-o", str(file)).exit_code == 0
    written = file.read_text()
    again = _run(subject, name, "-o", str(file))

    assert (again.exit_code, again.stdout) == (1, "")
    assert "--force overwrites it" in again.stderr
    assert file.read_text() == written
    assert _run(subject, name, "-o", str(file), "--force").exit_code == 0


def test_as_json_all_of_it_is_one_value(subject: Subject, name: str) -> None:
    told = json.loads(_run(subject, name, "--json").stdout)

    assert told["name"] == name
    assert told["plan"]["failovers"][0]["primary"]["address"] == "127.0.0.9"
    assert "SU254" in {each["rule"] for each in told["findings"]}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["nobody.NAME"], 1, "has no records"),
        (["www.nowhere.invalid"], 1, "No hosted zone"),
        (["a..b"], 2, "is no domain name"),
        (["NAME", "--zone", "other.invalid"], 1, "no hosted zone other.invalid"),
        (["NAME", "--dns", "rubbish"], 2, "'--dns': `rubbish` is no address"),
        (["NAME", "--profile", "nobody"], 1, "list-profiles"),
        (["NAME", "--download", "/dev/null/site"], 1, "is no bucket"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(
    subject: Subject, name: str, words: list[str], code: int, says: str
) -> None:
    done = _run(subject, *(word.replace("NAME", name) for word in words))

    assert (done.exit_code, done.stdout) == (code, "")
    assert says in done.stderr

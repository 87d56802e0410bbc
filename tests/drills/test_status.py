"""`status`, `watch` and `why` beside an engine whose primary has gone, and beside somebody else's AWS."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from stillup.cli.app import app
from stillup.drill.demo import stage
from stillup.drill.loopback import free_port
from tests.drills.forked import ForkedEngine, fork, forked_engine

pytestmark = pytest.mark.slow

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    "AWS_EC2_METADATA_DISABLED": "true",
}
PLAN = """version: 1
where:
  endpoint-url: {api}
  dns: ["{dns}"]
failovers:
  - name: www.example.com
    zone: example.com
    primary:
      address: 127.0.0.2
    standby:
      bucket: www.example.com
    drill:
      visit: http://www.example.com:{port}/
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("status")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[ForkedEngine]:
    """The guide's set-up, whose primary was never there; a hundred seconds pass in one."""
    port = free_port()
    arguments = ["--data", str(folder / "data"), "--site", f"127.0.0.3:{port}", "--site-address", "127.0.0.3"]
    arguments += [word for name in ("dns", "api", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with forked_engine([*arguments, "--clock-rate", "100"], log=folder / "engine.log") as process:
        cloud = stage.Cloud(process.listeners.endpoint_url)
        stage.make_backup_site(cloud)
        check = stage.make_health_check(cloud, "127.0.0.2", port)
        stage.make_records(cloud, "127.0.0.2", check)
        stage.make_alarm(cloud, check, stage.make_topic(cloud))
        listeners = process.listeners
        (folder / "stillup.yaml").write_text(
            PLAN.format(api=listeners.endpoint_url, dns=listeners.dns, port=port)
        )
        deadline = time.monotonic() + 30
        while state_of(cloud) != "ALARM":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield process


def state_of(cloud: stage.Cloud) -> str:
    return cloud.cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"]


def run(folder: Path, *arguments: str) -> Result:
    """In this process: starting Python and importing boto3 takes longer than the verbs."""
    with contextlib.chdir(folder):
        return CliRunner(env=CREDENTIALS).invoke(app, arguments)


def test_status_of_a_failed_primary_is_a_line_and_the_reasons(engine: ForkedEngine, folder: Path) -> None:
    told = run(folder, "status")
    assert told.exit_code == 1
    head, line, *problems = told.stdout.splitlines()
    assert head.split()[:2] == ["NAME", "VISITORS"]
    assert line.split()[:2] == ["www.example.com", "standby"]
    assert "✗ www.example.com: visitors get the standby" in problems
    assert "\x1b" not in told.stdout


def test_why_tells_the_whole_chain_without_a_plan(engine: ForkedEngine, folder: Path) -> None:
    told = run(
        folder.parent, "why", "www.example.com", "--endpoint-url", engine.listeners.endpoint_url, "--json"
    )
    assert told.exit_code == 0, told.stderr
    chain = json.loads(told.stdout)
    assert chain["visitors-get"] == "standby"
    assert chain["since"]["at"] is not None
    stages = {each["stage"]: each for each in chain["links"]}
    assert stages["status"]["follows"] == "unhealthy"
    assert stages["answer"]["agreement"] == "agrees"
    assert stages["answer"]["seen"] == ["TestDNSAnswer (asked through the API): 127.0.0.3 = the standby"]
    assert stages["alarm"]["follows"] == "ALARM"
    assert chain["pending"] == ["oncall@example.com"]
    assert chain["unknown"] == []


def test_why_opens_the_page_of_the_plan(engine: ForkedEngine, folder: Path) -> None:
    told = run(folder, "why", "www.example.com")
    assert told.exit_code == 0, told.stderr
    assert "127.0.0.3: HTTP 200" in told.stdout
    assert f"{engine.listeners.dns}: 127.0.0.3" in told.stdout


def test_watch_prints_changes_as_lines_and_ends_cleanly(engine: ForkedEngine, folder: Path) -> None:
    complaints = folder / "complaints"
    with complaints.open("w") as stderr:
        watching = fork(
            ["watch", str(folder / "stillup.yaml"), "--every", "0.2", "--json"],
            CREDENTIALS,
            stderr=stderr.fileno(),
        )
    first = json.loads(watching.said.readline())
    watching.send(signal.SIGINT)
    code, _ = watching.finish()
    assert (first["what"], first["before"], first["after"]) == ("visitors", None, "standby")
    assert (code, complaints.read_text()) == (0, "")


def test_a_name_that_is_not_there_gets_advice_and_no_traceback(engine: ForkedEngine, folder: Path) -> None:
    told = run(folder.parent, "why", "www.example.org", "--endpoint-url", engine.listeners.endpoint_url)
    assert told.exit_code == 1
    assert told.stdout == ""
    assert told.stderr.startswith("stillup: No hosted zone of this account holds www.example.org.")


def test_an_engine_that_is_down_is_said_to_be(folder: Path) -> None:
    told = run(folder.parent, "why", "www.example.com", "--endpoint-url", "http://127.0.0.1:9")
    assert told.exit_code == 1
    assert told.stderr.startswith("stillup: Nobody answers")
    assert "Traceback" not in told.stderr


def test_why_says_where_its_knowledge_ends_on_somebody_elses_aws(folder: Path) -> None:
    """moto invents observations, probes nothing, serves no DNS, and lacks operations."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        cloud = stage.Cloud(url)
        check = stage.make_health_check(cloud, "203.0.113.10", 80)
        stage.make_backup_site(cloud)
        stage.make_records(cloud, "203.0.113.10", check)
        stage.make_alarm(cloud, check, stage.make_topic(cloud))
        told = run(folder.parent, "why", "www.example.com", "--endpoint-url", url)
    finally:
        server.stop()
    assert told.exit_code == 0, told.stderr
    assert told.stderr == ""
    assert told.stdout.startswith("www.example.com: what visitors get is not known\n")
    assert "    the primary answers for A\n" in told.stdout
    assert "not known: what the servers answer, asked through the API" in told.stdout

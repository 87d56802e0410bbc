"""`stillup replay`, as it is typed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stillup.cli.app import app
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId
from stillup.wire.observations import FILE_NAME, PUT_ERA, PUT_RUN, TABLES, era_to_row, run_to_row

MONDAY = 1_795_000_000.0
CHECK = HealthCheck(
    HealthCheckId("11111111-2222-3333-4444-555555555555"),
    "stillup/www.example.com/primary/x",
    HealthCheckConfig(
        HealthCheckType.HTTP,
        ip_address="203.0.113.10",
        port=80,
        resource_path="/health",
        fqdn="www.example.com",
        request_interval=30,
        failure_threshold=3,
    ),
    tags={"stillup-failover": "www.example.com"},
)
PLAN = """
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary: {address: 203.0.113.10, check: {path: PATH, failures: FAILURES}}
    standby: {folder: maintenance}
"""


def recorded(*stretches: tuple[bool, int]) -> list[Run]:
    """Probes of one vantage, every 30 s: well or ill, and how many."""
    runs, at = [], MONDAY
    for well, probes in stretches:
        status = Status.HEALTHY if well else Status.UNHEALTHY
        runs.append(Run(CHECK.id, "us-east-1", status, at, at + 30 * (probes - 1), probes))
        at += 30 * probes
    return runs


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An engine's data folder, after four times two failures in a row."""
    write(tmp_path / FILE_NAME, recorded((True, 9), *((False, 2), (True, 9)) * 4))
    return tmp_path


def write(path: Path, runs: Sequence[Run]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
        connection.executemany(PUT_RUN, map(run_to_row, runs))
        connection.execute(PUT_ERA, era_to_row(CheckEra(CHECK.id, MONDAY, CHECK)))
        connection.commit()


def plan(folder: Path, *, failures: int = 3, path: str = "/health") -> str:
    file = folder / "stillup.yaml"
    file.write_text(PLAN.replace("FAILURES", str(failures)).replace("PATH", path))
    return str(file)


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["replay", *arguments])


def test_two_failures_instead_of_three_would_have_switched_four_times(data: Path) -> None:
    result = replay("--observations", str(data), "--failures", "2")
    assert result.exit_code == 0
    assert "as it was  switched never" in result.stdout
    assert "changed    switched 4 times" in result.stdout
    assert "Changed, it would have switched 4 times more." in result.stdout
    assert "2026-11-18 11:11:40 UTC  for 60 s" in result.stdout


def test_a_plan_is_asked_by_the_name_that_its_check_carries(data: Path) -> None:
    result = replay(plan(data, failures=2), "--observations", str(data), "--json")
    (answer,) = json.loads(result.stdout)["replays"]
    assert answer["failover"] == "www.example.com"
    assert (answer["as_it_was"]["switches"], answer["changed"]["switches"]) == (0, 4)
    assert answer["notes"] == []


def test_a_plan_that_probes_something_else_is_told_what_nobody_knows(data: Path) -> None:
    result = replay(plan(data, path="/deep"), "--observations", str(data))
    assert result.exit_code == 0
    assert "Note: the path was /health, and is /deep in the plan" in result.stderr


def test_a_part_of_the_recording_can_be_asked(data: Path) -> None:
    options = ("--since", "2026-11-18T11:10", "--until", "2026-11-18T11:15", "--failures", "2")
    result = replay("--observations", str(data), *options, "--json")
    (answer,) = json.loads(result.stdout)["replays"]
    assert answer["changed"]["switches"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--observations", "nowhere"], 1, "does not exist: give the data folder of an engine"),
        (["--check", "another"], 1, "give --check with one of:\n  11111111-2222-3333-4444-555555555555"),
        (["--since", "yesterday"], 2, "'yesterday' is no moment: write 2026-10-31"),
        (["--interval", "soon"], 2, "--interval soon: write a duration such as 10s"),
        (["--since", "2030-01-01"], 1, "nothing was seen of www.example.com in that time"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(data: Path, arguments: list[str], code: int, says: str) -> None:
    if "--observations" not in arguments:
        arguments = ["--observations", str(data), *arguments]
    result = replay(*arguments)
    assert result.exit_code == code
    assert says in result.stderr
    assert result.stdout == ""


def test_what_is_no_recording_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("not a database, but long enough to be taken for one " * 40)
    result = replay("--observations", str(tmp_path))
    assert result.exit_code == 1
    assert "file is not a database" in result.stderr

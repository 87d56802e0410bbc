"""`stillup drill`, as whoever runs it sees it: against an engine, with a plan that was applied."""

from __future__ import annotations

import json
import os
import random
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillup.plan.calls import operations_of
from stillup.plan.verb import Verb
from tests.drills.rehearsed import PROXY_ADDRESS, Rehearsed, await_line, calls, rehearsed

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("STILLUP_KILLS", "3"))
"""How many drills are killed."""
NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}


@pytest.fixture(scope="module")
def failover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    with rehearsed(tmp_path_factory.mktemp("drill")) as there:
        yield there


@pytest.mark.parametrize("method", ["invert", "instances", "command"])
def test_a_drill_fails_over_and_back_and_leaves_no_harm(
    failover: Rehearsed, tmp_path: Path, method: str
) -> None:
    page, record = tmp_path / "report.html", tmp_path / "report.json"
    with calls() as made:
        done = failover.drill(
            "--yes", "--method", method, "--report", str(page), "--report", str(record), "--json"
        )

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told == json.loads(record.read_text())
    assert {f"route53:{each}" for each in ("GetHealthCheckStatus", "ListTagsForResource")} <= made
    assert made <= operations_of(Verb.DRILL, method=method) | NEEDS_NO_PERMISSION
    assert page.read_text().lower().startswith("<!doctype html>")
    assert {each["name"] for each in told["phases"]} >= {
        "detection",
        "switch",
        "cache",
        "recovery",
        "cache back",
    }
    assert failover.harm() == []


def test_visitors_who_come_through_the_fault_proxy_are_led_away_and_back(failover: Rehearsed) -> None:
    done = failover.drill(
        *("--yes", "--method", "proxy", "--proxy-mode", "error"),
        *("--proxy-listen", f"{PROXY_ADDRESS}:{failover.port}", "--proxy-to", f"127.0.0.2:{failover.port}"),
        only="proxied.example.com",
    )

    assert done.exit_code == 0, done.output
    assert failover.harm() == []


def test_a_drill_over_budget_fails_and_says_by_how_much(failover: Rehearsed) -> None:
    done = failover.drill("--yes", "--method", "command", "--budget", "100ms")

    assert done.exit_code == 1
    assert "over budget" in done.stdout
    assert failover.harm() == []


def test_a_break_command_that_fails_is_told_and_restored_from(failover: Rehearsed) -> None:
    text = failover.plan.read_text()
    failover.plan.write_text(
        text.replace('break-command: "', 'break-command: "echo no such switch >&2; false; ')
    )
    try:
        failover.plan.write_text(failover.plan.read_text().replace("false; touch", "exit 3; touch"))
        done = failover.drill("--yes", "--method", "command")
    finally:
        failover.plan.write_text(text)

    assert done.exit_code == 1
    assert "ended with 3: no such switch" in done.stderr
    assert failover.harm() == []


def test_a_primary_that_is_ill_already_is_not_drilled(failover: Rehearsed) -> None:
    failover.account.route53.update_health_check(HealthCheckId=failover.check_id, Disabled=True)
    try:
        done = failover.drill("--yes")
    finally:
        failover.account.route53.update_health_check(HealthCheckId=failover.check_id, Disabled=False)

    assert done.exit_code == 1
    assert "is disabled and counts as healthy" in done.stderr
    assert "insist with --force" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "pass --yes"),
        (("--yes", "--method", "hope"), 2, "choose one of invert"),
        (("--yes", "--budget", "soon"), 2, "write 500ms"),
        (("--yes", "--resolver", "one:two"), 2, "write IP or IP:PORT"),
        (("--yes", "--report", "report.pdf"), 2, "the name ends with .html"),
        (("--yes", "--method", "proxy"), 1, "--proxy-listen ADDR:PORT"),
        (("--yes", "--only", "shop.example.com"), 2, "it has www.example.com"),
        (("--sandbox", "--method", "proxy"), 2, "invert or instances"),
    ],
)
def test_a_mistake_is_answered_by_what_to_do(
    failover: Rehearsed, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = failover.drill(*arguments)

    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr
    assert failover.harm() == []


def test_an_interrupted_drill_restores_first(failover: Rehearsed) -> None:
    drill = failover.fork_drill("--yes", "--method", "instances")
    await_line(drill.said, "the primary is broken")
    drill.send(signal.SIGINT)
    drill.send(signal.SIGTERM)
    code, output = drill.finish()

    assert code == 130, output
    assert "Traceback" not in output
    assert failover.harm() == []


def test_a_left_over_stops_the_next_drill_until_it_is_repaired_on_whichever_machine(
    failover: Rehearsed,
) -> None:
    drill = failover.fork_drill("--yes", "--method", "invert")
    await_line(drill.said, "the primary is broken")
    drill.kill()
    assert failover.harm() == ["inverted", "marked", "record"]

    refused = failover.drill()
    assert refused.exit_code == 1
    assert "was killed before it restored the primary" in refused.stderr
    assert "stillup drill --restore" in refused.stderr

    for record in failover.state.iterdir():  # another machine has no record of it
        record.unlink()
    refused = failover.drill()
    assert refused.exit_code == 1
    assert "bears the mark of a drill on" in refused.stderr

    with calls() as made:
        assert failover.drill("--restore").exit_code == 0
    assert made <= operations_of(Verb.DRILL) | NEEDS_NO_PERMISSION
    assert failover.harm() == []


@pytest.mark.soak
def test_killed_at_any_moment_a_drill_leaves_nothing_broken_after_the_next_start(failover: Rehearsed) -> None:
    """Each kind is killed at a moment of its own: from before the record is made to the way back."""
    die = random.Random(4)
    moments = [
        "breaking the primary",
        "the primary is broken",
        "restoring the primary",
        "the primary is restored",
    ]
    for number in range(KILLS):
        method = ("invert", "instances", "command")[number % 3]
        drill = failover.fork_drill("--yes", "--method", method)
        await_line(drill.said, moments[number % len(moments)])
        delay = die.uniform(0.0, 0.15)
        select.select([], [], [], delay)
        drill.kill()
        repaired = failover.drill("--restore")

        assert repaired.exit_code == 0, repaired.output
        assert failover.harm() == [], (method, moments[number % len(moments)], delay)

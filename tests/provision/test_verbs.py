"""`stillup plan`, `apply` and `destroy` as they are typed, against an engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from stillup.cli.app import app
from stillup.provision.account import Account
from tests.provision.typed import Typed


class Shell:
    """Types verbs, without a terminal."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.plan = typed.base / "stillup.yaml"
        self.plan.write_text(
            f"""
version: 1
where: {{endpoint-url: "{typed.account.endpoint_url}"}}
failovers:
  - name: {typed.name}
    zone: {typed.zone}
    primary: {{address: 127.0.0.1, check: {{type: tcp, port: {typed.primary()["check"]["port"]}}}}}
    standby: {{folder: site}}
    alert: {{emails: [oncall@example.com]}}
"""
        )

    def __call__(self, verb: str, *arguments: str) -> Result:
        return CliRunner().invoke(app, [verb, str(self.plan), *arguments])


@pytest.fixture
def shell(engine: Account, tmp_path: Path) -> Shell:
    return Shell(Typed.new(engine, tmp_path))


@pytest.mark.slow
def test_a_life_on_the_command_line(shell: Shell) -> None:
    planned = shell("plan")
    assert planned.exit_code == 2, planned.output
    assert "Plan: 12 to create." in planned.stdout
    assert "\x1b" not in planned.output
    applied = shell("apply", "--yes")
    assert applied.exit_code == 0, applied.output
    assert "create record/A/PRIMARY" in applied.stderr
    assert "oncall@example.com has been asked for consent" in applied.stdout
    assert "registrar" in applied.stdout
    assert shell("plan").exit_code == 0
    again = shell("apply")
    assert again.exit_code == 0, "nothing to do, so nobody is asked"
    assert "Nothing to do." in again.stdout
    destroyed = shell("destroy", "--yes", "--json")
    assert destroyed.exit_code == 0, destroyed.output
    assert json.loads(destroyed.stdout)["applied"] is True
    assert shell("plan", "--destroy").exit_code == 0


@pytest.mark.slow
def test_without_a_terminal_nobody_can_be_asked_and_nothing_is_changed(shell: Shell) -> None:
    refused = shell("apply")
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert shell("plan").exit_code == 2


@pytest.mark.slow
def test_the_plan_is_printed_for_programs_and_for_pull_requests(shell: Shell) -> None:
    printed = shell("plan", "--json")
    assert (printed.exit_code, json.loads(printed.stdout)["changes"]) == (2, 12)
    printed = shell("plan", "--markdown")
    assert (printed.exit_code, printed.stdout.startswith(f"## {shell.typed.name}")) == (2, True)


def test_a_mistake_is_told_with_what_to_do(shell: Shell, tmp_path: Path) -> None:
    unreachable = shell("plan", "--endpoint-url", "http://127.0.0.1:1")
    assert unreachable.exit_code == 1
    assert "Is the engine running" in unreachable.stderr
    unknown = shell("plan", "--profile", "nobody")
    assert unknown.exit_code == 1
    assert "list-profiles" in unknown.stderr
    (tmp_path / "site" / "index.html").unlink()
    empty = shell("plan")
    assert empty.exit_code == 1
    assert "has no index.html" in empty.stderr


@pytest.mark.slow
def test_a_zone_that_is_not_there_or_is_there_twice_is_told(shell: Shell) -> None:
    typed = shell.typed
    typed.account.route53.create_hosted_zone(Name=typed.zone, CallerReference="twice")
    twice = shell("plan")
    assert twice.exit_code == 1
    assert f"There are 2 hosted zones {typed.zone}" in twice.stderr
    assert typed.zone_id in twice.stderr
    shell.plan.write_text(shell.plan.read_text().replace(typed.zone, "nowhere.example"))
    nowhere = shell("plan")
    assert nowhere.exit_code == 1
    assert "create-hosted-zone" in nowhere.stderr

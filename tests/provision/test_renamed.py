"""What the plan calls otherwise than before: the old one is found, wherever a run ended, and goes after the new one serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stillup.cli.app import app
from stillup.provision.account import Account
from tests.provision.everything import everything
from tests.provision.interrupting import Fuse, run_with_kills
from tests.provision.typed import Typed, told

pytestmark = pytest.mark.slow


def named(typed: Typed, which: str) -> dict[str, Any]:
    """Names of one's own for everything that may have one."""
    tail = f"{which}-{typed.zone[:8]}"
    return {
        "standby": {"folder": "site", "bucket": f"maintenance-{tail}"},
        "alert": {
            "emails": ["oncall@example.com"],
            "topic": f"ops-{tail}",
            "alarm": {"name": f"alarm-{tail}", "region": "eu-west-1" if which == "old" else "us-east-1"},
        },
    }


@pytest.fixture
def fused(engine: Account, tmp_path: Path) -> Iterator[tuple[Typed, Fuse]]:
    again = Account(endpoint_url=engine.endpoint_url)
    fuse = Fuse(again)
    typed = Typed.new(again, tmp_path)
    before = everything(typed)
    yield typed, fuse
    typed.destroy()
    assert everything(typed) == before


@pytest.mark.parametrize("then", ["other names", "the usual names"])
def test_what_has_another_name_is_made_anew_and_the_old_one_goes_wherever_a_run_ends(
    fused: tuple[Typed, Fuse], then: str
) -> None:
    typed, fuse = fused
    typed.changes.update(named(typed, "old"))
    typed.apply()
    if then == "other names":
        typed.changes.update(named(typed, "new"))
    else:
        typed.changes.clear()
    assert run_with_kills(typed, fuse) > 5
    actual = typed.draw().grounds[typed.name].actual
    assert (len(actual.alarms), len(actual.topics), actual.other_buckets) == (1, 1, ())
    assert not [each for each in everything(typed)["buckets"] if "old" in each]


def test_the_new_one_serves_before_the_old_one_goes(fused: tuple[Typed, Fuse]) -> None:
    typed, _ = fused
    typed.changes.update(named(typed, "old"))
    typed.apply()
    typed.changes.clear()
    steps = [each for each in told(typed.apply()) if "object" not in each and "bucket/" not in each]
    assert steps == [
        "create bucket",
        "create topic",
        "create subscription/email/oncall@example.com",
        "create alarm",
        "delete alarm",
        "delete topic",
        "delete bucket",
    ]


def test_a_failover_that_is_renamed_is_told_of_with_the_way_to_take_it_away(
    fused: tuple[Typed, Fuse],
    tmp_path: Path,
) -> None:
    typed, _ = fused
    typed.apply()
    renamed = replace(typed, changes={"name": f"web.{typed.zone}"})
    (failover,) = renamed.draw().plan.failovers
    (note,) = [each for each in failover.notes if typed.name in each]
    assert "stillup import" in note
    cli = CliRunner()
    there = ["--endpoint-url", typed.account.endpoint_url or ""]
    written = cli.invoke(app, ["import", typed.name, *there, "--output", str(tmp_path / "old.yaml")])
    assert written.exit_code == 0, written.output
    gone = cli.invoke(app, ["destroy", str(tmp_path / "old.yaml"), *there, "--yes", "--force"])
    assert gone.exit_code == 0, gone.output
    assert told(typed.draw(destroy=True).plan.steps) == []

"""`stillup lint` as its users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stillup.lint.catalogue import RULES
from stillup.lint.examples import SITE, plan
from tests.cli.running import stillup

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the plan file and its standby are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maintenance").mkdir()
    for key, text in SITE.items():
        (tmp_path / "maintenance" / key).write_text(text)
    return tmp_path


def test_a_sound_plan_ends_with_zero(folder: Path) -> None:
    (folder / "stillup.yaml").write_text(plan())

    done = stillup("lint")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing found in 1 failover")


def test_findings_end_with_one_and_stand_at_their_lines(folder: Path) -> None:
    (folder / "stillup.yaml").write_text(plan(more="ttl: 300"))

    done = stillup("lint")

    assert done.exit_code == 1
    assert "stillup.yaml:8: warning SU001" in done.stdout


@pytest.mark.parametrize(("threshold", "code"), [("never", 0), ("error", 0), ("warning", 1), ("note", 1)])
def test_the_exit_code_follows_the_threshold(folder: Path, threshold: str, code: int) -> None:
    (folder / "stillup.yaml").write_text(plan(more="ttl: 300"))

    assert stillup("lint", "--fail-on", threshold).exit_code == code


def test_a_note_alone_is_no_failure(folder: Path) -> None:
    standby = (
        "alias: {zone-id: Z3AQBSTGFYJSTF, name: www.example.com.s3-website-us-east-1.amazonaws.com, "
        "evaluate-target-health: false}"
    )
    (folder / "stillup.yaml").write_text(plan(standby=standby))

    done = stillup("lint")

    assert done.exit_code == 0
    assert "note SU005" in done.stdout


def test_json_and_sarif_are_json_and_nothing_else_is_on_standard_output(folder: Path) -> None:
    (folder / "plan.yaml").write_text(plan(more="ttl: 300"))

    assert json.loads(stillup("lint", "plan.yaml", "--json").stdout)["summary"]["warnings"] == 1
    sarif = json.loads(stillup("lint", "plan.yaml", "--format", "sarif").stdout)
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["SU001"]


def test_github_gets_a_line_for_each_finding(folder: Path) -> None:
    (folder / "stillup.yaml").write_text(plan(more="ttl: 300", alert=None))

    lines = stillup("lint", "--format", "github").stdout.splitlines()

    assert [line.partition(" ")[0] for line in lines] == ["::warning", "::warning"]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_is_empty_or_not_there_is_a_finding(is_there: bool, folder: Path) -> None:
    (folder / "stillup.yaml").write_text(plan(standby="folder: elsewhere"))
    if is_there:
        (folder / "elsewhere").mkdir()

    assert "error SU201 Standby without a front page: the folder elsewhere is empty, or not there" in (
        stillup("lint").stdout
    )


def test_the_endpoint_of_the_command_line_makes_it_a_plan_for_an_engine(folder: Path) -> None:
    (folder / "stillup.yaml").write_text(plan(primary="address: 10.0.0.5", more="failback: held"))

    assert stillup("lint").exit_code == 1
    assert stillup("lint", "--endpoint-url", "http://127.0.0.1:4566").exit_code == 0


def test_a_plan_that_does_not_read_is_told_on_standard_error(folder: Path) -> None:
    (folder / "stillup.yaml").write_text(plan(more="tll: 300"))

    done = stillup("lint", "--json")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "stillup.yaml:8:" in done.stderr


def test_every_rule_is_listed_and_explained() -> None:
    assert len(stillup("lint", "--rules").stdout.splitlines()) == len(RULES)
    assert json.loads(stillup("lint", "--rules", "--json").stdout)[0]["id"] == "SU001"
    assert stillup("lint", "--explain", "su003").stdout.startswith("SU003 Bucket with another name (error)")


def test_a_rule_that_does_not_exist_is_wrong_use() -> None:
    done = stillup("lint", "--explain", "SU1")

    assert done.exit_code == 2
    assert "there is no rule SU1" in done.stderr

"""`stillup init` writes a plan file that reads, or says what it lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillup.plan.file.read import Document, read_plan
from tests.cli.running import in_terminal, stillup

FLAGS = (
    *("--name", "www.example.com", "--zone", "example.com", "--primary", "203.0.113.10", "--path", "/health"),
    *("--standby", "maintenance", "--email", "oncall@example.com"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plan_in(path: Path) -> Document:
    document = read_plan(path.read_text(encoding="utf-8"), source=str(path))
    assert isinstance(document, Document)
    return document


def test_flags_make_a_plan_and_a_page(folder: Path) -> None:
    ended = stillup("init", *FLAGS)
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert "Wrote stillup.yaml" in ended.stderr
    assert "Made maintenance/index.html" in ended.stderr
    (failover,) = plan_in(folder / "stillup.yaml").plan.failovers
    assert failover.standby.folder == "maintenance"
    page = (folder / "maintenance" / "index.html").read_text(encoding="utf-8")
    assert "www.example.com cannot be reached" in page
    assert "http://" not in page
    assert "https://" not in page


def test_what_it_writes_is_linted_without_a_word() -> None:
    stillup("init", *FLAGS)
    linted = stillup("lint", "--json")
    assert linted.exit_code == 0, linted.output


def test_a_plan_file_that_is_there_stays_unless_forced(folder: Path) -> None:
    (folder / "stillup.yaml").write_text("mine", encoding="utf-8")
    ended = stillup("init", *FLAGS)
    assert ended.exit_code == 1
    assert "--force" in ended.stderr
    assert (folder / "stillup.yaml").read_text(encoding="utf-8") == "mine"
    assert stillup("init", *FLAGS, "--force").exit_code == 0
    plan_in(folder / "stillup.yaml")


def test_a_page_that_is_there_stays(folder: Path) -> None:
    (folder / "maintenance").mkdir()
    (folder / "maintenance" / "index.html").write_text("mine", encoding="utf-8")
    assert stillup("init", *FLAGS, "--force").exit_code == 0
    assert (folder / "maintenance" / "index.html").read_text(encoding="utf-8") == "mine"


def test_the_folder_is_named_as_the_plan_file_sees_it(folder: Path) -> None:
    (folder / "infra").mkdir()
    stillup("init", *FLAGS, "--output", "infra/www.yaml")
    assert plan_in(folder / "infra" / "www.yaml").plan.failovers[0].standby.folder == "../maintenance"


def test_a_dash_writes_to_standard_output(folder: Path) -> None:
    ended = stillup("init", *FLAGS, "--output", "-")
    assert isinstance(read_plan(ended.stdout, source="-"), Document)
    assert not (folder / "stillup.yaml").exists()


def test_json_tells_what_was_written(folder: Path) -> None:
    told = json.loads(stillup("init", *FLAGS, "--json").stdout)
    assert told["plan"] == "stillup.yaml"
    assert told["text"] == (folder / "stillup.yaml").read_text(encoding="utf-8")
    assert told["made"] == ["maintenance/index.html"]


def test_without_a_terminal_what_is_missing_is_named(folder: Path) -> None:
    ended = stillup("init", "--name", "www.example.com")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "--primary, --standby" in ended.stderr
    assert not list(folder.iterdir())


def test_all_wrong_flags_are_told_at_once_and_nothing_is_written(folder: Path) -> None:
    ended = stillup(
        *("init", "--name", "www.example.com", "--zone", "example.org", "--primary", "203.0.113.300"),
        *("--standby", "site", "--email", "nobody", "--interval", "soon"),
    )
    assert ended.exit_code == 2
    assert [line.split(": ")[1] for line in ended.stderr.splitlines()] == [
        "--name",
        "--primary",
        "--interval",
        "--email",
    ]
    assert not list(folder.iterdir())


@pytest.mark.slow
def test_in_a_terminal_it_asks_until_an_answer_makes_sense(folder: Path) -> None:
    answers = [
        "www exa",
        "www.example.com",
        "",
        "203.0.113.300",
        "203.0.113.10",
        "",
        "/up",
        "",
        "nobody",
        "a@b.org",
    ]
    code, said = in_terminal(["init"], answers, folder=folder)
    assert code == 0, said
    assert said.count("Name that visitors type") == 2
    assert "`203.0.113.300` is no IP address" in said
    assert "is no e-mail address" in said
    (failover,) = plan_in(folder / "stillup.yaml").plan.failovers
    assert (failover.name, failover.zone) == ("www.example.com", "example.com")
    assert failover.primary.check is not None
    assert failover.primary.check.path == "/up"
    assert failover.alert is not None
    assert failover.alert.emails == ("a@b.org",)

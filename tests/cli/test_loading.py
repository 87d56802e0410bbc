"""What a verb does with the plan file that it is given, before it does anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from stillup.cli.loading import load

PLAN = """\
version: 1
where: {region: eu-west-1, profile: shop}
failovers:
  - name: www.example.com
    zone: example.com
    primary: {address: 203.0.113.10, check: {path: /health}}
    standby: {folder: maintenance}
  - name: api.example.com
    zone: example.com
    primary: {address: 203.0.113.11, check: {path: /health}}
    standby: {folder: maintenance}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "stillup.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_flags_win_over_what_the_file_says(plan: Path) -> None:
    loaded = load(plan, region="eu-west-3", endpoint_url="http://127.0.0.1:4566")
    assert loaded.where.profile == "shop"
    assert loaded.where.region == "eu-west-3"
    assert loaded.account.endpoint_url == "http://127.0.0.1:4566"
    assert loaded.folder == plan.parent


def test_only_names_failovers_however_they_are_spelled(plan: Path) -> None:
    assert [each.name for each in load(plan, only=["API.example.com."]).failovers] == ["api.example.com"]
    assert len(load(plan).failovers) == 2


def test_a_failover_that_is_not_in_the_file_is_wrong_use(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        load(plan, only=["shop.example.com"])
    assert ended.value.exit_code == 2
    assert "no failover shop.example.com" in capsys.readouterr().err


def test_a_missing_file_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        load(tmp_path / "stillup.yaml")
    assert ended.value.exit_code == 1
    assert "`stillup init` writes one" in capsys.readouterr().err


def test_a_folder_in_place_of_a_file_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        load(tmp_path)
    assert "is a folder" in capsys.readouterr().err


def test_all_errors_are_on_standard_error_with_their_lines(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN.replace("{path: /health}", "{pth: /health}"), encoding="utf-8")
    with pytest.raises(typer.Exit) as ended:
        load(plan)
    assert ended.value.exit_code == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"{plan}:6:46: failovers[0].primary.check.pth: unknown key; did you mean `path`?",
        f"{plan}:10:46: failovers[1].primary.check.pth: unknown key; did you mean `path`?",
    ]


def test_what_is_no_text_is_said_to_be_none(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_bytes(b"\xff\xfe\x00version")
    with pytest.raises(typer.Exit):
        load(plan)
    assert "UTF-8" in capsys.readouterr().err

"""The command line as a whole: help that reads well, shells that complete it, nothing for a terminal where there is none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillup.cli.app import SECTIONS
from tests.cli.running import stillup

VERBS = [verb for verbs in SECTIONS.values() for verb, _, _ in verbs]
PLAN = """\
version: 1
failovers:
  - {name: www.example.com, zone: example.com, primary: {address: 192.0.2.1}, standby: {folder: site}}
  - {name: api.example.com, zone: example.com, primary: {address: 192.0.2.2}, standby: {folder: api}}
"""
ERASURE = "\x1b"
WITHOUT_JSON = ("", "demo", "serve")
"""Those that run for good print lines for people, or logs."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "stillup.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "notes.txt").touch()
    (tmp_path / "site").mkdir()
    (tmp_path / "aws").write_text("[default]\n[profile shop]\n[sso-session x]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    return tmp_path


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_reads_well_at_every_width(verb: str, width: int) -> None:
    ended = stillup(*verb.split(), "--help", env={"COLUMNS": str(width)})
    assert (ended.exit_code, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert "[[" not in ended.stdout
    assert ERASURE not in ended.stdout
    options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)(?: \S+)*?(?:  +(\S)|$)", ended.stdout, re.MULTILINE)
    assert "--help" in dict(options)
    assert "--json" in dict(options) or verb in WITHOUT_JSON


def test_help_without_a_terminal_has_no_control_codes_whatever_the_environment_says() -> None:
    forced = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    ended = subprocess.run(
        [sys.executable, "-m", "stillup", "--help"], env=forced, capture_output=True, check=True
    )
    assert b"\x1b" not in ended.stdout + ended.stderr
    assert b"Usage: stillup" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lnit"], "Did you mean 'lint'"),
        (["plan", "--nope"], "No such option: --nope"),
        (["why"], "Missing argument"),
        (["watch", "--every", "soon"], "--every"),
    ],
)
def test_wrong_use_is_told_on_standard_error(arguments: list[str], said: str) -> None:
    ended = stillup(*arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert ERASURE not in ended.stderr


@pytest.mark.parametrize("verb", ["lint", "plan", "apply", "destroy", "policy", "status", "watch", "drill"])
def test_a_plan_file_that_does_not_read_is_told_with_its_lines(verb: str, folder: Path) -> None:
    (folder / "stillup.yaml").write_text(PLAN.replace("zone", "zome"), encoding="utf-8")
    ended = stillup(verb)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "stillup.yaml:3:29: failovers[0].zome: unknown key; did you mean `zone`?",
        "stillup.yaml:4:29: failovers[1].zome: unknown key; did you mean `zone`?",
    ]


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"stillup \d+\.\d+\.\d+\n", stillup("--version").stdout)


def completed(shell: str, line: str) -> str:
    """What the program offers a shell for this line, by typer's protocol."""
    env = {"_STILLUP_COMPLETE": f"complete_{shell}"}
    if shell == "bash":
        env |= {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    else:
        env |= {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return stillup(env=env).stdout


@pytest.mark.parametrize(
    ("line", "offered", "withheld"),
    [
        ("stillup plan --ad", "--adopt", "--json"),
        ("stillup plan s", "stillup.yaml", "notes.txt"),
        ("stillup plan s", "site/", "notes.txt"),
        ("stillup why ", "www.example.com", "stillup.yaml"),
        ("stillup apply --profile s", "shop", "default"),
        ("stillup apply --region eu-west-", "eu-west-3", "us-east-1"),
        ("stillup lint --explain SU00", "SU001", "SU101"),
        ("stillup lint --format s", "sarif", "github"),
        ("stillup init --standby s", "site/", "stillup.yaml"),
    ],
)
def test_a_shell_is_offered_what_fits(line: str, offered: str, withheld: str) -> None:
    words = completed("fish", line).split()
    assert offered in words
    assert withheld not in words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_completes_verbs_and_names(shell: str) -> None:
    verbs = re.findall(r"[\w./-]+", completed(shell, "stillup de"))
    assert "destroy" in verbs
    assert "drill" not in verbs
    names = re.findall(r"[\w./-]+", completed(shell, "stillup plan --only a"))
    assert "api.example.com" in names
    assert "www.example.com" not in names


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_plan_file_that_does_not_read_offers_nothing_and_says_nothing(shell: str, folder: Path) -> None:
    (folder / "stillup.yaml").write_text("a: [", encoding="utf-8")
    assert completed(shell, "stillup why w").strip() in ("", "_files")


@pytest.mark.parametrize(
    ("shell", "said"),
    [("bash", "complete -o default"), ("zsh", "#compdef stillup"), ("fish", "complete --command stillup")],
)
def test_a_shell_is_told_how_to_complete(shell: str, said: str) -> None:
    assert said in stillup(env={"_STILLUP_COMPLETE": f"source_{shell}"}).stdout


def test_help_waits_for_nothing_heavy() -> None:
    heavy = "{'boto3', 'botocore', 'pydantic', 'jinja2', 'dns', 'stillup.engine.assemble'}"
    program = f"import sys, stillup.cli.app; print(sorted({heavy} & sys.modules.keys()))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_an_endpoint_that_is_no_url_is_wrong_use() -> None:
    done = stillup("plan", "--endpoint-url", "127.0.0.1:4566")
    assert done.exit_code == 2
    assert "write http://127.0.0.1:4566" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_told_without_a_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "stillup", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "stillup: the output cannot be written: No space left on device\n"

"""Whatever is typed wrongly: one message on standard error that says what to do, the right exit code, nothing changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from stillup.drill.engine_process import EngineProcess, Listeners
from tests.cli.running import stillup

SOUND = """\
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary:
      address: 203.0.113.10
      check: {path: /health}
    standby:
      folder: site
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listeners]:
    """An engine without a zone. Its site is a web server that does not speak AWS's protocols."""
    work = tmp_path_factory.mktemp("engine")
    arguments = [word for flag in ("--dns", "--api", "--site", "--console") for word in (flag, "127.0.0.1:0")]
    with EngineProcess([*arguments, "--data", str(work / "data")], log=work / "engine.log") as running:
        yield running.listeners


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stillup.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<title>Sorry</title>Back soon.", encoding="utf-8")
    (tmp_path / "broken.ini").write_text("no section", encoding="utf-8")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_told(ended: Result, *said: str, code: int) -> None:
    assert ended.exit_code == code, ended.output
    assert ended.stdout == ""
    assert isinstance(ended.exception, SystemExit), ended.exception
    for each in said:
        assert each in " ".join(ended.stderr.split())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "`stillup init` writes a first one"),
        (SOUND.encode("utf-16"), "save it as UTF-8"),
        (SOUND.encode("utf-16-be"), "save it as UTF-8"),
        (SOUND.replace("    zone", "   zone").encode(), "4:4: no YAML: this line is not indented"),
        (SOUND.replace("    primary", "  primary").encode(), "5:3: no YAML: this line is not indented"),
        (SOUND.encode() + b"---\n" + SOUND.encode(), "all failovers stand in one list"),
        (
            SOUND.replace("failovers:", 'where: {endpoint-url: "http://h:99999"}\nfailovers:').encode(),
            "no URL",
        ),
        (
            SOUND.replace("failovers:", "silence: [{rule: X, reason: because}]\nfailovers:").encode(),
            "--rules",
        ),
    ],
    ids=[
        "empty",
        "utf-16",
        "utf-16-be",
        "too little indented",
        "of another block",
        "two documents",
        "port",
        "rule",
    ],
)
@pytest.mark.parametrize("verb", ["lint", "plan"])
def test_a_plan_file_that_does_not_read_says_where_and_what_to_do(
    verb: str, content: bytes, said: str, folder: Path
) -> None:
    (folder / "stillup.yaml").write_bytes(content)
    assert_told(stillup(verb), said, code=1)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--endpoint-url", "127.0.0.1:4566"], "write http://127.0.0.1:4566"),
        (["--endpoint-url", "http://"], "write http://127.0.0.1:4566"),
        (["--endpoint-url", "http://[::1"], "write http://127.0.0.1:4566"),
        (["--endpoint-url", "http://127.0.0.1:99999"], "write http://127.0.0.1:4566"),
        (["--endpoint-url", "http://127.0.0.1:port"], "write http://127.0.0.1:4566"),
        (["--region", ""], "no name of an AWS Region, such as us-east-1"),
        (["--region", "EU West"], "no name of an AWS Region, such as us-east-1"),
        (["--profile", ""], "must not be empty"),
    ],
)
@pytest.mark.parametrize("verb", ["plan", "why"])
def test_flags_that_make_no_sense_are_wrong_use(verb: str, flags: list[str], said: str) -> None:
    assert_told(stillup(verb, *(["www.example.com"] if verb == "why" else []), *flags), said, code=2)


@pytest.mark.parametrize("verb", ["plan", "status", "lint --live"])
def test_what_is_no_api_is_told_by_every_verb(verb: str, engine: Listeners) -> None:
    url = f"http://{engine.site}"
    assert_told(stillup(*verb.split(), "--endpoint-url", url), "does not speak AWS", "serve --api", code=1)


def test_tls_where_there_is_none_is_told(engine: Listeners) -> None:
    url = engine.endpoint_url.replace("http:", "https:")
    assert_told(stillup("plan", "--endpoint-url", url), "begin with http://", "AWS_CA_BUNDLE", code=1)


@pytest.mark.parametrize("verb", ["plan", "apply --yes", "status", "drill --yes"])
def test_a_zone_that_is_not_there_comes_with_the_command_that_makes_it(verb: str, engine: Listeners) -> None:
    ended = stillup(*verb.split(), "--endpoint-url", engine.endpoint_url)
    command = f'create-hosted-zone --name example.com --caller-reference "$(date)" --endpoint-url {engine.endpoint_url}`'
    assert_told(ended, command, code=1)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("nowhere/x.yaml", "nowhere/x.yaml cannot be written: there is no folder nowhere"),
        ("site", "site is a folder: name the file in it"),
        ("stillup.yaml", "stillup.yaml is there already: --force overwrites it"),
    ],
)
def test_a_plan_file_that_has_no_place_is_told_before_an_account_is_read(output: str, said: str) -> None:
    assert_told(stillup("import", "www.example.com", "--output", output), said, code=1)


def test_a_report_that_has_no_place_is_told_before_the_drill() -> None:
    assert_told(stillup("drill", "--sandbox", "--report", "nowhere/x.html"), "no folder nowhere", code=2)


@pytest.mark.parametrize("name", ["not a name", ""])
@pytest.mark.parametrize("verb", ["why", "import"])
def test_what_is_no_name_is_told_before_anybody_is_asked(verb: str, name: str) -> None:
    assert_told(stillup(verb, name), "is no domain name", code=2)


def test_a_zone_whose_id_is_wrong_comes_with_the_command_that_tells_ids(
    folder: Path, engine: Listeners
) -> None:
    (folder / "stillup.yaml").write_text(SOUND.replace("zone: example.com", "zone: Z0123456789"))
    ended = stillup("plan", "--endpoint-url", engine.endpoint_url)
    assert_told(ended, "Z0123456789. Correct `zone`", "list-hosted-zones", code=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["why", "www.example.com", "--dns", "x"], "no address and port, such as 127.0.0.1:5300"),
        (["import", "www.example.com", "--dns", "x"], "no address and port, such as 127.0.0.1:5300"),
        (["why", "www.example.com", "--visit", "ftp://x"], "begins with http:// or https://"),
        (["policy", "--account-id", "12"], "no id of an account, such as 123456789012"),
        (["plan", "--json", "--markdown"], "choose one"),
        (["policy", "--verb", "x"], "'--verb': 'x' is not one of 'plan', "),
        (["watch", "--every", "0"], "'--every': must be 0.2 or more, not `0`"),
        (["init", "--port", "x"], "'--port': must be a whole number, not `x`"),
    ],
)
def test_what_only_some_verbs_take_is_judged_as_well(arguments: list[str], said: str) -> None:
    assert_told(stillup(*arguments), said, code=2)


def test_a_configuration_of_aws_that_does_not_read_is_named(
    folder: Path, engine: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "broken.ini"))
    assert_told(
        stillup("plan", "--endpoint-url", engine.endpoint_url), "broken.ini", "Correct the file", code=1
    )


def test_what_a_terminal_cannot_show_is_told_by_its_number(folder: Path) -> None:
    (folder / "stillup.yaml").write_text(SOUND.replace("/health", "“/health”"), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "stillup", "lint"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, b"")
    assert b"SU114" in ended.stdout
    assert b"\\u201c" in ended.stdout

"""The documentation is true: what it lists exists, what exists is listed, what it tells one to type works."""

from __future__ import annotations

import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from stillup.cli.app import app
from stillup.drill.engine_process import EngineProcess, Listeners
from stillup.engine import config
from stillup.engine.api.operations import OPERATIONS
from stillup.engine.api.sns.delivery_attributes import delivery_attributes
from stillup.engine.ports import DeliveryReport
from stillup.rules.health import refinements
from stillup.rules.topics import heartbeat

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TITLES = {
    "Route 53": "route53",
    "S3": "s3",
    "EC2": "ec2",
    "STS": "sts",
    "IAM": "iam",
    "CloudWatch": "cloudwatch",
    "SNS": "sns",
    "SQS": "sqs",
}


def _tags_of(text: str) -> set[str]:
    return set(re.findall(r"`(stillup:[a-z-]+)`", text))


@functools.cache
def _help_of_serve() -> str:
    return subprocess.run(
        [sys.executable, "-m", "stillup", "serve", "--help"],
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def _commands(page: Path) -> Iterator[str]:
    """What the page has one type, in blocks and within sentences."""
    text = page.read_text().replace("\\\n", " ")
    blocks = "\n".join(re.findall(r"```bash\n(.*?)```", text, re.DOTALL))
    yield from re.findall(r"^stillup [a-z].*$", blocks, re.MULTILINE)
    yield from re.findall(r"`(stillup [a-z]+ [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_command_line_takes_what_the_pages_have_one_type(page: Path) -> None:
    verbs = typer.main.get_command(app).commands
    for command in _commands(page):
        verb, *words = shlex.split(command.partition(" > ")[0].removeprefix("stillup "), comments=True)
        verbs[verb].make_context(verb, words)


@pytest.mark.parametrize(("title", "service"), TITLES.items())
def test_the_api_page_lists_every_operation_that_is_built(title: str, service: str) -> None:
    page = (ROOT / "docs/reference/api.md").read_text()
    section = page.partition(f"## {title}\n")[2].partition("\n## ")[0]

    assert re.findall(r"^\* `(\w+)`$", section, re.MULTILINE) == sorted(OPERATIONS[service])


def test_the_page_on_tags_has_the_tags_that_there_are() -> None:
    page = (ROOT / "docs/reference/tags.md").read_text()

    assert _tags_of(page) == _tags_of(refinements.__doc__ or "")


def test_the_page_on_serve_has_every_flag_and_variable() -> None:
    page = (ROOT / "docs/reference/serve.md").read_text()
    told = _help_of_serve()
    flags = set(re.findall(r"--[a-z][a-z-]+", told)) - {"--help"}

    assert flags <= set(re.findall(r"--[a-z][a-z-]+", page))
    assert {f"STILLUP_{flag[2:].upper().replace('-', '_')}" for flag in flags} <= set(
        re.findall(r"STILLUP_[A-Z_]+", page)
    )


def test_the_defaults_that_help_tells_are_those_that_hold() -> None:
    told = " ".join(_help_of_serve().split())
    chosen = config.load({}, {}, lambda _: "")
    assert isinstance(chosen, config.ServeConfig)

    assert dict(re.findall(r"--([a-z-]+) (?:(?!--)[^[])*\[default: \((.*?)\)\]", told)) == {
        "data": str(chosen.data),
        "dns": ",".join(map(str, chosen.dns)),
        "api": str(chosen.api),
        "site": str(chosen.site),
        "console": str(chosen.console),
        "site-address": "the site's own",
        "clock-rate": f"{chosen.clock_rate:g}",
        "mail-from": "stillup@ and the host's name",
        "heartbeat-interval": f"{chosen.heartbeat_interval:g}",
        "api-url": "where it listens",
        "console-url": "where it listens",
        "probe-allow": "everything",
        "probe-deny": "nothing",
    }


def test_the_example_of_a_config_file_is_accepted() -> None:
    page = (ROOT / "docs/reference/serve.md").read_text()
    example = page.partition("```toml\n")[2].partition("```")[0]

    chosen = config.load({"config": "x.toml"}, {}, lambda _: example)

    assert isinstance(chosen, config.ServeConfig)
    assert [instance.id for instance in chosen.instances] == ["i-0123456789abcdef0"]


@dataclass(frozen=True)
class Shell:
    """Where the commands of the documentation are typed."""

    listeners: Listeners
    aws_folder: Path

    def type(self, script: str) -> str:
        """What these commands print, with the engine's ports in place of the default ones."""
        for default, actual in (
            ("127.0.0.1:4566", str(self.listeners.api)),
            ("-p 5300", f"-p {self.listeners.dns.port}"),
        ):
            script = script.replace(default, actual)
        environment = {
            "PATH": f"{self.aws_folder}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "AWS_PAGER": "",
            "AWS_ENDPOINT_URL": self.listeners.endpoint_url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
        }
        done = subprocess.run(
            ["bash", "-euc", script], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, aws_folder: Path) -> Iterator[Shell]:
    """A shell beside an engine of its own."""
    work = tmp_path_factory.mktemp("docs")
    addresses = [word for flag in ("--dns", "--api", "--site", "--console") for word in (flag, "127.0.0.1:0")]
    with EngineProcess([*addresses, "--data", str(work / "data")], log=work / "log") as engine:
        yield Shell(engine.listeners, aws_folder)


def _blocks(page: str) -> list[str]:
    return re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


@pytest.mark.slow
def test_the_commands_of_the_readme_work_as_they_stand(shell: Shell) -> None:
    block = next(each for each in _blocks("README.md") if "create-hosted-zone" in each)
    if not _has("dig"):
        block = "\n".join(line for line in block.splitlines() if not line.startswith("dig"))

    printed = shell.type(block)

    assert '"Name": "example.com."' in printed
    assert "awsdns-hostmaster.amazon.com." in printed or not _has("dig")


@pytest.mark.slow
def test_the_commands_of_the_page_on_tags_work_as_they_stand(shell: Shell) -> None:
    create = (
        "aws route53 create-health-check --caller-reference tags --query HealthCheck.Id --output text "
        "--health-check-config Type=TCP,IPAddress=127.0.0.1,Port=9"
    )
    check_id = shell.type(create).strip()
    for block in _blocks("docs/reference/tags.md"):
        shell.type(block.replace("--resource-id ID", f"--resource-id {check_id}"))

    told = shell.type(
        f"aws route53 list-tags-for-resource --resource-type healthcheck --resource-id {check_id}"
    )
    assert _tags_of(told.replace('"', "`")) >= {"stillup:latch", "stillup:interval"}


@pytest.mark.slow
def test_the_commands_of_the_page_on_dead_letters_work_as_they_stand(shell: Shell) -> None:
    printed = shell.type("".join(_blocks("docs/how-to/dead-letters.md")))

    assert '"stillup:DeadLetters": "0"' in printed
    assert '"ApproximateNumberOfMessagesMoved": 0' in printed


@pytest.mark.slow
def test_the_commands_of_the_page_on_being_told_work_as_they_stand(shell: Shell) -> None:
    create = (
        "aws route53 create-health-check --caller-reference told --query HealthCheck.Id --output text "
        "--health-check-config Type=TCP,IPAddress=127.0.0.1,Port=9"
    )
    script = "".join(_blocks("docs/how-to/be-told.md"))
    for text, here in (
        ("YOUR_HEALTH_CHECK_ID", shell.type(create).strip()),
        ("https://hooks.example.com/", "https://127.0.0.1:9/"),
    ):
        assert text in script
        script = script.replace(text, here)

    printed = shell.type(script)
    alarm = shell.type("aws cloudwatch describe-alarms --alarm-names primary-is-down")

    assert '"stillup:DeadLetters": "0"' in printed
    assert printed.count('"SubscriptionArn": "pending confirmation"') == 2
    assert '"TreatMissingData": "breaching"' in alarm


def test_the_page_on_metrics_has_every_figure_that_there_is() -> None:
    page = (ROOT / "docs/reference/metrics.md").read_text()
    sources = (path.read_text() for path in (ROOT / "src/stillup/engine").rglob("*.py"))
    figures = {name for source in sources for name in re.findall(r'"(stillup_[a-z_]+)"', source)}

    assert figures == set(re.findall(r"^\| `(stillup_\w+)`", page, re.MULTILINE))


def test_the_page_on_topics_has_the_attributes_and_tags_that_there_are() -> None:
    page = (ROOT / "docs/reference/topics.md").read_text()
    report = DeliveryReport(last_delivered_at=0.0, last_failure_at=0.0)

    assert set(re.findall(r"`(stillup:[A-Z]\w+)`", page)) == set(delivery_attributes([report]))
    assert _tags_of(page) == _tags_of(heartbeat.__doc__ or "")


def _has(program: str) -> bool:
    return shutil.which(program) is not None

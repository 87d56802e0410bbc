"""The guide, step by step, against `stillup serve`, with the ordinary `aws` command and `dig`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from stillup.drill.demo.letterbox import token_in
from stillup.drill.engine_process import EngineProcess
from tests.aws_command.command import aws_command
from tests.drills import guide, permissions
from tests.drills.guide import Operator
from tests.drills.mailbox import Mailbox, link_in, press_the_button, text_of

RATE = 20.0
"""Engine seconds per second: the guide's 30 s interval is waited for in one and a half."""
DOWN = (60.0, 90.0)
UP = (60.0, 90.0)
"""HC-27's bounds in engine seconds, for a refused connection, interval 30 and threshold 3."""
SLACK = 25.0
"""Engine seconds: what `dig`, stopping a process and a busy machine may take of them."""
TOLD_WITHIN = 60.0 + 60.0 + SLACK
"""The alarm's period, the minute at whose end it is evaluated (CW-13), and the same slack."""

ALARM_SUBJECT = 'ALARM: "EC2-HealthCheck-Failed" in US East (N. Virginia)'
RECOVERY_SUBJECT = 'OK: "EC2-HealthCheck-Failed" in US East (N. Virginia)'
ROOT = ("AKIAROOTROOTROOTROOT", "the-roots-secret-of-forty-characters-long")

needs_dig = pytest.mark.skipif(shutil.which("dig") is None, reason="needs dig (Debian: bind9-dnsutils)")


@dataclass(frozen=True)
class Scene:
    """An engine to which the guide is applied, and where its figures are found in this scene."""

    operator: Operator
    primary: str
    backup: str
    dig: str
    page: str
    zone: str
    confirm: Callable[[], None]
    """Does what the mail to the on-call person asks for."""
    await_mail: Callable[[str, float], object]
    """Waits for a mail whose subject contains this, for so many real seconds."""


def _play(scene: Scene) -> None:
    operator = scene.operator
    ids = guide.follow_steps_1_to_3(operator, scene.zone)
    guide.follow_step_4(operator, ids, scene.confirm)

    def dig() -> str:
        return operator.run(scene.dig)

    def engine_time() -> float:
        return time.monotonic() * RATE

    assert dig().strip() == scene.primary
    table = ""
    while table.count("Success: HTTP Status Code 200, OK") < 3:
        table = operator.run(guide.HEALTH_CHECK_STATUS, ids)
    assert all(region in table for region in ("us-east-1", "us-west-2", "eu-west-1"))

    before = engine_time()
    stopping = json.loads(operator.run(guide.STOP))["StoppingInstances"]
    stopped = engine_time()
    assert stopping[0]["PreviousState"]["Name"] == "running"
    switched = guide.await_answer(dig, scene.backup, engine_time, within=DOWN[1] + SLACK)
    assert switched - before >= DOWN[0]
    assert "backup" in operator.run(scene.page)
    scene.await_mail(ALARM_SUBJECT, TOLD_WITHIN / RATE)

    before = engine_time()
    operator.run(guide.START)
    started = engine_time()
    returned = guide.await_answer(dig, scene.primary, engine_time, within=UP[1] + SLACK)
    assert returned - before >= UP[0]
    scene.await_mail(RECOVERY_SUBJECT, TOLD_WITHIN / RATE)
    print(f"engine seconds: down after {switched - stopped:.0f}, up after {returned - started:.0f}")


@needs_dig
@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.skipif(
    os.geteuid() == 0 and "STILLUP_SOAK_SECONDS" not in os.environ,
    reason="where there is root, the guide runs as written, which shows the same; `make soak` runs both",
)
def test_the_guide_runs_on_loopback_without_root(
    tmp_path: Path, free_pair_port: int, aws_folder: Path
) -> None:
    port = free_pair_port
    arguments = [
        *("--config", str(guide.config_with_primary(tmp_path / "stillup.toml", "127.0.0.2", port))),
        *("--data", str(tmp_path / "data"), "--clock-rate", str(RATE)),
        *("--dns", "127.0.0.1:0", "--api", "127.0.0.1:0", "--console", "127.0.0.1:0"),
        *("--site", f"127.0.0.3:{port}", "--site-address", "127.0.0.3"),
    ]
    with Mailbox() as mailbox:
        arguments += ["--smtp", mailbox.url]
        with EngineProcess(arguments, log=tmp_path / "engine.log") as engine:
            operator = Operator(
                tmp_path,
                engine.listeners.endpoint_url,
                {"203.0.113.10": "127.0.0.2", '"Port": 80': f'"Port": {port}'},
                aws_folder,
            )
            dns = engine.listeners.dns
            _play(
                Scene(
                    operator,
                    primary="127.0.0.2",
                    backup="127.0.0.3",
                    dig=f"dig @{dns.host} -p {dns.port} www.example.com +short",
                    page=_fetch(f"http://127.0.0.3:{port}/"),
                    zone=guide.make_zone(operator),
                    confirm=partial(_confirm, operator, mailbox),
                    await_mail=mailbox.await_mail,
                )
            )
            with urllib.request.urlopen(f"http://{engine.listeners.console}/metrics") as metrics:
                assert b'stillup_deliveries_total{outcome="delivered",protocol="email"}' in metrics.read()
    _, alarm, recovery = mailbox.mails
    for word in ("www.example.com", "http://127.0.0.2", "127.0.0.3", "us-east-1", "us-west-2", "eu-west-1"):
        assert word in text_of(alarm)
    assert "www.example.com" in text_of(recovery)


def _confirm(operator: Operator, mailbox: Mailbox) -> None:
    """A scanner follows the link in the mail, and nothing happens; a person presses the button behind it."""
    mail = mailbox.await_mail("Subscription Confirmation", within=10)
    assert mail["to"] == "oncall@example.com"
    for method in ("GET", "HEAD"):
        with urllib.request.urlopen(urllib.request.Request(link_in(mail), method=method)):
            pass
    assert _confirmed(operator) == "0"
    assert "confirmed" in press_the_button(link_in(mail)).lower()
    assert _confirmed(operator) == "1"


def _confirmed(operator: Operator) -> str:
    told = operator.run(f"aws sns get-topic-attributes --topic-arn {guide.TOPIC_ARN}")
    return str(json.loads(told)["Attributes"]["SubscriptionsConfirmed"])


def _fetch(url: str) -> str:
    return (
        f"{sys.executable} -c 'import urllib.request as u; "
        f'print(u.urlopen(u.Request("{url}", headers={{"Host": "www.example.com"}})).read().decode())\''
    )


@dataclass(frozen=True)
class Namespace:
    """A network namespace of the test's own, in which every address is ours."""

    name: str

    def command(self, *words: str) -> list[str]:
        """The command, run inside."""
        return ["ip", "netns", "exec", self.name, *words]


@pytest.fixture
def namespace() -> Iterator[Namespace]:
    """A namespace with loopback, the guide's address 203.0.113.10, and a resolv.conf that points at us."""
    name = f"stillup-{uuid.uuid4().hex[:8]}"
    settings = Path("/etc/netns") / name
    settings.mkdir(parents=True)
    (settings / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    try:
        subprocess.run(["ip", "netns", "add", name], check=True)
        for words in (["link", "set", "lo", "up"], ["addr", "add", "203.0.113.10/32", "dev", "lo"]):
            subprocess.run(["ip", "-n", name, *words], check=True)
        yield Namespace(name)
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False)
        shutil.rmtree(settings)


def _cannot_make_namespaces() -> str | None:
    if os.geteuid() != 0:
        return "needs root: it makes a network namespace, to own port 53 and 203.0.113.10"
    if shutil.which("ip") is None:
        return "needs ip (Debian: iproute2)"
    probe = f"stillup-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, check=False)
    subprocess.run(["ip", "netns", "delete", probe], capture_output=True, check=False)
    return None if made.returncode == 0 else f"no network namespaces here: {made.stderr.strip()}"


@needs_dig
@pytest.mark.slow
def test_the_guide_runs_as_written_by_a_user_who_may_do_no_more(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its address and port 53 are ours; the least policy is that of 7.2."""
    if reason := _cannot_make_namespaces():
        pytest.skip(reason)
    inside: Namespace = request.getfixturevalue("namespace")
    monkeypatch.setenv("STILLUP_ROOT_ACCESS_KEY_ID", ROOT[0])
    monkeypatch.setenv("STILLUP_ROOT_SECRET_ACCESS_KEY", ROOT[1])
    arguments = [
        *("--config", str(guide.config_with_primary(tmp_path / "stillup.toml", "203.0.113.10", 80))),
        *("--data", str(tmp_path / "data"), "--clock-rate", str(RATE)),
        *("--dns", "127.0.0.1:53", "--site", "127.0.0.1:80", "--site-address", "127.0.0.1"),
    ]
    prefix = inside.command()
    with (
        EngineProcess(arguments, log=tmp_path / "engine.log", prefix=prefix) as engine,
        aws_command(prefix) as aws_folder,
    ):
        url = engine.listeners.endpoint_url
        root = Operator(tmp_path, url, {}, aws_folder, prefix=prefix, credentials=ROOT)
        zone = guide.make_zone(root)
        least = permissions.least(
            zone_id=zone,
            site="www.example.com",
            alarm="EC2-HealthCheck-Failed",
            topic="ec2-failover-alerts",
            instance=guide.INSTANCE,
        )
        key = guide.make_least_user(root, permissions.document([*least.values()]))
        user = Operator(tmp_path, url, {}, aws_folder, prefix=prefix, credentials=key)
        mail = tmp_path / "data" / "mail"
        _play(
            Scene(
                user,
                primary="203.0.113.10",
                backup="127.0.0.1",
                dig=guide.DIG,
                page=_fetch("http://www.example.com/"),
                zone=zone,
                confirm=partial(_confirm_with_aws, user, mail),
                await_mail=partial(guide.await_letter, mail),
            )
        )


def _confirm_with_aws(user: Operator, mail: Path) -> None:
    """It takes the token of the mail, and no permission."""
    token = token_in(guide.await_letter(mail, "Subscription Confirmation", 10))
    user.run(f"aws sns confirm-subscription --topic-arn {guide.TOPIC_ARN} --token {token}")

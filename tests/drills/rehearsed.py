"""A failover that is there to be drilled: an engine, a primary, a plan file, applied."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from botocore.model import OperationModel
from typer.testing import CliRunner, Result

from stillup.cli.app import app
from stillup.drill.loopback import BACKUP_ADDRESS, PRIMARY_ADDRESS, free_port
from stillup.drill.sandbox.sandbox import SandboxAccount
from stillup.plan.file.read import Document, read_plan
from stillup.plan.make import Wish
from stillup.provision.account import Account
from stillup.provision.carry_out import carry_out
from stillup.provision.lookup import lookup
from stillup.provision.planning import draw_up
from tests.drills.forked import Forked, ForkedEngine, fork, forked_engine

INSTANCE = "i-0123456789abcdef0"
PROXY_ADDRESS = "127.0.0.4"
RATE = 5.0
PLAN = """
version: 1
where: {{endpoint-url: "{api}", dns: ["{dns}"]}}
failovers:
  - name: www.example.com
    zone: example.com
    ttl: 2
    primary:
      address: {primary}
      check: {{port: {port}, interval: 1s, failures: 2, timeout: 1s}}
      instances: [{instance}]
    standby: {{folder: maintenance}}
    drill:
      visit: http://www.example.com:{port}/
      break-command: "touch {flag}"
      restore-command: "rm -f {flag}"
  - name: proxied.example.com
    zone: example.com
    ttl: 2
    primary:
      address: {proxy}
      check: {{port: {port}, interval: 1s, failures: 2, timeout: 1s}}
    standby: {{folder: maintenance}}
    drill: {{visit: "http://proxied.example.com:{port}/"}}
"""


@dataclass(frozen=True)
class Rehearsed:
    """What the drills have in common."""

    work: Path
    account: Account
    check_id: str
    port: int
    engine: ForkedEngine

    @property
    def plan(self) -> Path:
        """The plan file."""
        return self.work / "stillup.yaml"

    @property
    def state(self) -> Path:
        """Where restore records are kept."""
        return self.work / "state"

    def arguments(self, *more: str, only: str = "www.example.com") -> list[str]:
        """Of the verb."""
        where = ("--clock-rate", str(RATE), "--state", str(self.state))
        return ["drill", str(self.plan), "--only", only, *where, *more]

    def answers(self) -> frozenset[str]:
        """What the DNS says of the name now."""
        answer = lookup(self.engine.listeners.dns, "www.example.com", timeout=2)
        return frozenset(() if answer is None else answer.addresses)

    def drill(self, *more: str, only: str = "www.example.com") -> Result:
        """Run the verb in this process."""
        return CliRunner().invoke(app, self.arguments(*more, only=only), env=environment())

    def fork_drill(self, *more: str, **how: Any) -> Forked:
        """Run the verb in a copy of this process, once it may begin."""
        self.settle()
        return fork(self.arguments(*more), environment(), **how)

    def settle(self) -> None:
        """Wait for the way back of whatever was drilled before: no drill begins until visitors get the primary."""
        await_that(lambda: self.answers() == {PRIMARY_ADDRESS} and self._is_seen_well())

    def _is_seen_well(self) -> bool:
        found = self.account.route53.get_health_check_status(HealthCheckId=self.check_id)
        return all(
            each["StatusReport"]["Status"].startswith("Success") for each in found["HealthCheckObservations"]
        )

    def harm(self) -> list[str]:
        """What is broken, or left lying about, now."""
        check = self.account.route53.get_health_check(HealthCheckId=self.check_id)["HealthCheck"]
        tags = self.account.route53.list_tags_for_resource(
            ResourceType="healthcheck", ResourceId=self.check_id
        )["ResourceTagSet"]["Tags"]
        found = self.account.ec2().describe_instances(InstanceIds=[INSTANCE])
        state = found["Reservations"][0]["Instances"][0]["State"]["Name"]
        return [
            what
            for what, is_so in {
                "inverted": check["HealthCheckConfig"]["Inverted"],
                "marked": any(tag["Key"] == "stillup-drill" for tag in tags),
                f"instance {state}": state != "running",
                "flag": (self.work / "broken").exists(),
                "record": self.state.exists() and any(self.state.iterdir()),
            }.items()
            if is_so
        ]


def environment() -> dict[str, str]:
    """Credentials that mean nothing."""
    return {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"}


class _Calls(logging.Handler):
    """Notes what botocore says before it asks."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.made: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        for each in record.args or ():
            if isinstance(each, OperationModel):
                self.made.add(f"{each.service_model.service_name}:{each.name}")


@contextmanager
def calls() -> Iterator[set[str]]:
    """Every operation of the AWS API that is called in this process while the block lasts."""
    logger, handler = logging.getLogger("botocore.endpoint"), _Calls()
    logger.addHandler(handler)
    before = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield handler.made
    finally:
        logger.level, logger.propagate = before
        logger.removeHandler(handler)


def await_line(output: TextIO | None, words: str) -> None:
    """Read the drill's lines until one has these words."""
    assert output is not None
    said = []
    while words not in (line := output.readline()):
        said.append(line)
        assert line, f"{words!r} was never said\n{''.join(said)}"


def await_that(holds: Callable[[], bool], *, within: float = 30.0) -> None:
    """Raises AssertionError where it does not come true."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def rehearsed(work: Path) -> Iterator[Rehearsed]:
    """All of it, applied and healthy."""
    port = free_port()
    with forked_engine(_engine(work, port, RATE), log=work / "engine.log") as engine:
        text = PLAN.format(
            api=engine.listeners.endpoint_url,
            dns=engine.listeners.dns,
            primary=PRIMARY_ADDRESS,
            proxy=PROXY_ADDRESS,
            port=port,
            instance=INSTANCE,
            flag=work / "broken",
        )
        (work / "stillup.yaml").write_text(text)
        (work / "maintenance").mkdir()
        (work / "maintenance" / "index.html").write_text("<h1>standby</h1>\n")
        account = SandboxAccount(None, "us-east-1", engine.listeners.endpoint_url)
        account.route53.create_hosted_zone(Name="example.com", CallerReference="test")
        document = read_plan(text, source="stillup.yaml")
        assert isinstance(document, Document), document
        read = document.plan
        drawn = draw_up(account, read.failovers, read.where, base=work, wish=Wish())
        for _ in carry_out(drawn.plan, drawn.grounds, account):
            pass
        checks = account.route53.list_health_checks()["HealthChecks"]
        (check,) = [
            each["Id"] for each in checks if each["HealthCheckConfig"]["IPAddress"] == PRIMARY_ADDRESS
        ]
        yield Rehearsed(work, account, check, port, engine)


def _engine(work: Path, port: int, rate: float) -> list[str]:
    command = [
        *(sys.executable, "-m", "tests.drills.flagged_primary"),
        *(PRIMARY_ADDRESS, str(port), str(work / "broken")),
    ]
    config = work / "engine.toml"
    config.write_text(
        f's3-alias-ttl = 2\n[[instance]]\nid = "{INSTANCE}"\npublic-ip = "{PRIMARY_ADDRESS}"\n'
        f"command = {json.dumps(command)}\ncwd = {json.dumps(str(Path(__file__).parents[2]))}\n"
    )
    return [
        *("--config", str(config), "--data", str(work / "data"), "--clock-rate", str(rate)),
        *("--dns", "127.0.0.1:0", "--api", "127.0.0.1:0", "--console", "127.0.0.1:0"),
        *("--site", f"{BACKUP_ADDRESS}:{port}", "--site-address", BACKUP_ADDRESS),
    ]

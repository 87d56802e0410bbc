"""The sandbox itself: an engine in a temporary folder, the plan applied to it, its mails confirmed."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import boto3

from stillup.drill.demo.letterbox import letters, token_in
from stillup.drill.engine_process import EngineProcess
from stillup.drill.loopback import BACKUP_ADDRESS, PRIMARY_ADDRESS, free_port
from stillup.drill.sandbox.mapping import INSTANCE, STANDBY_FOLDER, mapped, zone_of
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.file.targets import Check
from stillup.plan.make import Wish
from stillup.provision.account import Account
from stillup.provision.carry_out import carry_out
from stillup.provision.errors import explained
from stillup.provision.planning import draw_up

READY_WITHIN: Final = 30.0
"""Real seconds until the stand-in has been seen healthy and the mails are there."""
_PACE: Final = 0.05
_OK: Final = 200
_STANDBY_PAGE: Final = "<!doctype html><title>standby</title><h1>This page stands in for the standby</h1>\n"


class SandboxFailed(Exception):
    """The sandbox did not come up as it should; the text says how."""


class SandboxAccount(Account):
    """The engine's API, with credentials that mean nothing anywhere: the caller's own stay out of it."""

    @cached_property
    def session(self) -> boto3.Session:
        """Never raises."""
        return boto3.Session("sandbox", "sandbox", region_name=self.region)


@dataclass(frozen=True, slots=True)
class Ready:
    """What may be drilled now."""

    account: Account
    failover: Failover
    where: Where


class Sandbox:
    """One failover in a folder of its own, which whoever made the folder removes.

    Where that is killed, the engine ends and the folder goes all the same.
    """

    def __init__(self, failover: Failover, where: Where, *, base: Path, work: Path, rate: float) -> None:
        """`base` is what the standby's folder is relative to. Raises NoLoopback."""
        port = free_port()
        self._work = work
        self._base = base.absolute() if failover.standby.folder else work
        self._zone = zone_of(failover)
        self._failover = mapped(failover, port=port, zone=self._zone)
        self._where = where
        self.engine = EngineProcess(
            self._arguments(port, rate),
            log=work / "engine.log",
            tether=work,
        )

    def prepare(self, tell: Callable[[str], None]) -> Ready:
        """Apply the plan to the running engine; the primary is healthy and its mails are confirmed afterwards.

        Raises SandboxFailed, ProvisionFailed.
        """
        listeners = self.engine.listeners
        where = self._where.model_copy(
            update={"endpoint_url": listeners.endpoint_url, "dns": (str(listeners.dns),), "profile": None}
        )
        account = SandboxAccount(None, where.region, listeners.endpoint_url)
        with explained("making the zone"):
            account.route53.create_hosted_zone(Name=self._zone, CallerReference="sandbox")
        if self._base == self._work:
            folder = self._work / STANDBY_FOLDER
            folder.mkdir()
            (folder / "index.html").write_text(_STANDBY_PAGE)
        drawn = draw_up(account, (self._failover,), where, base=self._base, wish=Wish())
        for _ in carry_out(drawn.plan, drawn.grounds, account):
            pass
        tell(f"applied to the sandbox: {len(drawn.plan.steps)} steps")
        self._confirm(account)
        self._await_health(account)
        return Ready(account, self._failover, where)

    def _arguments(self, port: int, rate: float) -> list[str]:
        check = self._failover.primary.check
        command = [
            sys.executable,
            "-m",
            "stillup.drill.stand_in",
            PRIMARY_ADDRESS,
            str(port),
            *_behaviour(check),
        ]
        config = self._work / "stillup.toml"
        # A JSON list of strings is a TOML array too, escapes included.
        config.write_text(
            f'[[instance]]\nid = "{INSTANCE}"\npublic-ip = "{PRIMARY_ADDRESS}"\ncommand = {json.dumps(command)}\n'
        )
        return [
            *("--config", str(config)),
            *("--data", str(self._work / "data")),
            *("--dns", "127.0.0.1:0"),
            *("--api", "127.0.0.1:0"),
            *("--console", "127.0.0.1:0"),
            *("--site", f"{BACKUP_ADDRESS}:{port}"),
            *("--site-address", BACKUP_ADDRESS),
            *("--clock-rate", str(rate)),
        ]

    def _confirm(self, account: Account) -> None:
        """Do what the people do who get the mails that ask for consent."""
        emails = self._failover.alert.emails if self._failover.alert else ()
        mail = self._work / "data" / "mail"
        found: dict[str, str] = {}

        def all_there() -> bool:
            for letter in letters(mail):
                token = token_in(letter)
                if "Confirm" in letter.subject and token is not None:
                    found[token] = letter.text
            return len(found) >= len(set(emails))

        _await(all_there, "the mails that ask for consent did not come")
        sns = account.sns("us-east-1")
        for token, text in found.items():
            topic = re.search(r"arn:[\w:.*-]+", text)
            if topic is not None:
                sns.confirm_subscription(TopicArn=topic[0], Token=token)

    def _await_health(self, account: Account) -> None:
        """Every vantage has seen the stand-in."""
        if self._failover.primary.check is None:
            return
        route53 = account.route53
        (check, *_) = route53.list_health_checks()["HealthChecks"]

        def is_seen() -> bool:
            found = route53.get_health_check_status(HealthCheckId=check["Id"])["HealthCheckObservations"]
            reports = [each.get("StatusReport", {}).get("Status", "") for each in found]
            return len(reports) >= 3 and all(each.startswith("Success") for each in reports)

        _await(is_seen, "the stand-in for the primary was never seen healthy")


def _behaviour(check: Check | None) -> list[str]:
    """What the check expects of the stand-in: a status, and words."""
    if check is None or not (check.string or check.expect):
        return []
    status = re.match(r"\d{3}", check.expect or "")
    return [status[0] if status else str(_OK), check.string or "ok"]


def _await(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not holds():
        if time.monotonic() > deadline:
            raise SandboxFailed(otherwise)
        time.sleep(_PACE)

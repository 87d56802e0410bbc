"""SIGKILL at every step between the probe and the mail: nobody is left in the dark, and nobody is told a thing twice
without being able to see that it is the same.

Once at each kind of moment in the whole run of the tests, five hundred times in `make soak`.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from stillup.drill.engine_process import EngineProcess
from tests.drills.mailbox import Mailbox, link_in, press_the_button

KILLS = int(os.environ.get("STILLUP_KILLS", "3"))
RATE = 120.0
"""Engine seconds per second: a minute is half a second."""
MOMENTS = ("any", "posted", "told")
PATIENCE = 30.0
"""Real seconds in which a transition must be told of, restart included."""
ALARM = "primary"
PRIMARY = "127.0.0.2"

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.timeout(120 + KILLS * 30)]


class Primary:
    """Takes connections, or refuses them."""

    def __init__(self, port: int) -> None:
        self._address = (PRIMARY, port)
        self._server: socket.socket | None = None

    @property
    def is_up(self) -> bool:
        return self._server is not None

    def toggle(self) -> None:
        """Go down, or come back."""
        if self._server is None:
            self._server = socket.create_server(self._address, backlog=256)
            threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()
        else:
            self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
            self._server = None

    @staticmethod
    def _accept(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                server.accept()[0].close()


class KillingMailbox(Mailbox):
    """Kills the engine in the middle of a delivery, when it is told to: the mail is here, the word for it is not."""

    def __init__(self) -> None:
        super().__init__()
        self.kill: Callable[[], None] | None = None
        self.killed = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(server, session, envelope)
        if self.kill is not None:
            self.kill()
            self.kill = None
            self.killed.set()
        return answer


class Clients:
    """The engine's API, wherever it listens after the last restart."""

    def __init__(self, endpoint_url: str) -> None:
        session = boto3.Session("kills", "kills", region_name="us-east-1")
        make = partial(
            session.client, endpoint_url=endpoint_url, config=Config(retries={"total_max_attempts": 1})
        )
        self.route53, self.sns, self.cloudwatch = make("route53"), make("sns"), make("cloudwatch")


def _set_up(clients: Clients, mailbox: Mailbox, port: int) -> None:
    check = {"Type": "TCP", "IPAddress": PRIMARY, "Port": port, "RequestInterval": 10, "FailureThreshold": 1}
    created = clients.route53.create_health_check(CallerReference="1", HealthCheckConfig=check)
    topic = clients.sns.create_topic(Name="alerts")["TopicArn"]
    clients.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@example.com")
    press_the_button(link_in(mailbox.await_mail("Subscription Confirmation", within=10)))
    clients.cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        Dimensions=[{"Name": "HealthCheckId", "Value": created["HealthCheck"]["Id"]}],
        Statistic="Minimum",
        Period=60,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        EvaluationPeriods=1,
        TreatMissingData="ignore",
        AlarmActions=[topic],
        OKActions=[topic],
    )


def test_no_transition_and_no_message_is_lost(tmp_path: Path, free_pair_port: int) -> None:
    die = random.Random(3)
    primary = Primary(free_pair_port)
    primary.toggle()
    listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with KillingMailbox() as mailbox:
        options = ["--data", str(tmp_path / "data"), "--clock-rate", str(RATE), "--smtp", mailbox.url]
        with EngineProcess([*options, *listeners], log=tmp_path / "engine.log") as engine:
            _set_up(Clients(engine.listeners.endpoint_url), mailbox, free_pair_port)
            mailbox.await_mail("OK: ", PATIENCE)
            for number in range(KILLS):
                moment = MOMENTS[number] if number < len(MOMENTS) else die.choice(MOMENTS)
                _kill_once(die, moment, engine, primary, mailbox, tmp_path / "data" / "stillup.db")
            transitions = list(_transitions(Clients(engine.listeners.endpoint_url)))
        told = [mail for mail in mailbox.mails if str(mail["subject"]).startswith(("OK: ", "ALARM: "))]
    wanted = ["OK"] + [("ALARM", "OK")[number % 2] for number in range(KILLS)]
    assert transitions == wanted
    assert _states_told(told) == Counter(wanted)
    print(
        f"{KILLS} kills, {len(wanted)} transitions, {len(told)} mails, {len(told) - len(wanted)} told twice"
    )


def _kill_once(
    die: random.Random,
    moment: str,
    engine: EngineProcess,
    primary: Primary,
    mailbox: KillingMailbox,
    database: Path,
) -> None:
    """Change the primary's state, kill the engine somewhere on the way to the mail, and see it arrive nevertheless."""
    known = _ids(mailbox, _subject(not primary.is_up))
    if moment == "told":
        mailbox.killed.clear()
        mailbox.kill = engine.kill
    before = _posted(database)
    primary.toggle()
    match moment:
        case "any":
            threading.Event().wait(die.uniform(0, 1.5))
            engine.kill()
        case "posted":
            _await(lambda: _posted(database) > before)
            engine.kill()
        case "told":
            assert mailbox.killed.wait(PATIENCE)
    engine.start()
    _await(lambda: bool(_ids(mailbox, _subject(primary.is_up)) - known))


def _subject(is_up: bool) -> str:
    return "OK: " if is_up else "ALARM: "


def _ids(mailbox: Mailbox, subject: str) -> set[str]:
    return {str(mail["message-id"]) for mail in mailbox.mails if str(mail["subject"]).startswith(subject)}


def _posted(database: Path) -> int:
    """How much has been written with changes of state: a message goes on disk in the same transaction."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM alarm_history").fetchone()[0])


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        threading.Event().wait(0.002)


def _transitions(clients: Clients) -> Iterator[str]:
    pages = clients.cloudwatch.get_paginator("describe_alarm_history").paginate(
        AlarmName=ALARM,
        HistoryItemType="StateUpdate",
        ScanBy="TimestampAscending",
        StartDate=datetime(2020, 1, 1, tzinfo=UTC),
        EndDate=datetime(2100, 1, 1, tzinfo=UTC),
    )
    for page in pages:
        for item in page["AlarmHistoryItems"]:
            yield item["HistorySummary"].split(" to ")[1]


def _states_told(mails: list[EmailMessage]) -> Counter[str]:
    """How often each state was told of, a mail that came twice counted once: its Message-ID is the same."""
    first = {str(mail["message-id"]): str(mail["subject"]).split(":")[0] for mail in mails}
    return Counter(first.values())

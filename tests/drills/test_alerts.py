"""The guide's step 4: the primary dies, and a person is told."""

from __future__ import annotations

import json
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest

from stillup.drill.demo import stage
from stillup.drill.engine_process import EngineProcess
from tests.drills import guide
from tests.drills.guide import Operator
from tests.drills.mailbox import Mailbox, link_in, press_the_button, text_of

RATE = 20.0
"""Engine seconds per second."""
TOPIC = "arn:aws:sns:us-east-1:123456789012:ec2-failover-alerts"
DETECTION = 90.0
"""HC-27, engine seconds."""
PERIOD_AND_TICK = 60.0 + 60.0
"""Engine seconds: the alarm's period, and the minute at whose end it is evaluated (CW-13)."""
SLACK = 30.0
"""Engine seconds that `aws` and a busy machine may take: a second and a half."""


@pytest.mark.slow
def test_the_mail_is_confirmed_and_the_alarm_and_the_recovery_are_told(
    tmp_path: Path, free_pair_port: int
) -> None:
    with (
        Mailbox() as mailbox,
        EngineProcess(
            [
                *(
                    "--config",
                    str(guide.config_with_primary(tmp_path / "stillup.toml", "127.0.0.2", free_pair_port)),
                ),
                *("--data", str(tmp_path / "data"), "--clock-rate", str(RATE), "--smtp", mailbox.url),
                *("--dns", "127.0.0.1:0", "--api", "127.0.0.1:0", "--console", "127.0.0.1:0"),
                *("--site", "127.0.0.1:0", "--site-address", "127.0.0.3"),
            ],
            log=tmp_path / "engine.log",
        ) as engine,
    ):
        operator = Operator(tmp_path, engine.listeners.endpoint_url, {})
        cloud = stage.Cloud(engine.listeners.endpoint_url)
        check = stage.make_health_check(cloud, "127.0.0.2", free_pair_port)
        stage.make_records(cloud, "127.0.0.2", check)
        ids = {"YOUR_HEALTH_CHECK_ID": check}

        assert json.loads(operator.run(guide.CREATE_TOPIC))["TopicArn"] == TOPIC
        assert json.loads(operator.run(guide.SUBSCRIBE))["SubscriptionArn"] == "pending confirmation"
        confirmation = mailbox.await_mail("Subscription Confirmation", within=10)
        assert confirmation["to"] == "oncall@example.com"
        _scan_links(confirmation)
        assert _confirmed(operator) == "0"
        assert "confirmed" in press_the_button(link_in(confirmation)).lower()
        assert _confirmed(operator) == "1"

        operator.run(guide.PUT_ALARM, ids)
        operator.run(guide.TELL_OF_RECOVERY, ids)
        _await_state(operator, "OK", PERIOD_AND_TICK + SLACK)
        operator.run(guide.STOP)
        within = (DETECTION + PERIOD_AND_TICK + SLACK) / RATE
        alarm = mailbox.await_mail('ALARM: "EC2-HealthCheck-Failed" in US East (N. Virginia)', within)
        assert "http://127.0.0.2" in text_of(alarm)
        for vantage in ("us-east-1", "us-west-2", "eu-west-1"):
            assert vantage in text_of(alarm)
        assert "www.example.com" in text_of(alarm)
        assert "127.0.0.3" in text_of(alarm)

        operator.run(guide.START)
        recovery = mailbox.await_mail('OK: "EC2-HealthCheck-Failed" in US East (N. Virginia)', within)
        assert "www.example.com" in text_of(recovery)
        assert len(mailbox.mails) == 3
        with urllib.request.urlopen(f"http://{engine.listeners.console}/metrics") as metrics:
            assert b'stillup_deliveries_total{outcome="delivered",protocol="email"}' in metrics.read()


def _scan_links(mail: EmailMessage) -> None:
    """What a mail scanner does: follow every link by GET and HEAD."""
    for method in ("GET", "HEAD"):
        with urllib.request.urlopen(urllib.request.Request(link_in(mail), method=method)):
            pass


def _confirmed(operator: Operator) -> str:
    attributes = json.loads(operator.run(f"aws sns get-topic-attributes --topic-arn {TOPIC}"))["Attributes"]
    return str(attributes["SubscriptionsConfirmed"])


def _await_state(operator: Operator, state: str, within: float) -> None:
    deadline = time.monotonic() + within / RATE
    while True:
        alarms = json.loads(operator.run("aws cloudwatch describe-alarms"))["MetricAlarms"]
        if alarms[0]["StateValue"] == state:
            return
        assert time.monotonic() < deadline, alarms

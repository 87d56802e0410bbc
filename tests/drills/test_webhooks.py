"""Webhooks that are down, slow or mad, and very many of them, told by a real engine."""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.request
from base64 import b64decode
from pathlib import Path
from typing import Any

import boto3
import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from stillup.drill.engine_process import EngineProcess
from stillup.engine.clock import SystemDie
from stillup.engine.store import open_store
from stillup.rules.changes import SubscriptionPut, TopicPut
from stillup.rules.topics.envelope import string_to_sign
from tests.drills.mailbox import Mailbox, link_in, press_the_button
from tests.drills.webhooks import Webhooks, follow
from tests.engine.notify.peers import answering, authority, deaf, hanging, saying, server_context
from tests.engine.notify.people import TOPIC, subscription, topic

LISTENERS = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
KEY = ("AKIAROOTROOTROOTROOT", "the-roots-secret-of-forty-characters-long")
REGION = "eu-west-1"
HANGING = ("slow", "deaf", "stuck in the handshake")
NO_RETRY = {
    "http": {"defaultHealthyRetryPolicy": {"numRetries": 0, "minDelayTarget": 1, "maxDelayTarget": 1}}
}
MANY = 1_000
PORTS = 16
"""Servers that share these: each has its own places."""
WITHIN = 60.0
"""Seconds: a machine that is busy with other tests is slow."""


def client(service: str, engine: EngineProcess, region: str = REGION) -> Any:
    """One of AWS's own clients, with the root's key."""
    return boto3.client(
        service,
        endpoint_url=engine.listeners.endpoint_url,
        region_name=region,
        aws_access_key_id=KEY[0],
        aws_secret_access_key=KEY[1],
    )


@pytest.mark.slow
def test_a_good_webhook_and_a_mail_wait_for_no_bad_webhook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = authority(monkeypatch, tmp_path)
    monkeypatch.setenv("STILLUP_ROOT_ACCESS_KEY_ID", KEY[0])
    monkeypatch.setenv("STILLUP_ROOT_SECRET_ACCESS_KEY", KEY[1])
    with (
        Webhooks() as webhooks,
        Mailbox() as mailbox,
        EngineProcess(
            [*LISTENERS, "--data", str(tmp_path / "data"), "--smtp", mailbox.url], log=tmp_path / "log"
        ) as engine,
    ):
        sns = client("sns", engine)
        arn = sns.create_topic(
            Name="alerts", Attributes={"SignatureVersion": "2", "DeliveryPolicy": json.dumps(NO_RETRY)}
        )["TopicArn"]
        bad = {
            "down": None,
            "500": answering("500 Oops"),
            "302": answering("302 Found"),
            "garbage": saying(b"\x16\x03\x01 garbage \xff" * 100),
            "slow": hanging,
            "deaf": deaf,
            "stuck in the handshake": hanging,
        }
        ports = _subscribe(sns, arn, webhooks, ["good", "secret", *bad], trusted)
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="oncall@example.com")
        press_the_button(link_in(mailbox.await_mail("Confirmation", WITHIN)))
        for name, script in bad.items():
            if script is None:
                webhooks.take_down(ports[name])
            else:
                webhooks.turn(ports[name], script)

        sns.publish(TopicArn=arn, Message="It is down.", Subject="Down")

        told = webhooks.await_told("/good", "Notification", WITHIN)
        webhooks.await_told("/secret", "Notification", WITHIN)
        mailbox.await_mail("Down", WITHIN)
        assert int(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["stillup:Pending"]) >= len(HANGING)
        _check_signature(json.loads(told[1]))
        letters = _dead_letters(engine, len(bad) - len(HANGING))
        assert {json.loads(each)["Message"] for each in letters} == {"It is down."}
        follow(told, "UnsubscribeURL")
        farewell = webhooks.await_told("/good", "UnsubscribeConfirmation", WITHIN)
        follow(farewell, "SubscribeURL")
        assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["SubscriptionsConfirmed"] == "10"
        engine.kill()  # it would give those that hang some more seconds


def _subscribe(
    sns: Any, arn: str, webhooks: Webhooks, names: list[str], trusted: trustme.CA
) -> dict[str, int]:
    """Endpoints, each of which confirms by its link; their ports."""
    ports = {}
    for name in names:
        is_tls = name in ("secret", "stuck in the handshake")
        tls = server_context(trusted, "127.0.0.1") if is_tls else None
        ports[name] = webhooks.start(tls=tls)
        path = f"/{name.replace(' ', '-')}"
        scheme = "https" if is_tls else "http"
        sns.subscribe(TopicArn=arn, Protocol=scheme, Endpoint=f"{scheme}://127.0.0.1:{ports[name]}{path}")
        asked = webhooks.await_told(path, "SubscriptionConfirmation", WITHIN)
        assert f"<SubscriptionArn>{arn}:" in follow(asked, "SubscribeURL")
    return ports


def _check_signature(told: dict[str, Any]) -> None:
    with urllib.request.urlopen(told["SigningCertURL"]) as answer:
        key = load_pem_x509_certificate(answer.read()).public_key()
    assert isinstance(key, RSAPublicKey)
    assert told["SignatureVersion"] == "2"
    key.verify(b64decode(told["Signature"]), string_to_sign(told), PKCS1v15(), SHA256())


def _dead_letters(engine: EngineProcess, number: int) -> list[str]:
    """The bodies of so many letters of the dead-letter queue."""
    sqs = client("sqs", engine)
    url = sqs.get_queue_url(QueueName="stillup-dead-letters")["QueueUrl"]
    bodies: dict[str, str] = {}
    deadline = time.monotonic() + WITHIN
    while len(bodies) < number:
        assert time.monotonic() < deadline, bodies
        for each in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            bodies[each["MessageId"]] = each["Body"]
    return list(bodies.values())


@pytest.mark.slow
def test_one_message_reaches_a_thousand_webhooks_in_little_memory(tmp_path: Path) -> None:
    with Webhooks() as webhooks:
        ports = [webhooks.start() for _ in range(PORTS)]
        asyncio.run(_make_subscribers(tmp_path / "data", ports))
        with EngineProcess([*LISTENERS, "--data", str(tmp_path / "data")], log=tmp_path / "log") as engine:
            before = _resident_mebibytes(engine.pid)

            client("sns", engine, "us-east-1").publish(TopicArn=TOPIC, Message="It is down.")

            assert webhooks.await_number("Notification", MANY, WITHIN) == MANY
            assert _resident_mebibytes(engine.pid) - before < 64


async def _make_subscribers(data: Path, ports: list[int]) -> None:
    store = open_store(data, SystemDie())
    await store.worlds.commit(lambda _: TopicPut(topic()))
    made = [
        subscription(f"h{number}", "http", f"http://127.0.0.1:{ports[number % PORTS]}/{number}")
        for number in range(MANY)
    ]
    await asyncio.gather(*(store.worlds.commit(lambda _, new=each: SubscriptionPut(new)) for each in made))
    await store.close()


def _resident_mebibytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024

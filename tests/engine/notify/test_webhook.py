"""What a webhook gets, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from stillup.engine.notify.attempt import DELIVERED, Attempt
from stillup.engine.notify.links import Links
from stillup.engine.notify.signing import Signer
from stillup.engine.notify.web import WebClient
from stillup.engine.notify.webhook import Webhooks
from stillup.rules.topics.message import Message
from stillup.rules.topics.retries import Outcome
from tests.engine.notify.peers import answering, hanging, serving
from tests.engine.notify.people import TOPIC, confirmation, delivery, message, subscription, topic


@pytest.fixture(scope="module")
def webhooks(tmp_path_factory: pytest.TempPathFactory) -> Webhooks:
    async def resolve(name: str) -> Sequence[str]:
        return [name]

    directory: Path = tmp_path_factory.mktemp("data")
    return Webhooks(
        client=WebClient(resolve=resolve, permits=lambda address: address == "127.0.0.1", within=0.1),
        signer=Signer.open(directory, now=0.0),
        links=Links("http://console", "http://api", "http://api/cert.pem"),
    )


async def delivered(
    webhooks: Webhooks, sent: Message, status: str = "200 OK", **attributes: str
) -> tuple[Attempt, dict[str, str], str]:
    """The attempt, and the header fields and the body that the endpoint got."""
    seen: list[tuple[str, bytes]] = []
    async with serving(answering(status, seen=seen)) as port:
        to = subscription(protocol="http", endpoint=f"http://127.0.0.1:{port}/", attributes=attributes)
        attempt = await webhooks.deliver(delivery(sent), to, topic())
    ((head, body),) = seen
    fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
    return attempt, fields, body.decode()


async def test_a_notification_has_the_headers_and_the_body_of_sns(webhooks: Webhooks) -> None:
    attempt, fields, body = await delivered(webhooks, message(subject="Down"))
    assert attempt is DELIVERED
    assert fields["x-amz-sns-message-type"] == "Notification"
    assert fields["x-amz-sns-topic-arn"] == TOPIC
    assert fields["x-amz-sns-subscription-arn"] == f"{TOPIC}:anna"
    assert fields["Content-Type"] == "text/plain; charset=UTF-8"
    assert fields["User-Agent"] == "Amazon Simple Notification Service Agent"
    assert fields["x-stillup-delivery-id"] == delivery(message()).id
    said = json.loads(body)
    assert (said["Message"], said["Subject"], said["SigningCertURL"]) == (
        "It is down.",
        "Down",
        "http://api/cert.pem",
    )


async def test_a_confirmation_links_to_the_api(webhooks: Webhooks) -> None:
    _, fields, body = await delivered(webhooks, confirmation(), RawMessageDelivery="true")
    assert "x-amz-sns-subscription-arn" not in fields
    assert json.loads(body)["SubscribeURL"].startswith("http://api/?Action=ConfirmSubscription&")


async def test_a_raw_delivery_is_the_text_alone(webhooks: Webhooks) -> None:
    _, fields, body = await delivered(webhooks, message(), RawMessageDelivery="true")
    assert body == "It is down."
    assert fields["x-amz-sns-rawdelivery"] == "true"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("204 No Content", "delivered"), ("302 Found", "refused"), ("404 Not Found", "refused"), ("429 Slow", "failed"),
     ("500 Oops", "failed")],
)  # fmt: skip
async def test_the_status_says_what_became_of_it(webhooks: Webhooks, status: str, outcome: str) -> None:
    attempt, _, _ = await delivered(webhooks, message(), status)
    assert attempt.outcome == outcome


async def test_an_endpoint_that_hangs_is_tried_again_and_a_forbidden_one_is_not(webhooks: Webhooks) -> None:
    async with serving(hanging) as port:
        slow = subscription(protocol="http", endpoint=f"http://127.0.0.1:{port}/")
        attempt = await webhooks.deliver(delivery(message()), slow, topic())
    assert (attempt.outcome, attempt.hung) == (Outcome.FAILED, True)
    metadata = subscription(protocol="http", endpoint="http://169.254.169.254/latest/meta-data/")
    assert (await webhooks.deliver(delivery(message()), metadata, None)).outcome is Outcome.REFUSED

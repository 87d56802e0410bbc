"""Deliveries over http and https (SN-6 to SN-9)."""

from __future__ import annotations

from typing import Final

from stillup.engine.notify.attempt import DELIVERED, Attempt
from stillup.engine.notify.links import Links
from stillup.engine.notify.signing import VERSIONS, Signer
from stillup.engine.notify.web import Unacceptable, Unanswered, WebClient
from stillup.engine.ports import Delivery
from stillup.rules.topics.delivery_policy import policy_of
from stillup.rules.topics.envelope import body, envelope, http_headers, text_for
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.retries import Outcome, outcome_of
from stillup.rules.topics.topic import Subscription, Topic

DELIVERY_ID: Final = "x-stillup-delivery-id"
"""The same in every attempt: a receiver that has seen it has seen the message."""


class Webhooks:
    """Posts messages to endpoints, signed."""

    def __init__(self, *, client: WebClient, signer: Signer, links: Links) -> None:
        self._client = client
        self._signer = signer
        self._links = links

    async def deliver(self, delivery: Delivery, subscription: Subscription, topic: Topic | None) -> Attempt:
        """One attempt; it raises nothing but CancelledError."""
        message = delivery.message
        is_raw = subscription.attributes.get("RawMessageDelivery", "false").lower() == "true"
        headers = http_headers(
            message, subscription, is_raw=is_raw, content_type=policy_of(topic, subscription).content_type
        )
        if is_raw and message.type is MessageType.NOTIFICATION:
            text = text_for(message, subscription.protocol)
        else:
            text = signed(message, subscription, topic, signer=self._signer, links=self._links)
        try:
            status = await self._client.ask(
                "POST", subscription.endpoint, {**headers, DELIVERY_ID: delivery.id}, text.encode()
            )
        except Unacceptable as reason:
            return Attempt(Outcome.REFUSED, str(reason))
        except Unanswered as reason:
            return Attempt(Outcome.FAILED, str(reason), hung=reason.hung)
        outcome = outcome_of(status)
        return DELIVERED if outcome is Outcome.DELIVERED else Attempt(outcome, f"It answered {status}.")


def signed(
    message: Message,
    subscription: Subscription,
    topic: Topic | None,
    *,
    signer: Signer,
    links: Links,
    page: str | None = None,
) -> str:
    """The JSON text of SN-7 with its signature.

    With `page`, the link in it is to that page: for people, whose mail scanner opens links before they do.
    """
    version = "1" if topic is None else topic.attributes.get("SignatureVersion", "1")
    made = envelope(
        message,
        subscription,
        api_url=links.api_url,
        signature_version=version if version in VERSIONS else "1",
        signing_cert_url=links.signing_cert_url,
    )
    if page is not None:
        made["UnsubscribeURL" if message.type is MessageType.NOTIFICATION else "SubscribeURL"] = page
    return body(made, signer.sign(made))

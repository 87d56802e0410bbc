"""Deliveries by mail: `email` and `email-json`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Protocol

from stillup.engine.notify.attempt import Attempt
from stillup.engine.notify.letters import NoAddress, json_letter, letter
from stillup.engine.notify.links import Links
from stillup.engine.notify.signing import Signer
from stillup.engine.notify.webhook import signed
from stillup.engine.ports import Delivery
from stillup.rules.topics.message import MessageType
from stillup.rules.topics.retries import Outcome
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic


class Post(Protocol):
    """Takes mails: an SMTP server, or a folder."""

    async def send(self, mail: EmailMessage, *, key: str) -> Attempt:
        """One attempt; `key` names the mail, the same in every attempt. It raises nothing but CancelledError."""

    async def close(self) -> None:
        """Let go of what is open."""


class Mailer:
    """Writes to people."""

    def __init__(self, *, post: Post, sender: str, signer: Signer, links: Links) -> None:
        """`sender` is what From says."""
        self._post = post
        self._sender = sender
        self._signer = signer
        self._links = links

    async def deliver(self, delivery: Delivery, subscription: Subscription, topic: Topic | None) -> Attempt:
        """One attempt; it raises nothing but CancelledError."""
        try:
            mail = self._written(delivery, subscription, topic)
        except NoAddress as reason:
            return Attempt(Outcome.REFUSED, str(reason))
        at = datetime.fromtimestamp(delivery.message.at, UTC)
        return await self._post.send(mail, key=f"{at:%Y%m%dT%H%M%SZ}-{delivery.id}")

    async def close(self) -> None:
        """Let go of what is open."""
        await self._post.close()

    def _written(self, delivery: Delivery, subscription: Subscription, topic: Topic | None) -> EmailMessage:
        message, links = delivery.message, self._links
        if subscription.protocol is not DeliveryProtocol.EMAIL_JSON:
            return letter(delivery, subscription, sender=self._sender, links=links)
        page = (
            links.unsubscribe_page(subscription)
            if message.type is MessageType.NOTIFICATION
            else links.confirm_page(message.topic_arn, message.token or "")
        )
        text = signed(message, subscription, topic, signer=self._signer, links=links, page=page)
        return json_letter(delivery, subscription, text, sender=self._sender, links=links)

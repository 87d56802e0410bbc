"""What is written to people: mails for notifications and for confirmations, as text and as HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from jinja2 import Environment, PackageLoader, select_autoescape

from stillup.engine.notify.links import Links
from stillup.engine.ports import Delivery
from stillup.rules.ids import Instant
from stillup.rules.topics.endpoints import is_mail_address
from stillup.rules.topics.envelope import text_for
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import Subscription

CONFIRMATION_SUBJECT: Final = "AWS Notification - Subscription Confirmation"
FAREWELL_SUBJECT: Final = "AWS Notification - Unsubscribe Confirmation"
USUAL_SUBJECT: Final = "AWS Notification Message"
"""Of a message without a Subject. All three are SNS's: people have rules for them in their mail programs."""


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A value that mail programs take as it stands: the library would break a long one into encoded words."""

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unfolded)
_HEADERS.map_to_type("message-id", _Unfolded)
_POLICY: Final = SMTP.clone(header_factory=_HEADERS)


class NoAddress(ValueError):
    """The endpoint is nowhere that mail could go."""


def moment(instant: Instant) -> str:
    """`13 August 2025, 02:08:23 UTC`."""
    at = datetime.fromtimestamp(instant, UTC)
    return f"{at.day} {at:%B %Y, %H:%M:%S} UTC"


_TEMPLATES: Final = Environment(
    loader=PackageLoader("stillup.engine.notify"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["moment"] = moment


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """What the JSON of an alarm's message says (CW-21)."""

    name: str
    description: str
    was: str
    state: str
    reason: str


def letter(delivery: Delivery, subscription: Subscription, *, sender: str, links: Links) -> EmailMessage:
    """The mail for a subscription by `email`. Raises NoAddress."""
    message = delivery.message
    mail = _addressed(delivery, subscription, sender=sender, links=links)
    is_notice = message.type is MessageType.NOTIFICATION
    kind = "notification" if is_notice else "confirmation"
    given: dict[str, Any] = {
        "message": message,
        "subscription": subscription,
        "links": links,
        "subject": str(mail["Subject"]),
        "text": text_for(message, subscription.protocol),
        "facts": alarm_facts(message),
        "page": _page(message, subscription, links),
        "is_farewell": message.type is MessageType.UNSUBSCRIBE_CONFIRMATION,
    }
    mail.set_content(_TEMPLATES.get_template(f"{kind}.txt").render(given))
    mail.add_alternative(_TEMPLATES.get_template(f"{kind}.html").render(given), subtype="html")
    return mail


def json_letter(
    delivery: Delivery, subscription: Subscription, envelope: str, *, sender: str, links: Links
) -> EmailMessage:
    """The mail for a subscription by `email-json`: the envelope is its text. Raises NoAddress."""
    mail = _addressed(delivery, subscription, sender=sender, links=links)
    mail.set_content(envelope)
    return mail


def alarm_facts(message: Message) -> AlarmFacts | None:
    """None: the message is not an alarm's."""
    try:
        said = json.loads(message.texts["default"])
        return AlarmFacts(
            name=said["AlarmName"],
            description=said.get("AlarmDescription") or "",
            was=said["OldStateValue"],
            state=said["NewStateValue"],
            reason=said["NewStateReason"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _addressed(delivery: Delivery, subscription: Subscription, *, sender: str, links: Links) -> EmailMessage:
    """Header fields, made by the library that refuses line breaks in them."""
    message = delivery.message
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = _subject(message)
    mail["From"] = sender
    mail["To"] = _address(subscription.endpoint)
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.at, UTC))
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{delivery.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    page = links.unsubscribe_page(subscription)
    if message.type is MessageType.NOTIFICATION and page is not None:
        mail["List-Unsubscribe"] = f"<{page}>"
    return mail


def _subject(message: Message) -> str:
    match message.type:
        case MessageType.SUBSCRIPTION_CONFIRMATION:
            return CONFIRMATION_SUBJECT
        case MessageType.UNSUBSCRIBE_CONFIRMATION:
            return FAREWELL_SUBJECT
        case MessageType.NOTIFICATION:
            printable = "".join(each if each.isprintable() else " " for each in message.subject or "")
            return " ".join(printable.split()) or USUAL_SUBJECT


def _address(endpoint: str) -> Address:
    if not is_mail_address(endpoint):
        raise NoAddress(f"{endpoint!r} is no mail address.")
    user, _, domain = endpoint.rpartition("@")
    try:
        # Only the part before the @ takes a server with SMTPUTF8 (RFC 6531).
        return Address(username=user, domain=domain.encode("idna").decode())
    except (UnicodeError, ValueError) as wrong:
        raise NoAddress(f"{endpoint!r} is no mail address.") from wrong


def _page(message: Message, subscription: Subscription, links: Links) -> str | None:
    if message.type is MessageType.NOTIFICATION:
        return links.unsubscribe_page(subscription)
    return links.confirm_page(message.topic_arn, message.token or "")

"""Mails as people and their programs read them."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtplib.email import flatten_message
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.engine.notify.letters import NoAddress, json_letter, letter
from stillup.engine.notify.links import Links
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import Subscription
from tests.engine.notify.people import TOKEN, TOPIC, alarm, confirmation, delivery, message, subscription

LINKS = Links("https://status.example.com/", "https://api.example.com", "https://api.example.com/cert.pem")


def written(sent: Message, to: Subscription | None = None) -> EmailMessage:
    """The mail as it arrives."""
    made = letter(delivery(sent), to or subscription(), sender="stillup <watch@example.net>", links=LINKS)
    return received(made)


def received(made: EmailMessage) -> EmailMessage:
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_an_alarm_says_what_failed_since_when_who_saw_what_and_where_to_look(kind: str) -> None:
    mail = written(alarm())
    assert mail["Subject"] == 'ALARM: "primary-is-down" in US East (N. Virginia)'
    text = part(mail, kind)
    for said in (
        "The health check of http://192.0.2.1/health fails.",
        "14 November 2023, 22:11:50 UTC",
        "us-east-1",
        "Failure: Connection refused.",
        "www.example.com",
        "203.0.113.9, the backup",
        "https://status.example.com/",
        "primary-is-down",
        "Threshold Crossed: 1 datapoint [0.0]",
    ):
        assert said in text
    assert ("&lt;b&gt;Oops&lt;/b&gt;" if kind == "html" else "<b>Oops</b>") in text


def test_the_headers_tell_programs_what_it_is() -> None:
    mail = written(alarm())
    assert mail["Message-ID"] == f"<{delivery(alarm()).id}@example.net>"
    assert mail["Auto-Submitted"] == "auto-generated"
    unsubscribe = f"https://status.example.com/unsubscribe?subscription={TOPIC}:anna&token={TOKEN}"
    assert mail["List-Unsubscribe"] == f"<{unsubscribe}>"
    assert unsubscribe in part(mail, "plain")
    assert mail["Date"].datetime.timestamp() == alarm().at
    bound = subscription(needs_authentication_to_unsubscribe=True)
    assert written(alarm(), bound)["List-Unsubscribe"] is None
    assert "unsubscribe" not in part(written(alarm(), bound), "html").lower()


def test_long_links_and_ids_are_not_broken_in_the_header() -> None:
    links = replace(LINKS, console_url=f"https://{'long.' * 30}example.com")
    sender = f"watch@{'long.' * 30}example.com"
    made = letter(delivery(alarm()), subscription(), sender=sender, links=links)
    # As aiosmtplib spells it: with a policy of its own.
    octets = flatten_message(made)
    assert f"\r\nList-Unsubscribe: <{links.unsubscribe_page(subscription())}>\r\n".encode() in octets
    assert f"\r\nMessage-ID: <{delivery(alarm()).id}@{sender[6:]}>\r\n".encode() in octets


def test_what_somebody_published_is_there_as_it_was() -> None:
    mail = written(message(texts={"default": "{}", "email": "Line\n\n  <b>two</b>"}))
    assert mail["Subject"] == "AWS Notification Message"
    assert part(mail, "plain").startswith("Line\n\n  <b>two</b>\n")
    assert "Line\n\n  &lt;b&gt;two&lt;/b&gt;" in part(mail, "html")


def test_a_confirmation_links_to_a_page_and_never_to_the_api() -> None:
    mail = written(confirmation(), subscription(is_confirmed=False))
    assert mail["Subject"] == "AWS Notification - Subscription Confirmation"
    page = f"https://status.example.com/confirm-subscription?topic={TOPIC}&token={TOKEN}"
    assert page in part(mail, "plain")
    assert page.replace("&", "&amp;") in part(mail, "html")
    assert "api.example.com" not in mail.as_string()
    farewell = written(confirmation(MessageType.UNSUBSCRIBE_CONFIRMATION))
    assert farewell["Subject"] == "AWS Notification - Unsubscribe Confirmation"
    assert page in part(farewell, "plain")


def test_an_envelope_arrives_as_it_was_signed() -> None:
    envelope = '{\n  "Message" : "' + "Grüße " * 400 + '"\n}'
    mail = json_letter(
        delivery(message()),
        subscription(protocol="email-json"),
        envelope,
        sender="a@example.net",
        links=LINKS,
    )
    assert part(received(mail), "plain") == envelope + "\n"


@settings(max_examples=30)
@given(subject=st.text(max_size=120), text=st.text(max_size=60))
def test_no_subject_adds_a_header(subject: str, text: str) -> None:
    try:
        mail = written(message(subject=subject + "\r\nBcc: eve@example.com\n" + text))
    except UnicodeEncodeError:  # half a surrogate, which no JSON or form brings here
        return
    assert mail["Bcc"] is None
    assert mail["To"] == "anna@example.com"
    assert len(mail.keys()) == 9


@settings(max_examples=30)
@given(
    endpoint=st.one_of(
        st.text(max_size=40), st.emails(), st.emails().map(lambda each: each + "\r\nBcc: e@e.ee")
    )
)
def test_no_endpoint_adds_a_header_or_a_recipient(endpoint: str) -> None:
    try:
        mail = letter(delivery(message()), subscription(endpoint=endpoint), sender="a@b.example", links=LINKS)
    except NoAddress:
        return
    assert len(mail["To"].addresses) == 1
    assert mail.as_bytes(policy=policy.SMTPUTF8).partition(b"\r\n\r\n")[0].lower().count(b"\r\nbcc:") == 0


@pytest.mark.parametrize(
    "endpoint", ["", "anna", "@example.com", "a@example.com\r\nBcc: eve@example.com", "a@b@c", "a b@example.com", "a@[",
                 "a@example.com, eve@example.com", '"a\nb"@example.com']
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(endpoint: str) -> None:
    with pytest.raises(NoAddress):
        written(message(), replace(subscription(), endpoint=endpoint))

"""Envelopes, the string to sign and the header fields (SN-6 to SN-8)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.topics.envelope import (
    Envelope,
    body,
    envelope,
    http_headers,
    string_to_sign,
    text_for,
    timestamp,
)
from stillup.rules.topics.message import MessageType
from stillup.rules.topics.topic import DeliveryProtocol
from tests.rules.topics.mail import NOW, SUBSCRIPTION, TOPIC, attributes, message

CONFIRMATIONS = [MessageType.SUBSCRIPTION_CONFIRMATION, MessageType.UNSUBSCRIBE_CONFIRMATION]


def made(**given: Any) -> Envelope:
    return envelope(
        message(**given),
        SUBSCRIPTION,
        api_url="https://sns.example.com/",
        signature_version="1",
        signing_cert_url="https://sns.example.com/cert.pem",
    )


def test_a_notification_has_the_members_of_sns_in_its_order() -> None:
    """SN-7."""
    whole = json.loads(
        body(made(subject="My First Message", attributes=attributes(n=("Number", "1"))), "c2ln")
    )

    assert list(whole.items()) == [
        ("Type", "Notification"),
        ("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"),
        ("TopicArn", TOPIC.arn),
        ("Subject", "My First Message"),
        ("Message", "Hello world!"),
        ("Timestamp", "2012-05-02T00:54:06.655Z"),
        ("SignatureVersion", "1"),
        ("Signature", "c2ln"),
        ("SigningCertURL", "https://sns.example.com/cert.pem"),
        (
            "UnsubscribeURL",
            f"https://sns.example.com/?Action=Unsubscribe&SubscriptionArn={SUBSCRIPTION.arn}",
        ),
        ("MessageAttributes", {"n": {"Type": "Number", "Value": "1"}}),
    ]


@pytest.mark.parametrize("kind", CONFIRMATIONS)
def test_a_confirmation_has_a_token_and_where_to_take_it(kind: MessageType) -> None:
    """SN-7."""
    whole = json.loads(body(made(type=kind, token="2336"), "c2ln"))

    assert list(whole) == [
        *("Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp"),
        *("SignatureVersion", "Signature", "SigningCertURL"),
    ]
    assert whole["SubscribeURL"] == (
        f"https://sns.example.com/?Action=ConfirmSubscription&TopicArn={TOPIC.arn}&Token=2336"
    )


def test_a_notification_without_subject_and_attributes_has_neither_member() -> None:
    assert not {"Subject", "MessageAttributes"} & set(made())


def test_the_string_to_sign_of_a_notification_is_that_of_the_guide() -> None:
    """SN-8."""
    assert string_to_sign(made(subject="My First Message", attributes=attributes(n=("Number", "1")))) == (
        b"Message\nHello world!\nMessageId\n22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\nMy First Message\n"
        b"Timestamp\n2012-05-02T00:54:06.655Z\n"
        b"TopicArn\narn:aws:sns:us-west-2:123456789012:MyTopic\nType\nNotification\n"
    )
    assert b"Subject" not in string_to_sign(made())


@pytest.mark.parametrize("kind", CONFIRMATIONS)
def test_the_string_to_sign_of_a_confirmation_has_url_and_token(kind: MessageType) -> None:
    """SN-8."""
    lines = string_to_sign(made(type=kind, token="2336", subject="never")).decode().splitlines()

    assert lines[::2] == ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    assert lines[9] == "2336"


@given(st.text(), st.none() | st.text(min_size=1), st.sampled_from(MessageType))
def test_a_receiver_computes_the_same_string_from_the_json(
    text: str, subject: str | None, kind: MessageType
) -> None:
    sent = made(text=text, subject=subject, type=kind, token="ab")
    received = json.loads(body(sent, "c2ln"))

    assert {key: value for key, value in received.items() if key != "Signature"} == sent
    assert string_to_sign(received) == string_to_sign(sent)


@pytest.mark.parametrize(
    ("protocol", "text"), [(DeliveryProtocol.EMAIL, "for mail"), (DeliveryProtocol.HTTP, "for all")]
)
def test_each_protocol_gets_its_own_text_or_the_one_for_all(protocol: DeliveryProtocol, text: str) -> None:
    assert text_for(message(texts={"default": "for all", "email": "for mail"}), protocol) == text


def test_timestamps_have_milliseconds_that_are_cut_not_rounded() -> None:
    assert timestamp(0.9999) == "1970-01-01T00:00:00.999Z"
    assert timestamp(NOW) == "2012-05-02T00:54:06.655Z"


def test_header_fields_name_the_subscription_only_when_there_is_one() -> None:
    """SN-6."""
    confirmation = message(type=MessageType.SUBSCRIPTION_CONFIRMATION)

    assert http_headers(message(), SUBSCRIPTION, is_raw=True) == {
        "x-amz-sns-message-type": "Notification",
        "x-amz-sns-message-id": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "x-amz-sns-topic-arn": TOPIC.arn,
        "x-amz-sns-subscription-arn": SUBSCRIPTION.arn,
        "x-amz-sns-rawdelivery": "true",
        "Content-Type": "text/plain; charset=UTF-8",
        "User-Agent": "Amazon Simple Notification Service Agent",
    }
    assert not {"x-amz-sns-subscription-arn", "x-amz-sns-rawdelivery"} & set(
        http_headers(confirmation, SUBSCRIPTION, is_raw=True)
    )


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (MessageType.NOTIFICATION, "text/csv"),
        (MessageType.SUBSCRIPTION_CONFIRMATION, "text/plain; charset=UTF-8"),
        (MessageType.UNSUBSCRIBE_CONFIRMATION, "text/plain; charset=UTF-8"),
    ],
)
def test_only_notifications_have_the_type_of_content_that_was_chosen(kind: MessageType, sent: str) -> None:
    """Observed on AWS."""
    assert http_headers(message(type=kind), SUBSCRIPTION, content_type="text/csv")["Content-Type"] == sent

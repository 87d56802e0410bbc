"""What may be published (SN-5)."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.rules.ids import MessageId
from stillup.rules.refusal import Refusal
from stillup.rules.topics.message import Message, MessageAttribute
from stillup.rules.topics.publishing import GivenAttribute, Publication, check_batch, compose
from tests.rules.topics.mail import NOW, TOPIC, message


def composed(text: str = "Hello world!", **given: Any) -> Message | Refusal:
    publication = Publication(text, **given)
    return compose(publication, message_id=MessageId("m"), topic_arn=TOPIC.arn, now=NOW)


def test_a_message_keeps_text_subject_and_attributes() -> None:
    given = {"n": GivenAttribute("Number", "1.5"), "b": GivenAttribute("Binary", octets=b"\x02\x03\x04")}

    assert composed(subject="Hi", attributes=given) == message(
        id="m",
        subject="Hi",
        attributes={"n": MessageAttribute("Number", "1.5"), "b": MessageAttribute("Binary", "AgME")},
    )


def test_a_text_for_each_protocol_comes_as_json() -> None:
    sent = composed('{"default": "all", "email": "mail", "http": 5}', structure="json")

    assert isinstance(sent, Message)
    assert sent.texts == {"default": "all", "email": "mail"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"text": ""}, "Empty message"),
        ({"subject": ""}, "Subject"),
        ({"subject": "a" * 101}, "Subject"),
        ({"subject": "a\nBcc: x"}, "Subject"),
        ({"subject": "a\u2028b"}, "Subject"),
        ({"text": "é" * (128 * 1024 + 1)}, "Message too long"),
        (
            {"text": "a" * 262_140, "attributes": {"name": GivenAttribute("String", "v")}},
            "Message too long",
        ),
        ({"structure": "xml"}, "MessageStructure"),
        ({"structure": "json"}, "Message Structure - JSON message body failed to parse"),
        ({"structure": "json", "text": "[]"}, "Message Structure - JSON message body failed to parse"),
        (
            {"structure": "json", "text": "[" * 99_999},
            "Message Structure - JSON message body failed to parse",
        ),
        (
            {"structure": "json", "text": '{"email": "x"}'},
            "Message Structure - No default entry in JSON message body",
        ),
        (
            {"structure": "json", "text": '{"default": 5}'},
            "Message Structure - No default entry in JSON message body",
        ),
    ],
)
def test_a_bad_message_is_refused(given: dict[str, Any], reason: str) -> None:
    assert composed(**given) == Refusal.because("InvalidParameter", f"Invalid parameter: {reason}")


@pytest.mark.parametrize(
    ("name", "attribute", "reason"),
    [
        ("a", GivenAttribute("String"), "must contain non-empty message attribute value"),
        ("a", GivenAttribute("String", ""), "must contain non-empty message attribute value"),
        ("a", GivenAttribute("String", octets=b"x"), "with type 'String' must use field 'String'."),
        ("a", GivenAttribute("Binary", "x"), "with type 'Binary' must use field 'Binary'."),
        (
            "a",
            GivenAttribute("Text", "x"),
            "the set of supported type prefixes is Binary, Number, and String.",
        ),
        ("a", GivenAttribute("Number", "many"), "Could not cast message attribute 'a' value to number."),
        ("a", GivenAttribute("Number", "nan"), "Could not cast message attribute 'a' value to number."),
        (
            "",
            GivenAttribute("String", "x"),
            "Invalid message attribute name starting with character '' was found.",
        ),
        (
            ".a",
            GivenAttribute("String", "x"),
            "Invalid message attribute name starting with character '.' was found.",
        ),
        (
            "a.",
            GivenAttribute("String", "x"),
            "Invalid message attribute name ending with character '.' was found.",
        ),
        (
            "a..b",
            GivenAttribute("String", "x"),
            "Message attribute name can not have successive '.' character.",
        ),
        (
            "a^b",
            GivenAttribute("String", "x"),
            "Invalid non-alphanumeric character '#x5E' was found in the message",
        ),
        (
            "a" * 257,
            GivenAttribute("String", "x"),
            "Length of message attribute name must be less than 256 bytes.",
        ),
    ],
)
def test_a_bad_attribute_is_refused(name: str, attribute: GivenAttribute, reason: str) -> None:
    refused = composed(attributes={name: attribute})

    assert isinstance(refused, Refusal)
    assert refused.code == "ParameterValueInvalid"
    assert reason in refused.message


@pytest.mark.parametrize(
    ("ids", "octets", "code"),
    [
        ([], 0, "EmptyBatchRequest"),
        ([str(i) for i in range(11)], 0, "TooManyEntriesInBatchRequest"),
        (["a", "a"], 0, "BatchEntryIdsNotDistinct"),
        (["a b"], 0, "InvalidBatchEntryId"),
        (["a"], 262_145, "BatchRequestTooLong"),
        (["a", "b-_9"], 262_144, None),
    ],
)
def test_a_batch_has_its_own_limits(ids: list[str], octets: int, code: str | None) -> None:
    refused = check_batch(ids, octets)

    assert (refused and refused.code) == code

"""A dead letter as a message of SQS: the envelope as its body, the delivery's fate as its attributes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from stillup.engine.ports import DeadLetter
from stillup.rules.topics.endpoints import shown_endpoint
from stillup.rules.topics.envelope import envelope
from stillup.rules.topics.topic import Subscription

_STRING_VALUE: Final = b"\x01"
"""How SQS marks text in what it takes the MD5 of."""


def body_of(letter: DeadLetter, *, api_url: str) -> str:
    """What the subscriber was to get, as SNS's JSON. It is not signed: nobody but the operator reads it."""
    addressee = Subscription(
        arn=letter.subscription,
        topic_arn=letter.message.topic_arn,
        protocol=letter.protocol,
        endpoint=letter.endpoint,
        owner="",
        created_at=letter.message.at,
        token="",
        token_at=letter.message.at,
    )
    made = envelope(letter.message, addressee, api_url=api_url, signature_version="", signing_cert_url="")
    unsigned = {
        key: value for key, value in made.items() if key not in ("SignatureVersion", "SigningCertURL")
    }
    return json.dumps(unsigned, ensure_ascii=False)


def rendered(
    letter: DeadLetter, *, api_url: str, attributes: Collection[str], system: Collection[str]
) -> dict[str, Any]:
    """The message as ReceiveMessage shows it, with those of its attributes that were asked for."""
    body = body_of(letter, api_url=api_url)
    message: dict[str, Any] = {
        "MessageId": letter.id,
        "ReceiptHandle": letter.id,
        "MD5OfBody": _md5(body.encode(errors="replace")),
        "Body": body,
    }
    if {"All", "SentTimestamp"} & set(system):
        message["Attributes"] = {"SentTimestamp": str(int(letter.died_at * 1000))}
    shown = {name: each for name, each in _attributes(letter).items() if _is_asked_for(name, attributes)}
    if shown:
        message["MessageAttributes"] = shown
        message["MD5OfMessageAttributes"] = _md5_of_attributes(shown)
    return message


def _attributes(letter: DeadLetter) -> Mapping[str, Mapping[str, str]]:
    texts = {
        "SubscriptionArn": letter.subscription,
        "Protocol": letter.protocol.value,
        "Endpoint": shown_endpoint(letter.endpoint),
        "Reason": letter.reason or "unknown",
    }
    strings = {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
    return strings | {"Attempts": {"DataType": "Number", "StringValue": str(letter.attempts)}}


def _is_asked_for(name: str, asked: Collection[str]) -> bool:
    """By its name, by `All`, or by the beginning of it: `Sub.*`."""
    return any(
        each in ("All", name) or (each.endswith(".*") and name.startswith(each.removesuffix(".*")))
        for each in asked
    )


def _md5_of_attributes(attributes: Mapping[str, Mapping[str, str]]) -> str:
    """By SQS's rule: names in order, each with its type and value, all with their lengths before them."""
    parts = bytearray()
    for name, attribute in sorted(attributes.items()):
        parts += _measured(name) + _measured(attribute["DataType"])
        parts += _STRING_VALUE + _measured(attribute["StringValue"])
    return _md5(bytes(parts))


def _measured(text: str) -> bytes:
    octets = text.encode(errors="replace")
    return len(octets).to_bytes(4, "big") + octets


def _md5(octets: bytes) -> str:
    return hashlib.md5(octets, usedforsecurity=False).hexdigest()

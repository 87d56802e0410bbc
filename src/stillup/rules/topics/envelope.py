"""What goes over the wire for a message: SNS's JSON, the string that is signed, the header fields (SN-6 to SN-8).

```text
{"Type": …, "MessageId": …, …, "SignatureVersion": "1", "Signature": …, "SigningCertURL": …, "UnsubscribeURL": …}
             envelope() ── string_to_sign() ── the caller signs ── body()
```
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

from stillup.rules.ids import Arn, Instant
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import DeliveryProtocol, Subscription

Envelope: TypeAlias = dict[str, str | dict[str, dict[str, str]]]
"""The members of the JSON body, in AWS's order; all are text but MessageAttributes."""

USER_AGENT: Final = "Amazon Simple Notification Service Agent"
CONTENT_TYPE: Final = "text/plain; charset=UTF-8"

_SIGNED_OF_NOTIFICATION: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_OF_CONFIRMATION: Final = (
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
)


def text_for(message: Message, protocol: DeliveryProtocol) -> str:
    """The text for this protocol, else the one for all (SN-5, MessageStructure)."""
    return message.texts.get(protocol.value, message.texts["default"])


def timestamp(instant: Instant) -> str:
    """`2012-05-02T00:54:06.655Z`: to the millisecond, as in every message of SNS."""
    moment = datetime.fromtimestamp(instant, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def confirmation_url(api_url: str, topic_arn: Arn, token: str) -> str:
    """Where the token confirms a subscription, or restores one that was ended."""
    return f"{api_url.rstrip('/')}/?Action=ConfirmSubscription&TopicArn={topic_arn}&Token={token}"


def unsubscribe_url(api_url: str, subscription: Arn) -> str:
    """Where anybody who has a message can end the subscription, unless that needs authentication (SN-4)."""
    return f"{api_url.rstrip('/')}/?Action=Unsubscribe&SubscriptionArn={subscription}"


def envelope(
    message: Message,
    subscription: Subscription,
    *,
    api_url: str,
    signature_version: str,
    signing_cert_url: str,
) -> Envelope:
    """The JSON body of SN-7 for this subscriber, in AWS's order, but for the signature."""
    head = {
        "Type": message.type.value,
        "MessageId": message.id,
        "TopicArn": message.topic_arn,
        "Message": text_for(message, subscription.protocol),
        "Timestamp": timestamp(message.at),
        "SignatureVersion": signature_version,
        "SigningCertURL": signing_cert_url,
    }
    if message.type is not MessageType.NOTIFICATION:
        token = message.token or ""
        url = confirmation_url(api_url, message.topic_arn, token)
        order = ("Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL")
        return _ordered({**head, "Token": token, "SubscribeURL": url}, order)
    if message.subject is not None:
        head["Subject"] = message.subject
    made = _ordered(head, ("Type", "MessageId", "TopicArn", "Subject"))
    made["UnsubscribeURL"] = unsubscribe_url(api_url, subscription.arn)
    if message.attributes:
        made["MessageAttributes"] = {
            name: {"Type": attribute.data_type, "Value": attribute.value}
            for name, attribute in message.attributes.items()
        }
    return made


def _ordered(members: Mapping[str, str], first: tuple[str, ...]) -> Envelope:
    keys = [key for key in first if key in members]
    return {key: members[key] for key in [*keys, *(key for key in members if key not in keys)]}


def string_to_sign(envelope: Envelope) -> bytes:
    """`Key`, a line feed, the value and another, for each signed member in the order of their octets (SN-8).

    | Type                  | signed members                                                        |
    |-----------------------|-----------------------------------------------------------------------|
    | Notification          | Message, MessageId, Subject if there is one, Timestamp, TopicArn, Type |
    | …Confirmation (both)  | Message, MessageId, SubscribeURL, Timestamp, Token, TopicArn, Type     |
    """
    is_notification = envelope["Type"] == MessageType.NOTIFICATION.value
    signed = _SIGNED_OF_NOTIFICATION if is_notification else _SIGNED_OF_CONFIRMATION
    return "".join(f"{key}\n{envelope[key]}\n" for key in signed if key in envelope).encode()


def body(envelope: Envelope, signature: str) -> str:
    """The JSON text with the signature (base64) in its place, spaced as SNS spaces it."""
    signed: Envelope = {}
    for key, value in envelope.items():
        if key == "SigningCertURL":
            signed["Signature"] = signature
        signed[key] = value
    return json.dumps(signed, indent=2, separators=(",", " : "), ensure_ascii=False)


def http_headers(
    message: Message,
    subscription: Subscription,
    *,
    is_raw: bool = False,
    content_type: str = CONTENT_TYPE,
) -> dict[str, str]:
    """The header fields of a delivery over http(s) (SN-6).

    Only a notification goes out raw or with a type of content that was chosen (observed on AWS), and the request
    to confirm names no subscription: it is none yet.
    """
    if message.type is not MessageType.NOTIFICATION:
        content_type = CONTENT_TYPE
    headers = {
        "x-amz-sns-message-type": message.type.value,
        "x-amz-sns-message-id": message.id,
        "x-amz-sns-topic-arn": message.topic_arn,
    }
    if message.type is not MessageType.SUBSCRIPTION_CONFIRMATION:
        headers["x-amz-sns-subscription-arn"] = subscription.arn
    if is_raw and message.type is MessageType.NOTIFICATION:
        headers["x-amz-sns-rawdelivery"] = "true"
    return {**headers, "Content-Type": content_type, "User-Agent": USER_AGENT}

"""Attributes of topics and subscriptions: which there are, and what they may be.

Subscribe and CreateTopic say of a bad one `Invalid parameter: Attributes Reason: …`, the Set operations
`Invalid parameter: …`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from unicodedata import category

from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics.delivery_policy import check_subscription_policy, check_topic_policy
from stillup.rules.topics.filter_policy import FilterScope, parse_filter_policy
from stillup.rules.topics.policy import check_policy
from stillup.rules.topics.refusals import invalid
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic

MOST_DISPLAY_NAME: Final = 100
DEAD_LETTER_QUEUE: Final = "stillup-dead-letters"
"""The one queue that there is, in every Region."""

_WEB: Final = (DeliveryProtocol.HTTP, DeliveryProtocol.HTTPS)
_SUBSCRIPTION_ATTRIBUTES: Final = frozenset(
    {"DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"}
)
_TOPIC_ATTRIBUTES: Final = frozenset(
    {"DeliveryPolicy", "DisplayName", "Policy", "SignatureVersion", "TracingConfig"}
)
_SAMPLE_RATE: Final = "SuccessFeedbackSampleRate"
_FIFO_ATTRIBUTES: Final = ("FifoTopic", "ContentBasedDeduplication")


def dead_letter_arn(topic_arn: Arn) -> Arn:
    """The queue of the topic's Region and account."""
    _, partition, _, region, account, _ = topic_arn.split(":", 5)
    return Arn(f"arn:{partition}:sqs:{region}:{account}:{DEAD_LETTER_QUEUE}")


def with_subscription_attributes(
    subscription: Subscription, given: Mapping[str, str]
) -> Subscription | Refusal:
    """The subscription with these set; an empty value unsets one. A refusal leaves all as it was."""
    for name in given:
        if name not in _SUBSCRIPTION_ATTRIBUTES:
            return invalid("AttributeName")
    plain = {name: value.lower() if name == "RawMessageDelivery" else value for name, value in given.items()}
    merged = {**subscription.attributes, **plain}
    changed = replace(subscription, attributes={name: value for name, value in merged.items() if value})
    for name, value in given.items():
        refusal = _check_subscription(changed, name, value)
        if refusal is not None:
            return refusal
    return changed


def _check_subscription(changed: Subscription, name: str, value: str) -> Refusal | None:
    scope = changed.attributes.get("FilterPolicyScope", FilterScope.ATTRIBUTES)
    if name == "RawMessageDelivery":
        return _check_raw(changed.protocol, value)
    if name == "FilterPolicyScope" and value not in list(FilterScope):
        return invalid(
            f"FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody or MessageAttributes"
        )
    if name in ("FilterPolicy", "FilterPolicyScope"):
        policy = changed.attributes.get("FilterPolicy")
        if policy is None or scope not in list(FilterScope):
            return None
        parsed = parse_filter_policy(policy, FilterScope(scope))
        return parsed if isinstance(parsed, Refusal) else None
    if not value:
        return None
    if name == "RedrivePolicy":
        return _check_redrive(value, dead_letter_arn(changed.topic_arn))
    if changed.protocol not in _WEB:
        return invalid(f"Delivery protocol [{changed.protocol}] does not support delivery policies.")
    return check_subscription_policy(value)


def _check_raw(protocol: DeliveryProtocol, value: str) -> Refusal | None:
    if value.lower() not in ("true", "false"):
        return invalid(f"RawMessageDelivery: Invalid value [{value}]. Must be true or false.")
    if value.lower() == "true" and protocol not in _WEB:
        return invalid(f"Delivery protocol [{protocol}] does not support raw message delivery.")
    return None


def _check_redrive(text: str, queue: Arn) -> Refusal | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return invalid("RedrivePolicy: failed to parse JSON.")
    target = document.get("deadLetterTargetArn") if isinstance(document, dict) else None
    if not isinstance(target, str) or len(target.split(":")) != 6 or not target.startswith("arn:"):
        return invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn")
    if target != queue:
        return invalid(f"RedrivePolicy: deadLetterTargetArn must be {queue}, the queue that there is")
    return None


def with_topic_attributes(topic: Topic, given: Mapping[str, str]) -> Topic | Refusal:
    """The topic with these set; an empty value unsets one. A refusal leaves all as it was.

    Attributes that AWS has and that are not built, as those of FIFO topics, encryption and delivery logs, are
    refused, unless their value asks for nothing.
    """
    for name, value in given.items():
        refusal = _check_topic(name, value)
        if refusal is not None:
            return refusal
    merged = {
        **topic.attributes,
        **{name: value for name, value in given.items() if name in _TOPIC_ATTRIBUTES},
    }
    return replace(topic, attributes={name: value for name, value in merged.items() if value})


def _check_topic(name: str, value: str) -> Refusal | None:
    match name:
        case "Policy":
            return check_policy(value) if value else None
        case "DeliveryPolicy":
            return check_topic_policy(value)
        case "DisplayName":
            plain = not any(category(character)[0] == "C" for character in value)
            return None if len(value) <= MOST_DISPLAY_NAME and plain else invalid("DisplayName")
        case "SignatureVersion":
            return None if value in ("1", "2") else invalid("SignatureVersion")
        case "TracingConfig":
            return None if value in ("", "PassThrough") else invalid("TracingConfig")
    if name in _FIFO_ATTRIBUTES:
        return None if value.lower() == "false" else invalid(f"{name}: FIFO topics are not built")
    if name.endswith(_SAMPLE_RATE) and value == "0":
        return None  # Terraform sends one for each protocol with every topic that it makes
    return invalid("AttributeName") if value else None


def in_attributes(refusal: Refusal) -> Refusal:
    """The same, as the operations word it that take several attributes at once."""
    prefix, marker, reason = refusal.message.partition("Invalid parameter: ")
    return Refusal.because(refusal.code, f"{prefix}{marker}Attributes Reason: {reason}")

"""Whether a message gets through to a subscription (SN-11)."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

from stillup.rules.topics.envelope import text_for
from stillup.rules.topics.filter_conditions import Scalar
from stillup.rules.topics.filter_policy import Branch, FilterScope, Leaf, parse_filter_policy
from stillup.rules.topics.message import Message, MessageAttribute, MessageType
from stillup.rules.topics.topic import Subscription

_REMEMBERED: Final = 1024
"""Policies that are not parsed anew for the next message."""
_NO_JSON: Final = object()


def lets_through(subscription: Subscription, message: Message) -> bool:
    """Whether this message is for this subscription, as far as its filter policy goes.

    | message      | policy        | scope             | through?                                        |
    |--------------|---------------|-------------------|-------------------------------------------------|
    | confirmation | any           | any               | yes                                             |
    | notification | none          | any               | yes                                             |
    | notification | some          | MessageAttributes | if the attributes match                         |
    | notification | some          | MessageBody       | if the text is a JSON object or list that does  |

    Binary attributes are as if they were not there. A policy that this version cannot read lets all through:
    better one mail too many.
    """
    text = subscription.attributes.get("FilterPolicy")
    if not text or message.type is not MessageType.NOTIFICATION:
        return True
    scope = FilterScope(subscription.attributes.get("FilterPolicyScope", FilterScope.ATTRIBUTES))
    policy = _compiled(text, scope)
    if policy is None:
        return True
    in_body = scope is FilterScope.BODY
    document = _parsed(text_for(message, subscription.protocol)) if in_body else _attributes(message)
    try:
        return isinstance(document, dict | list) and _matches(policy, document)
    except RecursionError:  # what is nested as deeply as that has nothing that a policy asks for
        return False


@lru_cache(maxsize=_REMEMBERED)
def _compiled(text: str, scope: FilterScope) -> Branch | None:
    policy = parse_filter_policy(text, scope)
    return policy if isinstance(policy, Branch) else None


@lru_cache(maxsize=8)
def _parsed(text: str) -> Any:
    """The document, or _NO_JSON. Remembered, for the next subscription wants the same one; nobody changes it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NO_JSON


def _attributes(message: Message) -> dict[str, Any]:
    return {
        name: _value(attribute)
        for name, attribute in message.attributes.items()
        if attribute.data_type.partition(".")[0] != "Binary"
    }


def _value(attribute: MessageAttribute) -> Any:
    if attribute.data_type == "String.Array":
        parsed = _parsed(attribute.value)
        return attribute.value if parsed is _NO_JSON else parsed
    if attribute.data_type.partition(".")[0] == "Number":
        return float(attribute.value)
    return attribute.value


def _matches(branch: Branch, document: Any) -> bool:
    """A list of objects matches as soon as one of them does."""
    if isinstance(document, list):
        objects = [each for each in document if isinstance(each, dict | list)]
        return any(_matches(branch, each) for each in objects) if objects else _matches(branch, {})
    present = document if isinstance(document, dict) else {}
    return all(_key_matches(key, child, present) for key, child in branch.keys) and (
        not branch.alternatives or any(_matches(each, document) for each in branch.alternatives)
    )


def _key_matches(key: str, child: Leaf | Branch, document: dict[str, Any]) -> bool:
    found = _found(document, key)
    if isinstance(child, Branch):
        return any(_matches(child, each) for each in found or [None])
    if not found:
        return child.accepts_absence
    return any(holds(value) for each in found for value in _scalars(each) for holds in child.conditions)


def _found(document: Any, key: str) -> list[Any]:
    """The values of this key: `a.b` is also the `b` in the object `a`, as SNS has it (observed on AWS)."""
    if isinstance(document, list):
        return [value for each in document for value in _found(each, key)]
    if not isinstance(document, dict):
        return []
    found = [document[key]] if key in document else []
    if "." in key:
        for name, child in document.items():
            if key.startswith(f"{name}."):
                found += _found(child, key[len(name) + 1 :])
    return found


def _scalars(value: Any) -> list[Scalar]:
    if isinstance(value, list):
        return [scalar for each in value for scalar in _scalars(each)]
    return [] if isinstance(value, dict) else [value]

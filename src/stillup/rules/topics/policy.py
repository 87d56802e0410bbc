"""Policies of topics: reading the caller's JSON, and the one that a topic has from the start (SN-12).

What a policy then allows is decided in rules/iam/evaluate.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from stillup.rules.iam.conditions import is_comparable, parse_operator
from stillup.rules.iam.document import conditions_of, read_object, texts_of
from stillup.rules.iam.policy import (
    NEW_VERSION,
    OLD_VERSION,
    Effect,
    Policy,
    Principals,
    Statement,
    action_patterns,
    resource_patterns,
)
from stillup.rules.iam.principals import parse_principals
from stillup.rules.refusal import Refusal
from stillup.rules.topics.refusals import invalid
from stillup.rules.topics.topic import Topic

MOST_OCTETS: Final = 30 * 1024

_POLICY_FIELDS: Final = frozenset({"Version", "Id", "Statement"})
_STATEMENT_FIELDS: Final = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)


class _Malformed(Exception):
    """Within this file only: the first reason why the text is no policy of a topic."""


def default_policy(topic: Topic) -> str:
    """What GetTopicAttributes shows where no policy was set: everything for the owner (observed on AWS)."""
    actions = (
        *("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission"),
        *("DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish"),
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": topic.arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": topic.owner}},
    }
    document = {"Version": OLD_VERSION, "Id": "__default_policy_ID", "Statement": [statement]}
    return json.dumps(document, separators=(",", ":"))


@lru_cache(maxsize=256)
def parse_topic_policy(text: str) -> Policy | Refusal:
    """The policy as the evaluator takes it, or InvalidParameter. Remembered, for every call asks."""
    try:
        return _policy(text)
    except _Malformed as reason:
        return invalid(f"Policy Error: {reason}")


def check_policy(text: str) -> Refusal | None:
    """InvalidParameter where a topic cannot have this policy."""
    parsed = parse_topic_policy(text)
    return parsed if isinstance(parsed, Refusal) else None


def _policy(text: str) -> Policy:
    if len(text.encode(errors="replace")) > MOST_OCTETS:
        raise _Malformed(f"the policy is longer than {MOST_OCTETS} octets")
    try:
        document = read_object(text)
    except ValueError:
        raise _Malformed("null") from None
    version = document.get("Version", OLD_VERSION)
    statements = document.get("Statement")
    listed = [statements] if isinstance(statements, dict) else statements
    if not document.keys() <= _POLICY_FIELDS or version not in (OLD_VERSION, NEW_VERSION):
        raise _Malformed("null")
    if not isinstance(listed, list) or not listed:
        raise _Malformed("null")
    return Policy(tuple(_statement(each, variables=version == NEW_VERSION) for each in listed))


def _statement(stated: object, *, variables: bool) -> Statement:
    if not isinstance(stated, dict) or not stated.keys() <= _STATEMENT_FIELDS:
        raise _Malformed("null")
    if stated.get("Effect") not in list(Effect):
        raise _Malformed("the Effect of a statement must be Allow or Deny")
    actions, but_actions = _either(stated, "Action")
    if not all(action == "*" or action.lower().startswith("sns:") for action in actions):
        raise _Malformed("Policy statement action out of service scope!")
    resources, but_resources = _either(stated, "Resource")
    conditions = conditions_of(stated.get("Condition", {}))
    if conditions is None:
        raise _Malformed("null")
    for condition in conditions:
        operator = parse_operator(condition.operator)
        if operator is None or not all(is_comparable(operator, value) for value in condition.values):
            raise _Malformed(f"the condition {condition.operator} cannot be compared")
    sid = stated.get("Sid")
    return Statement(
        effect=Effect(stated["Effect"]),
        actions=action_patterns(actions, negated=but_actions),
        resources=resource_patterns(resources, negated=but_resources, variables=variables),
        conditions=conditions,
        principals=_principals(stated),
        sid=sid if isinstance(sid, str) else None,
        has_variables=variables,
    )


def _either(stated: Mapping[str, object], field: str) -> tuple[tuple[str, ...], bool]:
    negated = f"Not{field}" in stated
    texts = texts_of(stated.get(f"Not{field}" if negated else field))
    if not texts or (negated and field in stated):
        raise _Malformed(f"a statement must have {field}")
    return texts, negated


def _principals(stated: Mapping[str, object]) -> Principals:
    negated = "NotPrincipal" in stated
    principals = parse_principals(stated.get("NotPrincipal" if negated else "Principal"), negated=negated)
    if principals is None or (negated and "Principal" in stated):
        raise _Malformed("PrincipalNotFound")
    return principals

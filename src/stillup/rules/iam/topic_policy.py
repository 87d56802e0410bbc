"""Topic policies: parsing and validation of the caller's JSON, with SNS's reasons (InvalidParameter).

Limits: SNS developer guide, "Amazon SNS API permissions": 30 KB, 100 statements.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from stillup.rules.iam.conditions import is_comparable, parse_operator
from stillup.rules.iam.document import conditions_of, read_object, texts_of
from stillup.rules.iam.policy import (
    NEW_VERSION,
    OLD_VERSION,
    Condition,
    Effect,
    Policy,
    Statement,
    action_patterns,
    resource_patterns,
)
from stillup.rules.iam.principals import parse_principals
from stillup.rules.refusal import Refusal

MAX_TOPIC_POLICY: Final = 30 * 1024
MAX_STATEMENTS: Final = 100

_POLICY_FIELDS: Final = frozenset(("Version", "Id", "Statement"))
_STATEMENT_FIELDS: Final = frozenset(
    (
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    )
)
_ACTION: Final = re.compile(r"\*|sns:[a-z*?]+", re.IGNORECASE)


class _Malformed(Exception):
    """Within this file only: the first reason why the text is no policy."""


@lru_cache(maxsize=256)
def parse_topic_policy(text: str) -> Policy | Refusal:
    """The policy, or SNS's reason to refuse it. Remembered, for every call about the topic asks."""
    try:
        return _policy(text)
    except _Malformed as reason:
        return Refusal.because("InvalidParameter", f"Invalid parameter: {reason}")


def _policy(text: str) -> Policy:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TOPIC_POLICY:
        raise _Malformed("Policy is too long")
    try:
        document = read_object(text)
    except ValueError:
        raise _Malformed("Policy failed to parse") from None
    version = document.get("Version", OLD_VERSION)
    stated = document.get("Statement")
    statements = stated if isinstance(stated, list) else [stated]
    if not document.keys() <= _POLICY_FIELDS or version not in (NEW_VERSION, OLD_VERSION) or not statements:
        raise _Malformed("Policy failed to parse")
    if len(statements) > MAX_STATEMENTS:
        raise _Malformed("Policy has too many statements")
    return Policy(tuple(_statement(each, variables=version == NEW_VERSION) for each in statements))


def _statement(stated: object, *, variables: bool) -> Statement:
    if not isinstance(stated, dict) or not stated.keys() <= _STATEMENT_FIELDS:
        raise _Malformed("Policy statement failed to parse")
    if stated.get("Effect") not in ("Allow", "Deny"):
        raise _Malformed("Policy statement has no valid effect")
    actions, without_actions = _either(stated, "Action")
    if not all(map(_ACTION.fullmatch, actions)):
        raise _Malformed("Policy statement action out of service scope!")
    resources, without_resources = _either(stated, "Resource")
    negated = "NotPrincipal" in stated
    principals = parse_principals(stated.get("NotPrincipal" if negated else "Principal"), negated=negated)
    if principals is None or (negated and "Principal" in stated):
        raise _Malformed("Policy Error: PrincipalNotFound")
    sid = stated.get("Sid")
    return Statement(
        effect=Effect(stated["Effect"]),
        actions=action_patterns(actions, negated=without_actions),
        resources=resource_patterns(resources, negated=without_resources, variables=variables),
        conditions=_conditions(stated.get("Condition", {})),
        principals=principals,
        sid=sid if isinstance(sid, str) else None,
        has_variables=variables,
    )


def _either(stated: Mapping[str, object], field: str) -> tuple[tuple[str, ...], bool]:
    negated = f"Not{field}" in stated
    values = texts_of(stated.get(f"Not{field}" if negated else field))
    if not values or (negated and field in stated):
        raise _Malformed(f"Policy statement must have one of {field} and Not{field}")
    return values, negated


def _conditions(stated: object) -> tuple[Condition, ...]:
    conditions = conditions_of(stated)
    for condition in conditions or ():
        operator = parse_operator(condition.operator)
        if operator is None or not all(is_comparable(operator, value) for value in condition.values):
            raise _Malformed("Policy condition failed to parse")
    if conditions is None:
        raise _Malformed("Policy condition failed to parse")
    return conditions

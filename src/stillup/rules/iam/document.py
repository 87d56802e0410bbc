"""Identity policies: reading the caller's JSON, with IAM's reasons to refuse it (MalformedPolicyDocument).

The reasons come in IAM's order, the first that applies:

| what is wrong                                                   | reason                                        |
|-----------------------------------------------------------------|-----------------------------------------------|
| no JSON, an unknown field, a value of the wrong type            | Syntax errors in policy.                      |
| a Version that is missing or older than 2012-10-17              | Policy document must be version …             |
| Principal or NotPrincipal                                       | Policy document should not specify …          |
| an Effect in other case, a value that is no date, number, range | The policy failed legacy parsing              |
| a resource that is no ARN                                       | Resource … must be in ARN format or "*". …    |
| two statements with one Sid                                     | Statement IDs (SID) …                         |
| no action, no resource, an action without a service             | Policy statement must contain actions. …      |
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NoReturn, TypeAlias

from stillup.rules.iam.conditions import is_comparable, parse_operator
from stillup.rules.iam.patterns import has_variables
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
from stillup.rules.iam.resource_form import complaint_about_resource
from stillup.rules.refusal import Refusal

Json: TypeAlias = Mapping[str, object]

MAX_DOCUMENT: Final = 131_072
"""Characters of a PolicyDocument, by IAM's model; the quotas are smaller and somebody else's."""

_SYNTAX: Final = "Syntax errors in policy."
_LEGACY: Final = "The policy failed legacy parsing"
_POLICY_FIELDS: Final = frozenset(("Version", "Id", "Statement"))
_STATEMENT_FIELDS: Final = frozenset(
    ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
)
_PRINCIPAL_FIELDS: Final = frozenset(("Principal", "NotPrincipal"))
_SERVICE: Final = re.compile(r"[A-Za-z0-9_.-]+")
_SID: Final = re.compile("[0-9A-Za-z]*")
_ACTION_FIELDS: Final = ("Action", "NotAction")
_RESOURCE_FIELDS: Final = ("Resource", "NotResource")


class _Malformed(Exception):
    """Within this file only: the first reason why the text is no policy."""


@lru_cache(maxsize=1024)
def parse_document(text: str) -> Policy | Refusal:
    """The policy, or IAM's reason to refuse it. Remembered, for every API call asks."""
    try:
        return _policy(text)
    except _Malformed as reason:
        return Refusal.because("MalformedPolicyDocument", str(reason))


def read_object(text: str) -> Json:
    """The JSON object that the text is. Raises ValueError also for a field given twice, and for endless nesting."""
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(document, dict):
        raise ValueError("not an object")  # noqa: TRY004 - what is wrong is the text
    return document


def texts_of(stated: object) -> tuple[str, ...] | None:
    """One text or a list of texts; None for anything else."""
    texts = [stated] if isinstance(stated, str) else stated
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return None
    return tuple(texts)


def conditions_of(stated: object) -> tuple[Condition, ...] | None:
    """A Condition element, of which numbers and truth values become text; None where its form is wrong."""
    if not isinstance(stated, dict) or not all(isinstance(keys, dict) for keys in stated.values()):
        return None
    conditions: list[Condition] = []
    for operator, keys in stated.items():
        for key, values in keys.items():
            plain = values if isinstance(values, list) else [values]
            if not all(isinstance(value, str | bool | int | float) for value in plain):
                return None
            texts = tuple(value if isinstance(value, str) else json.dumps(value) for value in plain)
            conditions.append(Condition(operator, key, texts))
    return tuple(conditions)


def _policy(text: str) -> Policy:
    if len(text) > MAX_DOCUMENT:
        raise _Malformed(_SYNTAX)
    try:
        document = read_object(text)
    except ValueError:
        raise _Malformed(_SYNTAX) from None
    statements = _stated(document)
    if document.get("Version") != NEW_VERSION:
        raise _Malformed(f"Policy document must be version {NEW_VERSION} or greater.")
    if any(not _PRINCIPAL_FIELDS.isdisjoint(each) for each in statements):
        raise _Malformed("Policy document should not specify a principal.")
    for each in statements:
        _raise_if_not_legacy(each)
    for each in statements:
        _raise_if_no_resource_form(each)
    sids = [str(each["Sid"]) for each in statements if each.get("Sid")]
    if len(sids) != len(set(sids)):
        raise _Malformed("Statement IDs (SID) in a single policy must be unique.")
    if not all(map(_SID.fullmatch, sids)):
        raise _Malformed(
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
            f"{_SID.pattern}"
        )
    for each in statements:
        _raise_if_incomplete(each)
    return Policy(tuple(map(_statement, statements)))


def _stated(document: Json) -> list[Json]:
    """The statements, if everything has the right form."""
    stated = document.get("Statement")
    statements = stated if isinstance(stated, list) else [stated]
    if (
        not document.keys() <= _POLICY_FIELDS
        or document.get("Version", NEW_VERSION) not in (NEW_VERSION, OLD_VERSION)
        or not isinstance(document.get("Id", ""), str)
        or not statements
    ):
        raise _Malformed(_SYNTAX)
    read: list[Json] = []
    for each in statements:
        if not isinstance(each, dict) or not _has_form(each):
            raise _Malformed(_SYNTAX)
        read.append(each)
    return read


def _has_form(statement: Json) -> bool:
    known = statement.keys() <= _STATEMENT_FIELDS | _PRINCIPAL_FIELDS
    single = all(not {*fields} <= statement.keys() for fields in (_ACTION_FIELDS, _RESOURCE_FIELDS))
    effect, sid = statement.get("Effect"), statement.get("Sid", "")
    lists = [statement.get(field, []) for field in (*_ACTION_FIELDS, *_RESOURCE_FIELDS)]
    conditions = conditions_of(statement.get("Condition", {}))
    return (
        known
        and single
        and isinstance(sid, str)
        and isinstance(effect, str)
        and effect.lower() in ("allow", "deny")
        and all(texts_of(each) is not None for each in lists)
        and conditions is not None
        and all(parse_operator(condition.operator) for condition in conditions)
    )


def _raise_if_not_legacy(statement: Json) -> None:
    if statement["Effect"] not in ("Allow", "Deny"):
        raise _Malformed(_LEGACY)
    for condition in _conditions(statement):
        operator = parse_operator(condition.operator)
        if operator is None or not all(is_comparable(operator, value) for value in condition.values):
            raise _Malformed(_LEGACY)


def _raise_if_no_resource_form(statement: Json) -> None:
    for resource in _listed(statement, _RESOURCE_FIELDS):
        complaint = None if has_variables(resource) else complaint_about_resource(resource)
        if complaint is not None:
            raise _Malformed(complaint)


def _raise_if_incomplete(statement: Json) -> None:
    actions = _listed(statement, _ACTION_FIELDS)
    if not actions:
        raise _Malformed("Policy statement must contain actions.")
    if not _listed(statement, _RESOURCE_FIELDS):
        raise _Malformed("Policy statement must contain resources.")
    for action in actions:
        service, colon, rest = action.partition(":")
        if not colon and action != "*":
            raise _Malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
        if ":" in rest:
            raise _Malformed("Actions/Condition can contain only one colon.")
        if colon and not _SERVICE.fullmatch(service):
            raise _Malformed(f"Vendor {service} is not valid")


def _statement(stated: Json) -> Statement:
    sid = stated.get("Sid")
    return Statement(
        effect=Effect(str(stated["Effect"])),
        actions=action_patterns(_listed(stated, _ACTION_FIELDS), negated="NotAction" in stated),
        resources=resource_patterns(_listed(stated, _RESOURCE_FIELDS), negated="NotResource" in stated),
        conditions=tuple(_conditions(stated)),
        sid=sid if isinstance(sid, str) else None,
    )


def _listed(statement: Json, fields: Sequence[str]) -> tuple[str, ...]:
    return next((texts_of(statement[field]) or () for field in fields if field in statement), ())


def _conditions(statement: Json) -> Iterator[Condition]:
    yield from conditions_of(statement.get("Condition", {})) or ()


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is given twice")
    return fields


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")

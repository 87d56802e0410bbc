"""Bucket policies: parsing and validation of the caller's JSON, with S3's reasons (MalformedPolicy).

What a policy then allows is decided in rules/buckets/access.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache
from typing import Final

from stillup.rules.buckets.errors import refusal
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal

MAX_POLICY_OCTETS: Final = 20 * 1024

_VERSIONS: Final = ("2012-10-17", "2008-10-17")
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
_PRINCIPAL_KINDS: Final = frozenset(("AWS", "Service", "CanonicalUser", "Federated"))
_AWS_PRINCIPAL: Final = re.compile(r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):[^*]+")
_ACTION: Final = re.compile(r"\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")
_OBJECT_ACTION: Final = re.compile(
    r"s3:(?!GetBucket|PutBucket)(\w*Object\w*|AbortMultipartUpload|ListMultipartUploadParts|Replicate\w+"
    r"|InitiateReplication|BypassGovernanceRetention)",
    re.IGNORECASE,
)


class Effect(StrEnum):
    """What a statement does where it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with one key: `{"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}`."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """A positive or a negated list: Action or NotAction, Resource or NotResource, Principal or NotPrincipal."""

    values: tuple[str, ...]
    negated: bool = False

    def cover(self, text: str, *, ignore_case: bool = False) -> bool:
        """Whether the text matches, `*` and `?` being wildcards."""
        return any(_matches(value, text, ignore_case) for value in self.values) is not self.negated


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Principals are `KIND:VALUE`, or `*` for everyone; resources all lie in the partition `aws`."""

    effect: Effect
    principals: Patterns
    actions: Patterns
    resources: Patterns
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A valid policy of one bucket."""

    statements: tuple[Statement, ...]


class _Malformed(Exception):
    """Within this file only: the first reason why the text is no policy."""


@lru_cache(maxsize=256)
def parse_policy(text: str, bucket: BucketName) -> Policy | Refusal:
    """The policy, or S3's reason to refuse it. Remembered, for the website asks at every request."""
    try:
        return _policy(text, bucket)
    except _Malformed as reason:
        return refusal("MalformedPolicy", str(reason))


def _policy(text: str, bucket: BucketName) -> Policy:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_POLICY_OCTETS:
        raise _Malformed(f"Policy exceeds the maximum allowed document size of {MAX_POLICY_OCTETS} bytes")
    if not text.lstrip().startswith("{"):
        raise _Malformed("Policies must be valid JSON and the first byte must be '{'")
    try:
        document = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError):
        raise _Malformed("This policy contains invalid Json") from None
    _raise_if_unknown(document, _POLICY_FIELDS)
    if document.get("Version", _VERSIONS[1]) not in _VERSIONS:
        raise _Malformed("The policy must contain a valid version string")
    if "Statement" not in document:
        raise _Malformed("Missing required field Statement")
    statements = document["Statement"]
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        raise _Malformed("Invalid policy syntax.")
    if not statements:
        raise _Malformed("Could not parse the policy: Statement is empty!")
    sids = [item["Sid"] for item in statements if isinstance(item, dict) and isinstance(item.get("Sid"), str)]
    if len(sids) != len(set(sids)):
        raise _Malformed("Statement IDs (SID) in a single policy must be unique.")
    return Policy(tuple(_statement(item, bucket) for item in statements))


def _statement(item: object, bucket: BucketName) -> Statement:
    if not isinstance(item, dict):
        raise _Malformed("Invalid policy syntax.")
    _raise_if_unknown(item, _STATEMENT_FIELDS)
    effect = item.get("Effect")
    if effect is None:
        raise _Malformed("Missing required field Effect")
    if effect not in ("Allow", "Deny"):
        raise _Malformed(f"Invalid effect: {effect}")
    principals = _principals(item)
    actions = _either(item, "Action")
    for action in actions.values:
        if not _ACTION.fullmatch(action) or not action.lower().startswith(("s3:", "*")):
            raise _Malformed("Policy has invalid action")
    resources = _either(item, "Resource")
    for resource in resources.values:
        if not _lies_in(bucket, resource):
            raise _Malformed("Policy has invalid resource")
    if not actions.negated and not resources.negated:
        _raise_if_unrelated(actions.values, resources.values)
    resources = Patterns(tuple(map(_without_partition, resources.values)), resources.negated)
    return Statement(Effect(effect), principals, actions, resources, _conditions(item.get("Condition", {})))


def _principals(item: Mapping[str, object]) -> Patterns:
    negated = "NotPrincipal" in item
    if negated == ("Principal" in item):
        raise _Malformed("Missing required field Principal" if not negated else "Invalid policy syntax.")
    stated = item["NotPrincipal" if negated else "Principal"]
    if stated == "*":
        return Patterns(("*",), negated)
    if not isinstance(stated, dict) or not stated or not stated.keys() <= _PRINCIPAL_KINDS:
        raise _Malformed("Invalid principal in policy")
    values: list[str] = []
    for kind, members in stated.items():
        for member in _texts(members, "Invalid principal in policy"):
            if kind == "AWS" and not _AWS_PRINCIPAL.fullmatch(member):
                raise _Malformed("Invalid principal in policy")
            values.append("*" if member == "*" else f"{kind}:{member}")
    return Patterns(tuple(values), negated)


def _either(item: Mapping[str, object], field: str) -> Patterns:
    negated = f"Not{field}" in item
    if negated and field in item:
        raise _Malformed("Invalid policy syntax.")
    if not negated and field not in item:
        raise _Malformed(f"Missing required field {field}")
    return Patterns(_texts(item[f"Not{field}" if negated else field], "Invalid policy syntax."), negated)


def _conditions(stated: object) -> tuple[Condition, ...]:
    if not isinstance(stated, dict):
        raise _Malformed("Invalid policy syntax.")
    conditions: list[Condition] = []
    for operator, keys in stated.items():
        if not isinstance(keys, dict):
            raise _Malformed("Invalid policy syntax.")
        for key, values in keys.items():
            plain = [values] if isinstance(values, str | bool | int | float) else values
            if not isinstance(plain, list) or not all(isinstance(v, str | bool | int | float) for v in plain):
                raise _Malformed("Invalid policy syntax.")
            texts = tuple(v if isinstance(v, str) else json.dumps(v) for v in plain)
            conditions.append(Condition(operator, key, texts))
    return tuple(conditions)


def _raise_if_unrelated(actions: Sequence[str], resources: Sequence[str]) -> None:
    """Object actions want a resource that can be an object, bucket actions one that can be the bucket."""
    objects = any("/" in resource or "*" in resource or "?" in resource for resource in resources)
    buckets = any("/" not in resource for resource in resources)
    for action in actions:
        if "*" in action or "?" in action:
            continue
        if not (objects if _OBJECT_ACTION.fullmatch(action) else buckets):
            raise _Malformed("Action does not apply to any resource(s) in statement")


def _lies_in(bucket: BucketName, resource: str) -> bool:
    partition, found, path = resource.partition(":s3:::")
    name, _, _ = path.partition("/")
    return bool(found) and re.fullmatch("arn:aws[a-z-]*", partition) is not None and _matches(name, bucket)


def _without_partition(resource: str) -> str:
    """A bucket has one partition: a Deny for `arn:aws-cn:s3:::…` must not be without effect for its spelling."""
    return "arn:aws:s3:::" + resource.partition(":s3:::")[2]


def _texts(stated: object, complaint: str) -> tuple[str, ...]:
    texts = [stated] if isinstance(stated, str) else stated
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise _Malformed(complaint)
    return tuple(texts)


def _raise_if_unknown(stated: Mapping[str, object], known: frozenset[str]) -> None:
    for field in stated:
        if field not in known:
            raise _Malformed(f"Unknown field {field}")


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is given twice")
    return fields


@lru_cache(maxsize=1024)
def _pattern(pattern: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001  (lru_cache's key)
    # fnmatch knows brackets, policies do not.
    return re.compile(translate(pattern.replace("[", "[[]")), re.IGNORECASE if ignore_case else 0)


def _matches(pattern: str, text: str, ignore_case: bool = False) -> bool:  # noqa: FBT001, FBT002
    return _pattern(pattern, ignore_case).match(text) is not None

"""Bucket policies: parsing and validation of the caller's JSON, with S3's reasons (MalformedPolicy).

What a policy then allows is decided in rules/iam/evaluate.py, and whether it is public in access.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from stillup.rules.buckets.errors import refusal
from stillup.rules.iam.conditions import is_comparable, parse_operator
from stillup.rules.iam.document import conditions_of, read_object, texts_of
from stillup.rules.iam.patterns import compiled, glob
from stillup.rules.iam.policy import (
    NEW_VERSION,
    OLD_VERSION,
    Condition,
    Effect,
    Patterns,
    Policy,
    Principals,
    Statement,
    action_patterns,
    resource_patterns,
)
from stillup.rules.iam.principals import parse_principals
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal

MAX_POLICY_OCTETS: Final = 20 * 1024

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
_ACTION: Final = re.compile(r"\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")
_OBJECT_ACTION: Final = re.compile(
    r"s3:(?!GetBucket|PutBucket)(\w*Object\w*|AbortMultipartUpload|ListMultipartUploadParts|Replicate\w+"
    r"|InitiateReplication|BypassGovernanceRetention)",
    re.IGNORECASE,
)


class _Malformed(Exception):
    """Within this file only: the first reason why the text is no policy."""


@lru_cache(maxsize=256)
def parse_policy(text: str, bucket: BucketName) -> Policy | Refusal:
    """The policy, or S3's reason to refuse it. Remembered, for the website asks at every request.

    Its resources all lie in the partition `aws`.
    """
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
        document = read_object(text)
    except ValueError:
        raise _Malformed("This policy contains invalid Json") from None
    _raise_if_unknown(document, _POLICY_FIELDS)
    version = document.get("Version", OLD_VERSION)
    if version not in (NEW_VERSION, OLD_VERSION):
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
    return Policy(tuple(_statement(item, bucket, variables=version == NEW_VERSION) for item in statements))


def _statement(item: object, bucket: BucketName, *, variables: bool) -> Statement:
    if not isinstance(item, dict):
        raise _Malformed("Invalid policy syntax.")
    _raise_if_unknown(item, _STATEMENT_FIELDS)
    effect = item.get("Effect")
    if effect is None:
        raise _Malformed("Missing required field Effect")
    if effect not in ("Allow", "Deny"):
        raise _Malformed(f"Invalid effect: {effect}")
    principals = _principals(item)
    actions = _actions(item)
    resources = _resources(item, bucket, variables=variables)
    if not actions.negated and not resources.negated:
        _raise_if_unrelated(actions.values, resources.values)
    sid = item.get("Sid")
    return Statement(
        effect=Effect(effect),
        principals=principals,
        actions=actions,
        resources=resources,
        conditions=_conditions(item.get("Condition", {})),
        sid=sid if isinstance(sid, str) else None,
        has_variables=variables,
    )


def _principals(item: Mapping[str, object]) -> Principals:
    negated = "NotPrincipal" in item
    if negated == ("Principal" in item):
        raise _Malformed("Missing required field Principal" if not negated else "Invalid policy syntax.")
    principals = parse_principals(item["NotPrincipal" if negated else "Principal"], negated=negated)
    if principals is None:
        raise _Malformed("Invalid principal in policy")
    return principals


def _actions(item: Mapping[str, object]) -> Patterns:
    values, negated = _either(item, "Action")
    for action in values:
        if not _ACTION.fullmatch(action) or not action.lower().startswith(("s3:", "*")):
            raise _Malformed("Policy has invalid action")
    return action_patterns(values, negated=negated)


def _resources(item: Mapping[str, object], bucket: BucketName, *, variables: bool) -> Patterns:
    values, negated = _either(item, "Resource")
    for resource in values:
        if not _lies_in(bucket, resource):
            raise _Malformed("Policy has invalid resource")
    return resource_patterns([*map(_without_partition, values)], negated=negated, variables=variables)


def _either(item: Mapping[str, object], field: str) -> tuple[tuple[str, ...], bool]:
    negated = f"Not{field}" in item
    if negated and field in item:
        raise _Malformed("Invalid policy syntax.")
    if not negated and field not in item:
        raise _Malformed(f"Missing required field {field}")
    values = texts_of(item[f"Not{field}" if negated else field])
    if not values:
        raise _Malformed("Invalid policy syntax.")
    return values, negated


def _conditions(stated: object) -> tuple[Condition, ...]:
    conditions = conditions_of(stated)
    if conditions is None:
        raise _Malformed("Invalid policy syntax.")
    for condition in conditions:
        operator = parse_operator(condition.operator)
        if operator is None:
            raise _Malformed(f"Invalid Condition type : {condition.operator}")
        if not all(is_comparable(operator, value) for value in condition.values):
            raise _Malformed("Invalid policy syntax.")
    return conditions


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
    is_s3 = bool(found) and re.fullmatch("arn:aws[a-z-]*", partition) is not None
    return is_s3 and compiled(glob(name)).fullmatch(bucket) is not None


def _without_partition(resource: str) -> str:
    """A bucket has one partition: a Deny for `arn:aws-cn:s3:::…` must not be without effect for its spelling."""
    return "arn:aws:s3:::" + resource.partition(":s3:::")[2]


def _raise_if_unknown(stated: Mapping[str, object], known: frozenset[str]) -> None:
    for field in stated:
        if field not in known:
            raise _Malformed(f"Unknown field {field}")

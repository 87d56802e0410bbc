"""Principal and NotPrincipal of resource-based policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stillup.rules.iam.document import texts_of
from stillup.rules.iam.policy import Principals

_KINDS: Final = frozenset(("AWS", "Service", "CanonicalUser", "Federated"))
_AWS: Final = re.compile(r"\*|\d{12}|A[A-Z0-9]{15,}|arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):[^*]+")


def parse_principals(stated: object, *, negated: bool = False) -> Principals | None:
    """The principals, each `KIND:VALUE` or `*`; None where any of them cannot be one."""
    if stated == "*":
        return Principals(("*",), negated)
    if not isinstance(stated, Mapping) or not stated or not stated.keys() <= _KINDS:
        return None
    values: list[str] = []
    for kind, members in stated.items():
        texts = texts_of(members)
        if not texts or (kind == "AWS" and not all(map(_AWS.fullmatch, texts))):
            return None
        values += ["*" if each == "*" else f"{kind}:{each}" for each in texts]
    return Principals(tuple(values), negated)

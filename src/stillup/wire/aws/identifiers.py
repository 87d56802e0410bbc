"""Route 53's ids come back as `/hostedzone/Z…`, and callers may send them so or bare (HZ-4)."""

from __future__ import annotations

import re
from typing import Final

from botocore.model import Shape

ID_SHAPES: Final = frozenset({"ResourceId", "ChangeId", "DelegationSetId", "HealthCheckId", "TagResourceId"})
"""The shapes of Route 53's model whose values may carry a prefix."""

_PREFIX: Final = re.compile(r"/?(?:hostedzone|change|healthcheck|delegationset)/")


def bare_id(service: str, shape: Shape, text: str) -> str:
    """The text without the prefix, if it is such an id of Route 53."""
    if service != "route53" or shape.name not in ID_SHAPES:
        return text
    found = _PREFIX.match(text)
    return text[found.end() :] if found else text

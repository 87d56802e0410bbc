"""A plan of one failover from a few answers, and which answer is to blame where it is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from stillup.plan.file.plan_file import PlanFile
from stillup.plan.file.read import Document, read_plan

_SHARED_SUFFIXES: Final = frozenset(("ac", "co", "com", "edu", "gov", "net", "or", "org"))
"""What often stands between a name and its country: `example.co.uk` is one's own, `co.uk` is nobody's."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What `stillup init` is told, as it is typed; None and empty are not told."""

    name: str
    primary: tuple[str, ...]
    standby: str
    """A folder, relative to the plan file."""
    zone: str | None = None
    type: str | None = None
    port: int | None = None
    path: str | None = None
    interval: str | None = None
    ttl: int | None = None
    emails: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()
    budget: str | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None


@dataclass(frozen=True, slots=True)
class Blame:
    """What is wrong with one answer."""

    answer: str
    """A field of Answers."""
    message: str


def usual_zone(name: str) -> str:
    """The zone that this name is probably in: what its owner registered, as far as the name tells.

    | name                   | zone             |
    |------------------------|------------------|
    | `www.example.com`      | `example.com`    |
    | `www.shop.example.com` | `example.com`    |
    | `www.example.co.uk`    | `example.co.uk`  |
    | `example.com`          | `example.com`    |
    """
    labels = name.lower().removesuffix(".").split(".")
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_SUFFIXES
    return ".".join(labels[-3:] if is_shared else labels[-2:])


def outline(answers: Answers) -> PlanFile | tuple[Blame, ...]:
    """The plan of these answers, or everything that is wrong with them."""
    document = read_plan(json.dumps(_typed(answers), ensure_ascii=False), source="answers")
    if isinstance(document, Document):
        return document.plan
    blames = [Blame(_answer(each.path), each.message) for each in document]
    # A zone that was not told comes from the name, and with it what is wrong with it.
    return tuple(each for each in blames if each.answer != "zone" or answers.zone is not None)


def _typed(answers: Answers) -> dict[str, Any]:
    where = {"profile": answers.profile, "region": answers.region, "endpoint-url": answers.endpoint_url}
    check = {
        "type": answers.type,
        "port": answers.port,
        "path": answers.path,
        "interval": answers.interval,
    }
    alert = {"emails": list(answers.emails), "webhooks": list(answers.webhooks)}
    failover: dict[str, Any] = {
        "name": answers.name,
        "zone": answers.zone or usual_zone(answers.name),
        "primary": {**_target(answers.primary), "check": _told(check)},
        "standby": {"folder": answers.standby},
        "ttl": answers.ttl,
        "alert": _told(alert) or None,
        "budget": answers.budget,
    }
    return _told({"version": 1, "where": _told(where) or None, "failovers": [_told(failover)]})


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in values.items() if each is not None and each != []}


def _target(primary: tuple[str, ...]) -> dict[str, Any]:
    if len(primary) > 1:
        return {"addresses": list(primary)}
    (only,) = primary
    try:
        ip_address(only)
    except ValueError:
        # Digits and dots were meant as an address: the last label of a host name is never a number.
        looks_like_one = re.fullmatch(r"[\d.]+|[0-9A-Fa-f]*:[0-9A-Fa-f:]+", only)
        return {"address": only} if looks_like_one else {"name": only}
    return {"address": only}


_ANSWERS: Final = (
    (r"where\.endpoint-url", "endpoint_url"),
    (r"where\.(\w+)", r"\1"),
    (r"failovers\[0\]\.primary\.check\.(\w+)", r"\1"),
    (r"failovers\[0\]\.alert\.(emails|webhooks)\b.*", r"\1"),
    (r"failovers\[0\]\.(primary|standby)\b.*", r"\1"),
    (r"failovers\[0\]\.(\w+)", r"\1"),
)
"""From the path of an error to the answer that it comes from."""


def _answer(path: str) -> str:
    for form, answer in _ANSWERS:
        if (found := re.fullmatch(form, path)) is not None:
            return found.expand(answer)
    return "name"

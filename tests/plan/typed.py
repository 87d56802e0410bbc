"""Failovers as somebody types them, for tests of what is made of them."""

from __future__ import annotations

from typing import Any

from stillup.plan.desired import desired
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.setup import Setup, StoredObject


def typed(**keys: Any) -> Failover:
    """`www.example.com`, a server with a check and a folder as its standby, with these keys otherwise."""
    usual: dict[str, Any] = {
        "name": "www.example.com",
        "zone": "example.com",
        "primary": {"address": "203.0.113.10", "check": {"path": "/health"}},
        "standby": {"folder": "maintenance"},
    }
    return Failover.model_validate(usual | keys)


def page(key: str, digest: str = "d41d8cd98f00b204e9800998ecf8427e") -> StoredObject:
    """A page of the standby's folder."""
    return StoredObject(key, digest, 12, "text/html")


def asked(failover: Failover | None = None, *keys: str, **where: Any) -> Setup:
    """What the failover asks for, with pages of these keys in its folder."""
    files = {key: page(key) for key in (keys or ("index.html",))}
    return desired(failover or typed(), Where.model_validate(where), files=files)

"""Whatever shape a failover has: applied, clean at the second look, and gone without a trace."""

from __future__ import annotations

from typing import Any

import pytest

from tests.provision.everything import everything
from tests.provision.typed import Typed, told

HERE = "127.0.0.1"
SHAPES: dict[str, dict[str, Any]] = {
    "a bucket in a Region of its own": {"standby": {"folder": "site", "region": "eu-central-1"}},
    "both families": {
        "primary": {"addresses": [HERE, "2001:db8::1"], "check": {"type": "tcp", "port": 22}},
        "standby": {"addresses": ["203.0.113.2", "2001:db8::2"]},
        "alert": None,
    },
    "names": {
        "primary": {"name": "origin.example.net", "check": {"type": "https", "path": "/health?deep=1"}},
        "standby": {"folder": "site"},
    },
    "a check with everything": {
        "primary": {
            "address": HERE,
            "check": {
                "type": "https",
                "port": 8443,
                "path": "/ok",
                "host": "health.example.com",
                "string": "all is well",
                "interval": "5s",
                "failures": 2,
                "regions": ["us-east-1", "eu-west-1", "sa-east-1"],
                "expect": "200-299,418",
                "verify-tls": True,
                "timeout": "2s",
                "rise": 5,
            },
        },
        "failback": "held",
    },
    "a standby that is checked, and a webhook": {
        "standby": {"address": "203.0.113.2", "check": {"path": "/", "failures": 5}},
        "alert": {"emails": ["a@example.com"], "webhooks": ["https://example.com/hook"]},
    },
}


ON_MOTO = ("a bucket in a Region of its own", "names", "a check with everything")
"""Those that differ most from what every other test here asks of moto."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("account", "shape"),
    [*(("engine", shape) for shape in SHAPES), *(("moto", shape) for shape in ON_MOTO)],
    indirect=["account"],
    ids=lambda each: each.replace(" ", "-"),
)
def test_every_shape_is_applied_found_as_planned_and_taken_away(typed: Typed, shape: str) -> None:
    before = everything(typed)
    typed.changes.update(SHAPES[shape])
    assert_has_a_life(typed, before)


@pytest.mark.slow
@pytest.mark.parametrize("account", ["engine"], indirect=True)
def test_a_wildcard_and_the_zones_own_name_have_a_life_too(typed: Typed) -> None:
    before = everything(typed)
    for name in (f"*.{typed.zone}", typed.zone):
        typed.changes.update({"name": name, "standby": {"address": "203.0.113.2"}})
        assert_has_a_life(typed, before)


def assert_has_a_life(typed: Typed, before: object) -> None:
    typed.apply()
    drawn = typed.draw()
    assert told(drawn.plan.steps) == [], [step.differences for step in drawn.plan.steps]
    assert not drawn.plan.refusals
    typed.apply(destroy=True, force=True)
    assert everything(typed) == before

"""Wherever a run ends, the next one goes on from there, and nothing is made twice."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.provision.account import Account
from tests.provision.interrupting import Fuse, run_with_kills
from tests.provision.typed import Typed

pytestmark = pytest.mark.slow


@pytest.fixture
def fused(account: Account, tmp_path: Any) -> tuple[Typed, Fuse]:
    """A failover in an account with clients of its own."""
    again = Account(endpoint_url=account.endpoint_url)
    fuse = Fuse(again)
    return Typed.new(again, tmp_path), fuse


@pytest.mark.parametrize(("account", "each"), [("engine", 1), ("moto", 4)], indirect=["account"])
def test_killed_after_every_call_apply_ends_with_everything_made_once(
    fused: tuple[Typed, Fuse], each: int
) -> None:
    typed, fuse = fused
    kills = run_with_kills(typed, fuse, each=each)
    assert kills > 10 / each
    actual = typed.draw().grounds[typed.name].actual
    assert len(actual.checks) == len(actual.alarms) == len(actual.topics) == 1
    assert len(actual.topics[0].subscriptions) == 1
    assert len(actual.records) == 2
    listed = typed.account.route53.list_health_checks()["HealthChecks"]
    assert [check for check in listed if f"/{typed.name}/" in check["CallerReference"]] == [
        check for check in listed if check["Id"] in actual.checks
    ]


@pytest.mark.parametrize("account", ["engine"], indirect=True)
def test_killed_after_every_call_destroy_leaves_nothing(fused: tuple[Typed, Fuse]) -> None:
    typed, fuse = fused
    typed.apply()
    assert run_with_kills(typed, fuse, destroy=True) > 5
    actual = typed.draw(destroy=True).grounds[typed.name].actual
    assert not (actual.records or actual.checks or actual.alarms or actual.topics or actual.bucket)


@pytest.mark.parametrize("account", ["engine"], indirect=True)
def test_killed_after_every_call_a_replacement_leaves_one_check(fused: tuple[Typed, Fuse]) -> None:
    typed, fuse = fused
    typed.apply()
    typed.changes["primary"] = typed.primary(interval=10)
    assert run_with_kills(typed, fuse) > 2
    assert len(typed.draw().grounds[typed.name].actual.checks) == 1

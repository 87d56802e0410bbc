"""Wherever a run ends, the next one goes on from there, and nothing is made twice."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.provision.account import Account
from tests.provision.typed import Typed, told


class Killed(BaseException):
    """What a SIGKILL is to the code it meets: nothing below may catch it."""


class Fuse:
    """Lets so many calls of a client's pass, and ends the run in the next one, before it is sent."""

    def __init__(self, account: Account) -> None:
        self.left: int | None = None
        account.session.events.register("before-call", self._call)

    def _call(self, **_: Any) -> None:
        if self.left is None:
            return
        if self.left == 0:
            raise Killed
        self.left -= 1


@pytest.fixture
def fused(account: Account, tmp_path: Any) -> tuple[Typed, Fuse]:
    """A failover in an account with clients of its own."""
    again = Account(endpoint_url=account.endpoint_url)
    fuse = Fuse(again)
    return Typed.new(again, tmp_path), fuse


def run_with_kills(typed: Typed, fuse: Fuse, **options: bool) -> int:
    """Plan, and die after one call, until there is nothing to do; where that does not help, after one call more.

    Every state in which a run can end is thus one from which a run begins. Returns how many died.
    """
    kills, calls, last = 0, 1, None
    while steps := told((drawn := typed.draw(**options)).plan.steps):
        assert not drawn.plan.refusals, drawn.plan.refusals
        calls = calls + 1 if steps == last else 1
        last, fuse.left = steps, calls
        try:
            typed.carry_out(drawn)
        except Killed:
            kills += 1
        finally:
            fuse.left = None
    return kills


@pytest.mark.slow
def test_killed_after_every_call_apply_ends_with_everything_made_once(fused: tuple[Typed, Fuse]) -> None:
    typed, fuse = fused
    kills = run_with_kills(typed, fuse)
    assert kills > 10
    actual = typed.draw().grounds[typed.name].actual
    assert len(actual.checks) == len(actual.alarms) == len(actual.topics) == 1
    assert len(actual.topics[0].subscriptions) == 1
    assert len(actual.records) == 2
    listed = typed.account.route53.list_health_checks()["HealthChecks"]
    assert [each for each in listed if f"/{typed.name}/" in each["CallerReference"]] == [
        each for each in listed if each["Id"] in actual.checks
    ]


@pytest.mark.slow
def test_killed_after_every_call_destroy_leaves_nothing(fused: tuple[Typed, Fuse]) -> None:
    typed, fuse = fused
    typed.apply()
    assert run_with_kills(typed, fuse, destroy=True) > 5
    actual = typed.draw(destroy=True).grounds[typed.name].actual
    assert not (actual.records or actual.checks or actual.alarms or actual.topics or actual.bucket)


@pytest.mark.slow
def test_killed_after_every_call_a_replacement_leaves_one_check(fused: tuple[Typed, Fuse]) -> None:
    typed, fuse = fused
    typed.apply()
    typed.changes["primary"] = typed.primary(interval=10)
    assert run_with_kills(typed, fuse) > 2
    assert len(typed.draw().grounds[typed.name].actual.checks) == 1

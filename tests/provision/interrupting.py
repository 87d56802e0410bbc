"""Ending a run in the middle, as a SIGKILL does."""

from __future__ import annotations

from typing import Any

from stillup.provision.account import Account
from tests.provision.typed import Typed, told


class Killed(BaseException):
    """What a SIGKILL is to the code it meets: nothing below may catch it."""


class Fuse:
    """Lets so many calls pass, and ends the run in the next one, before it is sent.

    It knows of no client that the account made before.
    """

    def __init__(self, account: Account) -> None:
        self.left: int | None = None
        account.session.events.register("before-call", self._call)

    def _call(self, **_: Any) -> None:
        if self.left is None:
            return
        if self.left == 0:
            raise Killed
        self.left -= 1


def run_with_kills(typed: Typed, fuse: Fuse, *, each: int = 1, **options: bool) -> int:
    """Plan, and die after `each` calls, until there is nothing to do; where that does not help, after one call more.

    With 1 every state in which a run can end is thus one from which a run begins. Returns how many died.
    """
    kills, calls, last = 0, each, None
    while steps := told((drawn := typed.draw(**options)).plan.steps):
        assert not drawn.plan.refusals, drawn.plan.refusals
        calls = calls + 1 if steps == last else each
        last, fuse.left = steps, calls
        try:
            typed.carry_out(drawn)
        except Killed:
            kills += 1
        finally:
            fuse.left = None
    return kills

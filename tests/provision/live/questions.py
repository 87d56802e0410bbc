"""Questions about the guide's set-up, moved to this machine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stillup.lint.examples import CHECK_ID, HELD_PRIMARY, HELD_SECONDARY
from stillup.lint.rules_live.worked import HELD, NOW
from stillup.plan.setup import Check, Setup
from stillup.provision.account import Account
from stillup.provision.live.question import Question


def question(setup: Setup = HELD, **more: Any) -> Question:
    """About this set-up, as it is."""
    account = Account(endpoint_url="http://127.0.0.1:9")
    return Question(
        **{
            "account": account,
            "setup": setup,
            "actual": setup,
            "typed": None,
            "where": None,
            "now": NOW,
            **more,
        }
    )


def at(port: int, *, standby: str | None = None, **config: Any) -> Setup:
    """The guide's set-up with a primary at 127.0.0.1 and this port, and its check so changed."""
    old = HELD.checks[CHECK_ID].config
    assert old is not None
    changed = replace(old, **{"ip_address": "127.0.0.1", "port": port, **config})
    secondary = HELD_SECONDARY if standby is None else replace(HELD_SECONDARY, alias=None, values=(standby,))
    return replace(
        HELD,
        records=(replace(HELD_PRIMARY, values=("127.0.0.1",)), secondary),
        checks={CHECK_ID: Check(CHECK_ID, changed, id=CHECK_ID)},
        bucket=HELD.bucket if standby is None else None,
    )

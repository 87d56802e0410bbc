"""Questions about the guide's set-up, moved to this machine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stillup.lint.rules_live.worked import CHECK, HELD, NOW, PRIMARY_RECORD, SECONDARY_RECORD
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
    old = HELD.checks[CHECK].config
    assert old is not None
    changed = replace(old, **{"ip_address": "127.0.0.1", "port": port, **config})
    secondary = (
        SECONDARY_RECORD if standby is None else replace(SECONDARY_RECORD, alias=None, values=(standby,))
    )
    return replace(
        HELD,
        records=(replace(PRIMARY_RECORD, values=("127.0.0.1",)), secondary),
        checks={CHECK: Check(CHECK, changed, id=CHECK)},
        bucket=HELD.bucket if standby is None else None,
    )

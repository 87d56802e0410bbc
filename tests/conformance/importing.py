"""A failover that somebody else set up, imported and planned again."""

from __future__ import annotations

import time

from stillup.plan.desired import desired
from stillup.plan.difference import difference
from stillup.plan.file.plan_file import Where
from stillup.plan.step import Plan
from stillup.provision.account import Account
from stillup.provision.discover import Discovered, discover
from stillup.provision.read import read_setup


def import_and_plan(endpoint_url: str, name: str) -> tuple[Discovered, Plan]:
    """What `stillup import` finds, and what `stillup plan` would then do."""
    where = Where.model_validate({"endpoint-url": endpoint_url})
    account = Account(endpoint_url=endpoint_url)
    found = discover(account, name, where, now=time.time())
    failover = found.description.failover
    wanted = desired(failover, where)
    actual = read_setup(account, failover.name, zone=failover.zone, wanted=wanted)
    return found, difference(wanted, actual)

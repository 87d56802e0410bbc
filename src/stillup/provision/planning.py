"""From typed failovers and an account to a Plan: reads what there is, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stillup.plan.desired import desired
from stillup.plan.detection import AWS, ENGINE
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.make import Knowledge, Wish, combined, make_plan
from stillup.plan.others import Others, in_order, with_shared_topics
from stillup.plan.step import Plan
from stillup.provision.account import Account
from stillup.provision.carry_out import Ground
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.folder import Folder, read_folder
from stillup.provision.read import read_setup
from stillup.provision.read.statuses import read_statuses


@dataclass(frozen=True, slots=True)
class Drawn:
    """A Plan, and what it was made from, by failover."""

    plan: Plan
    grounds: Mapping[str, Ground]
    left_out: tuple[str, ...] = ()
    """Sentences about files that are not published."""


def draw_up(
    account: Account,
    failovers: Iterable[Failover],
    where: Where,
    *,
    base: Path,
    wish: Wish,
    beside: Iterable[Failover] = (),
) -> Drawn:
    """The Plan that makes the account as typed, or takes away what is the failovers' own.

    Folders are relative to `base`. `beside` are the other failovers of the plan file, which stay as they are. Raises
    ProvisionFailed.
    """
    meant = {each.name: each for each in failovers}
    folders = {name: _folder(each, base, is_needed=not wish.destroy) for name, each in meant.items()}
    asked = with_shared_topics(
        [
            *(desired(each, where, files=folders[name].stored) for name, each in meant.items()),
            *(desired(each, where) for each in beside if each.name not in meant),
        ]
    )
    plans: list[Plan] = []
    grounds: dict[str, Ground] = {}
    for wanted in in_order((each for each in asked if each.name in meant), destroy=wish.destroy):
        failover = meant[wanted.name]
        actual = read_setup(account, wanted.name, zone=failover.zone, wanted=wanted)
        grounds[wanted.name] = Ground(wanted, actual, folders[wanted.name].files)
        others = Others(
            names=frozenset(each.name for each in asked if each is not wanted),
            staying=tuple(
                each for each in asked if each is not wanted and not (wish.destroy and each.name in meant)
            ),
        )
        plans.append(_plan(account, failover, grounds[wanted.name], wish, others))
    left_out = (sentence for folder in folders.values() for sentence in folder.left_out)
    return Drawn(combined(plans), grounds, tuple(left_out))


def _plan(account: Account, failover: Failover, ground: Ground, wish: Wish, others: Others) -> Plan:
    knowledge = Knowledge(
        checkers=AWS if account.endpoint_url is None else ENGINE,
        primary_in_aws=bool(failover.primary.instances),
        others=others,
    )
    plan = make_plan(ground.desired, ground.actual, wish, knowledge)
    if not plan.steps:
        return plan
    # Asked only before something changes: AWS answers this once a second (TH-1).
    with explained(f"asking how the primary of {failover.name} is"):
        statuses = read_statuses(account.route53, ground.actual)
    return make_plan(ground.desired, ground.actual, wish, replace(knowledge, statuses=statuses))


def _folder(failover: Failover, base: Path, *, is_needed: bool) -> Folder:
    """The standby's files. Taking a failover away needs none."""
    standby = failover.standby
    if standby.folder is None:
        return Folder({})
    path = base / standby.folder
    try:
        folder = read_folder(path)
    except ProvisionFailed:
        if is_needed:
            raise
        return Folder({})
    if is_needed and standby.index not in folder.files:
        raise ProvisionFailed(
            f"The standby's folder {path} has no {standby.index}: its visitors would get an error.",
            "Write one, or name another page with `standby.index`.",
        )
    return folder

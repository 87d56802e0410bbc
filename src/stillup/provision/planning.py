"""From typed failovers and an account to a Plan: reads what there is, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stillup.plan.desired import desired
from stillup.plan.difference import difference
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.setup import Setup
from stillup.plan.step import Plan
from stillup.provision.account import Account
from stillup.provision.carry_out import Ground
from stillup.provision.errors import ProvisionFailed
from stillup.provision.folder import Folder, read_folder
from stillup.provision.read import read_setup


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller allows. `adopt`: to take over what another hand made; `force`: to delete foreign objects."""

    adopt: bool = False
    destroy: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A Plan, and what it was made from, by failover."""

    plan: Plan
    grounds: Mapping[str, Ground]
    left_out: tuple[str, ...] = ()
    """Sentences about files that are not published."""


def draw_up(
    account: Account, failovers: Iterable[Failover], where: Where, *, base: Path, options: Options
) -> Drawn:
    """The Plan that makes the account as typed, or takes away what is the failovers' own.

    Folders are relative to `base`. Raises ProvisionFailed.
    """
    plans: list[Plan] = []
    grounds: dict[str, Ground] = {}
    left_out: list[str] = []
    for failover in failovers:
        folder = _folder(failover, base, is_needed=not options.destroy)
        wanted = desired(failover, where, files=folder.stored)
        actual = read_setup(account, failover.name, zone=failover.zone, wanted=wanted)
        contents = {key: file.content for key, file in folder.files.items()}
        grounds[failover.name] = Ground(wanted, actual, contents)
        left_out += folder.left_out
        plans.append(_difference(wanted, actual, options))
    return Drawn(_together(plans), grounds, tuple(left_out))


def _difference(wanted: Setup, actual: Setup, options: Options) -> Plan:
    return difference(wanted, actual, adopt=options.adopt, destroy=options.destroy, force=options.force)


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


def _together(plans: Iterable[Plan]) -> Plan:
    each = tuple(plans)
    return Plan(
        failovers=tuple(failover for plan in each for failover in plan.failovers),
        refusals=tuple(refusal for plan in each for refusal in plan.refusals),
    )

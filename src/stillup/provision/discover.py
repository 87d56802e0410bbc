"""Finding the failover that is meant by a name, in an account that somebody else set up, and fetching its site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from stillup.lint.live import Live
from stillup.plan.describe import Description, describe
from stillup.plan.file.plan_file import Where
from stillup.plan.setup import Bucket, Setup
from stillup.provision.account import Account
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.live import read_live
from stillup.provision.read import read_setup

MOST_ALIASES: Final = 4
"""How many aliases are followed; tools that use them, such as octoDNS, stack two."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """A failover that was found in an account."""

    setup: Setup
    description: Description
    live: Live
    along: tuple[str, ...] = ()
    """Names whose aliases lead to it, from the one that was asked for."""
    left_out: tuple[str, ...] = ()
    """Keys of objects that were not saved."""


def discover(
    account: Account,
    name: str,
    where: Where,
    *,
    now: float,
    zone: str | None = None,
    folder: Path | None = None,
    folder_name: str | None = None,
) -> Discovered:
    """The failover with this name, as a plan would say it, with what the network tells of it.

    With `folder` the standby's site is saved there, and the plan publishes it from `folder_name`. `now` is in seconds
    since the epoch. Raises ProvisionFailed, and NotDescribable where the name has no failover.
    """
    found = find_failover(account, name, zone=zone)
    setup = found[-1]
    zone_name = (
        setup.zone.id if zone is not None and zone.removeprefix("/hostedzone/") == setup.zone.id else None
    )
    first = describe(setup, where, zone=zone_name)
    live = read_live(account, setup, now=now, typed=first.failover, where=where, actual=setup)
    instances = tuple(each.instance for each in (live.addresses or {}).values() if each.instance is not None)
    left_out: tuple[str, ...] = ()
    if folder is not None:
        if setup.bucket is None:
            raise ProvisionFailed(f"The standby of {name} is no bucket.", "Leave --download out.")
        left_out = download(account, setup.bucket, folder)
    description = describe(setup, where, zone=zone_name, instances=instances, folder=folder_name)
    return Discovered(setup, description, live, tuple(each.name for each in found[:-1]), left_out)


def find_failover(account: Account, name: str, *, zone: str | None = None) -> tuple[Setup, ...]:
    """The set-ups from the name itself to the one that has failover records, along aliases within the zone.

    The last one is what is meant; only the first where no alias leads to failover records. Raises ProvisionFailed.
    """
    found = [read_setup(account, name, zone=zone)]
    while not _has_failover(found[-1]) and len(found) <= MOST_ALIASES:
        following = _alias_within(found[-1])
        if following is None or following in {each.name for each in found}:
            break
        found.append(read_setup(account, following, zone=found[0].zone.id))
    return tuple(found) if _has_failover(found[-1]) else (found[0],)


def download(account: Account, bucket: Bucket, folder: Path) -> tuple[str, ...]:
    """Save the bucket's objects in the folder, which is made; keys that are no file names there are left out and
    returned. Raises ProvisionFailed."""
    s3 = account.s3(bucket.region)
    left_out = []
    for key in bucket.objects:
        if not _is_file_name(key):
            left_out.append(key)
            continue
        path = folder / key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with explained(f"fetching {key} of the bucket {bucket.name}"):
                path.write_bytes(s3.get_object(Bucket=bucket.name, Key=key)["Body"].read())
        except OSError as error:
            raise ProvisionFailed(
                f"{path} cannot be written: {error.strerror}.", "Choose another folder."
            ) from error
    return tuple(left_out)


def _has_failover(setup: Setup) -> bool:
    return any(record.failover is not None for record in setup.records)


def _alias_within(setup: Setup) -> str | None:
    """The one name of the zone that all of the name's aliases lead to; None where there is none, or several."""
    aliases = [each.alias for each in setup.records if each.alias is not None]
    targets = {each.dns_name for each in aliases if each.zone_id == setup.zone.id}
    return targets.pop() if len(targets) == 1 else None


def _is_file_name(key: str) -> bool:
    """Whether the key stays within the folder: an object may have any name, `../../etc/passwd` too."""
    parts = PurePosixPath(key).parts
    is_plain = not any(ord(each) < 32 or each == "\\" for each in key)
    return (
        is_plain and bool(parts) and not key.startswith("/") and not key.endswith("/") and ".." not in parts
    )

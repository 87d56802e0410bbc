"""`stillup policy`: the least IAM policy for some verbs of a plan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stillup.cli.options import (
    DEFAULT_PLAN,
    EndpointOption,
    JsonOption,
    OnlyOption,
    PlanArgument,
    ProfileOption,
    RegionOption,
)
from stillup.cli.output import print_json, say
from stillup.plan.verb import Verb

if TYPE_CHECKING:
    from stillup.cli.loading import Loaded
    from stillup.plan.calls import Scope


ANY_ZONE: Final = "*"


def _account_id(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"\d{12}", value):
        raise typer.BadParameter(f"{value!r} is no id of an account, such as 123456789012")
    return value


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    verb: Annotated[
        list[Verb] | None,
        typer.Option(
            "--verb",
            metavar="VERB",
            help="What shall be allowed; may be repeated: plan, apply, destroy, drill, status, watch, why, import, lint (--live).",
            show_default="all",
        ),
    ] = None,
    only: OnlyOption = None,
    listen: Annotated[
        bool, typer.Option("--listen", help="A drill has itself told too: `stillup drill --listen`.")
    ] = False,
    account_id: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="The account, for ARNs.",
            show_default="whose the credentials are",
            callback=_account_id,
        ),
    ] = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the least IAM policy for this plan, as JSON: the calls that the verbs make, on this plan's resources.

    Looks up the account and the zone's id where credentials are at hand; otherwise `*` stands for them. A health
    check is `healthcheck/*` as long as it may be made anew.

    \b
        stillup policy --verb apply --verb drill > policy.json
    """
    from stillup.cli.loading import load
    from stillup.plan.policy import ANY_ACCOUNT, MANAGED_POLICY_LIMIT, least_policy, size_of

    loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
    if account_id is not None:
        partition, scopes = _partition(loaded.where.region), _scopes(loaded, {}, listens=listen)
    else:
        partition, account_id, zones = _looked_up(loaded)
        scopes = _scopes(loaded, zones, listens=listen)
    document = least_policy(
        verb or list(Verb), scopes, account_id=account_id or ANY_ACCOUNT, partition=partition
    )
    print_json(document)
    size = size_of(document)
    if size > MANAGED_POLICY_LIMIT:
        say(
            f"stillup: this policy has {size} characters, a managed policy takes {MANAGED_POLICY_LIMIT}: "
            "make several, with --only NAME or fewer --verb, and attach all of them"
        )


def _scopes(loaded: Loaded, zones: Mapping[str, str], *, listens: bool) -> list[Scope]:
    from stillup.plan.calls import Scope
    from stillup.plan.desired import desired

    file = [desired(each, loaded.where) for each in loaded.document.plan.failovers]
    users = Counter(topic.place for setup in file for topic in setup.topics)
    found = []
    for failover in loaded.failovers:
        setup = desired(failover, loaded.where)
        zone_id = zones.get(failover.zone, setup.zone.id)
        found.append(
            Scope(
                setup=replace(setup, zone=replace(setup.zone, id=zone_id)),
                region=loaded.where.region,
                method=failover.drill.method,
                instances=failover.primary.instances,
                listens=listens,
                shares=any(users[topic.place] > 1 for topic in setup.topics),
            )
        )
    return found


def _looked_up(loaded: Loaded) -> tuple[str, str | None, Mapping[str, str]]:
    """Partition, account id and zones' ids by how the plan names them, as far as the account tells."""
    from stillup.provision.account import HASTY
    from stillup.provision.errors import ProvisionFailed, explained
    from stillup.provision.read.caller import read_caller
    from stillup.provision.read.zone import read_zone

    account = replace(loaded.account, patience=HASTY)
    zones: dict[str, str] = {}
    try:
        with explained("asking who is calling"):
            caller = read_caller(account)
    except ProvisionFailed as failed:
        say(f"stillup: {failed.message} So `*` stands for the account and the zone; see --account-id.")
        return _partition(loaded.where.region), None, zones
    for name in dict.fromkeys(each.zone for each in loaded.failovers):
        try:
            with explained(f"looking for the zone {name}"):
                zones[name] = read_zone(account.route53, name).id or ANY_ZONE
        except ProvisionFailed as failed:
            say(f"stillup: {failed.message} So `*` stands for the zone {name}.")
    return caller.partition, caller.account_id, zones


def _partition(region: str) -> str:
    """The partition that a Region is in (AWS general reference, ARNs)."""
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((found for prefix, found in prefixes.items() if region.startswith(prefix)), "aws")

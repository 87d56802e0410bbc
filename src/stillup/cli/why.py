"""`stillup why`: how it came to what visitors get now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillup.cli.options import (
    DEFAULT_PLAN,
    EndpointOption,
    JsonOption,
    NameArgument,
    ProfileOption,
    RegionOption,
    ZoneOption,
    as_in_where,
)
from stillup.cli.output import WRONG_USE, fail, print_json

if TYPE_CHECKING:
    from stillup.cli.seeing import Looked


def _web_address(value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise typer.BadParameter("must be a URL that begins with http:// or https://")
    return value


def run(
    name: NameArgument,
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A plan file; it is not needed.",
            show_default=f"{DEFAULT_PLAN}, if it has the name",
        ),
    ] = None,
    zone: ZoneOption = None,
    dns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDR:PORT",
            help="A DNS server to ask, such as an engine's; may be repeated.",
            callback=as_in_where,
        ),
    ] = None,
    visit: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="What a visitor opens.",
            show_default="http:// and the name",
            callback=_web_address,
        ),
    ] = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell why visitors get what they get: from what the checkers saw to the message that was sent.

    Each link shows what was seen, the rule that was applied to the link before, and whether both agree; and where the
    knowledge ends. Works without a plan file, for whatever the account holds under the name. Changes nothing.
    """
    from stillup.cli import chain_view
    from stillup.cli.console import out
    from stillup.cli.seeing import Looked
    from stillup.plan.file.plan_file import Where
    from stillup.provision.account import Account
    from stillup.provision.standing import Outlook

    planned = _planned(name, plan, profile, region, endpoint_url)
    if planned is not None and zone is None:
        looked = planned
    else:
        where = Where()
        account = Account(profile, region or where.region, endpoint_url)
        looked = Looked(account, name, zone, Outlook())
    servers = tuple(dns or looked.outlook.servers)
    looked.outlook = Outlook(servers=servers, visit=visit or looked.outlook.visit)
    chain = looked.chain_or_end()
    if as_json:
        print_json(chain_view.as_json(chain))
    else:
        out.print(chain_view.story(chain, chain_view.width_of(out)), end="")


def _planned(
    name: str, plan: Path | None, profile: str | None, region: str | None, endpoint_url: str | None
) -> Looked | None:
    """The failover of the plan file that was named, or of one that lies here and has it."""
    from stillup.cli.loading import load
    from stillup.cli.seeing import looked_at

    if plan is None and not DEFAULT_PLAN.exists():
        return None
    loaded = load(plan or DEFAULT_PLAN, profile=profile, region=region, endpoint_url=endpoint_url)
    found = [each for each in looked_at(loaded) if each.name == name]
    if not found and plan is not None:
        fail(f"no failover {name} in {plan}", code=WRONG_USE)
    return next(iter(found), None)

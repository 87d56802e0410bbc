"""`stillup destroy`: take away what `apply` made."""

from __future__ import annotations

from typing import Annotated

import typer

from stillup.cli.options import (
    DEFAULT_PLAN,
    EndpointOption,
    JsonOption,
    OnlyOption,
    PlanArgument,
    ProfileOption,
    RegionOption,
    YesOption,
)
from stillup.cli.output import print_json, say


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    only: OnlyOption = None,
    yes: YesOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Do what is refused as dangerous: delete foreign objects, too.")
    ] = False,
    json: JsonOption = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Show what is the failover's own, ask, and remove it: the records first, then what they pointed at.

    What another hand made stays, and so does the hosted zone.
    """
    # Imported here: boto3 takes a third of a second, which --help need not wait for.
    from stillup.cli.carrying import carried_out, drawn_up, result, show_or_refuse
    from stillup.cli.confirming import confirm_or_exit
    from stillup.cli.loading import load
    from stillup.plan.make import Wish

    loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
    drawn = drawn_up(loaded, Wish(destroy=True, force=force))
    show_or_refuse(drawn, as_json=json)
    if drawn.plan.steps:
        names = ", ".join(each.name for each in drawn.plan.failovers)
        confirm_or_exit(f"Remove {names}? Visitors of a removed name get no answer.", yes=yes)
        carried_out(loaded, drawn)
    if json:
        print_json(result(drawn, applied=True))
    elif drawn.plan.steps:
        say("Done: it is removed.")

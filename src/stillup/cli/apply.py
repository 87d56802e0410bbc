"""`stillup apply`: make the account as the plan file says."""

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
    adopt: Annotated[bool, typer.Option("--adopt", help="Take over what another hand made.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Do what is refused as dangerous.")] = False,
    json: JsonOption = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Show what there is to do, ask, do it, and wait until every name server answers so.

    What ends before its time is completed by the same command. A second run finds nothing to do.
    """
    # Imported here: boto3 takes a third of a second, which --help need not wait for.
    from stillup.cli.carrying import carried_out, drawn_up, result, show_or_refuse
    from stillup.cli.confirming import confirm_or_exit
    from stillup.cli.loading import load
    from stillup.plan.make import Wish
    from stillup.plan.step import Action, Kind
    from stillup.provision.afterwards import what_next

    loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
    drawn = drawn_up(loaded, Wish(adopt=adopt, force=force))
    show_or_refuse(drawn, as_json=json)
    steps = drawn.plan.steps
    if steps:
        confirm_or_exit(f"Carry out {_count(len(steps))}?", yes=yes)
        carried_out(loaded, drawn)
    is_first = any((step.action, step.kind) == (Action.CREATE, Kind.RECORD) for step in steps)
    ahead = what_next(drawn.grounds.values(), is_first=is_first)
    if json:
        print_json(result(drawn, applied=True, next=list(ahead)))
        return
    if steps:
        say(f"Done: {_count(len(steps))}.")
    for sentence in ahead:
        typer.echo(f"Next: {sentence}")


def _count(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"

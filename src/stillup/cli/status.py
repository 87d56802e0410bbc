"""`stillup status`: what visitors get now."""

from __future__ import annotations

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
from stillup.cli.output import ERROR, print_json


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    only: OnlyOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what visitors get now, since when, what the checkers say, the alarm, and who is told of it.

    Exit code 0 where visitors get the primary and everything agrees; 1 where they do not, where something is wrong, or
    where it could not be seen. Compares nothing with the plan file: `stillup plan` does. `stillup why NAME` tells the
    whole story.
    """
    from stillup.cli import chain_view
    from stillup.cli.console import out
    from stillup.cli.loading import load
    from stillup.cli.seeing import looked_at

    loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
    chains = [each.chain_or_end() for each in looked_at(loaded)]
    if as_json:
        print_json([chain_view.as_json(each) for each in chains])
    else:
        out.print(chain_view.table(chains), end="")
        out.print(chain_view.problems(chains, chain_view.width_of(out)), end="")
    raise typer.Exit(0 if all(each.is_well for each in chains) else ERROR)

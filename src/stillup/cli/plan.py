"""`stillup plan`: what `apply` would do."""

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
)
from stillup.cli.output import ERROR, WRONG_USE, fail, print_json

CHANGES = 2
"""The exit code where there is something to do, as `terraform plan -detailed-exitcode` has it."""


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    only: OnlyOption = None,
    adopt: Annotated[bool, typer.Option("--adopt", help="Take over what another hand made.")] = False,
    destroy: Annotated[bool, typer.Option("--destroy", help="What `destroy` would do.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Do what is refused as dangerous.")] = False,
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Compare the plan file with the account, by calls that change nothing, and print what there is to do.

    Exit codes: 0 nothing to do, 2 changes to make, 1 an error or a plan that would be refused.
    """
    # Imported here: boto3 takes a third of a second, which --help need not wait for.
    from stillup.cli.carrying import drawn_up, result, show
    from stillup.cli.loading import load
    from stillup.plan.make import Wish
    from stillup.plan.render import as_markdown

    if json and markdown:
        fail("--json and --markdown: choose one of them", code=WRONG_USE)
    loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
    drawn = drawn_up(loaded, Wish(adopt=adopt, force=force, destroy=destroy))
    if json:
        print_json(result(drawn))
    elif markdown:
        typer.echo(as_markdown(drawn.plan), nl=False)
    else:
        show(drawn.plan)
    raise typer.Exit(ERROR if drawn.plan.refusals else CHANGES if drawn.plan.steps else 0)

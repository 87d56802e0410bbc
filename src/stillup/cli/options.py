"""Options that several verbs have in common, as `aws` names them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PLAN = Path("stillup.yaml")

PlanArgument = Annotated[
    Path, typer.Argument(metavar="[PLAN]", help="The plan file.", show_default=str(DEFAULT_PLAN))
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME", help="This failover of the file; may be repeated."),
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="A profile of the AWS configuration.")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", metavar="REGION", help="The Region of the standby's bucket.")
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url", metavar="URL", help="An engine's API, in place of AWS.", envvar="AWS_ENDPOINT_URL"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

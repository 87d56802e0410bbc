"""Options that several verbs have in common, as `aws` names them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillup.cli.completing import failover_names, plan_files, profiles, regions

DEFAULT_PLAN = Path("stillup.yaml")

PlanArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN",
        help="The plan file; - is standard input.",
        show_default=str(DEFAULT_PLAN),
        autocompletion=plan_files,
    ),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="NAME",
        help="This failover of the file; may be repeated.",
        autocompletion=failover_names,
    ),
]
ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="NAME", help="A profile of the AWS configuration.", autocompletion=profiles
    ),
]
RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region", metavar="REGION", help="The Region of the standby's bucket.", autocompletion=regions
    ),
]


def _http_url(value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{value!r} is no URL of an API: write http://127.0.0.1:4566")
    return value


EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url",
        metavar="URL",
        help="An engine's API, in place of AWS.",
        envvar="AWS_ENDPOINT_URL",
        callback=_http_url,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

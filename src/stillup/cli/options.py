"""Options that several verbs have in common, as `aws` names them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

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


T = TypeVar("T", str | None, list[str] | None)


def as_in_where(param: typer.CallbackParam, value: T) -> T:
    """The value, if the plan file takes it as well. Ends the program with 2 where it does not."""
    if value is None:
        return value
    # Imported here: pydantic takes a tenth of a second, which --help need not wait for.
    from pydantic import ValidationError

    from stillup.plan.file.plan_file import Where
    from stillup.plan.file.wording import in_plain_english

    try:
        Where.model_validate({str(param.name).replace("_", "-"): value})
    except ValidationError as wrong:
        raise typer.BadParameter("; ".join(map(in_plain_english, wrong.errors()))) from None
    return value


def as_failover_name(value: str) -> str:
    """The name as a plan file has it. Ends the program with 2 where that is none."""
    from pydantic import TypeAdapter, ValidationError

    from stillup.plan.file.wording import in_plain_english
    from stillup.plan.file.words import Name

    try:
        return TypeAdapter(Name).validate_python(value)
    except ValidationError as wrong:
        raise typer.BadParameter("; ".join(map(in_plain_english, wrong.errors()))) from None


ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="A profile of the AWS configuration.",
        autocompletion=profiles,
        callback=as_in_where,
    ),
]
RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="REGION",
        help="The Region of the standby's bucket.",
        autocompletion=regions,
        callback=as_in_where,
    ),
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url",
        metavar="URL",
        help="An engine's API, in place of AWS.",
        envvar="AWS_ENDPOINT_URL",
        callback=as_in_where,
    ),
]
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="Of the failover, such as www.example.com.",
        autocompletion=failover_names,
        callback=as_failover_name,
    ),
]
ZoneOption = Annotated[
    str | None,
    typer.Option(
        "--zone",
        metavar="ZONE",
        help="The hosted zone, by name or id.",
        show_default="the one that the name is in",
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

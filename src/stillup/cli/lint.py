"""`stillup lint`: what is wrong with a plan, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from stillup.cli.completing import lint_rules
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


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class Threshold(StrEnum):
    """From which severity on a finding is a failure."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    only: OnlyOption = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the account and the network too; nothing is changed.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="How to print what is found.")] = Format.TEXT,
    json: JsonOption = False,
    fail_on: Annotated[
        Threshold, typer.Option(help="The least severity that makes the exit code 1.")
    ] = Threshold.WARNING,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain", metavar="RULE", help="Tell all about a rule, and end.", autocompletion=lint_rules
        ),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules, and end.")] = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Look for what is wrong with the plan: in the file and its folder, with --live in the account too.

    A finding that is known and accepted is silenced in the plan: `silence: [{rule: SU001, reason: …}]`.
    Exit codes: 0 nothing found, or notes only; 1 errors or warnings.
    """
    # Imported here: pydantic and botocore take their time, which --help need not wait for.
    from stillup.cli import lint_story

    if json:
        form = Format.JSON
    if form is not Format.TEXT and (rules or explain is not None) and form is not Format.JSON:
        fail(f"--rules and --explain are printed as text or JSON, not as {form.value}", code=WRONG_USE)
    if rules:
        lint_story.list_rules(as_json=form is Format.JSON)
    elif explain is not None:
        lint_story.explain(explain, as_json=form is Format.JSON)
    else:
        from stillup.cli.loading import load

        loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
        found = lint_story.look(loaded, live=live)
        match form:
            case Format.TEXT:
                typer.echo(found.as_text(), nl=False)
            case Format.JSON:
                print_json(found.as_data())
            case Format.SARIF:
                print_json(found.as_sarif())
            case Format.GITHUB:
                typer.echo(found.as_annotations(), nl=False)
        if found.reaches(fail_on.value):
            raise typer.Exit(ERROR)

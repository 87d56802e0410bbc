"""`stillup replay`: what would have happened with another plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillup.cli.completing import failover_names, plan_files
from stillup.cli.options import JsonOption

_WHEN = "A date or a moment in UTC, such as 2026-10-31 or 2026-10-31T02:00."


def run(
    plan: Annotated[
        Path | None,
        typer.Argument(
            metavar="PLAN",
            help="A plan file; without one, only what the options change.",
            autocompletion=plan_files,
        ),
    ] = None,
    observations: Annotated[
        Path,
        typer.Option(metavar="DIR", help="The data folder of an engine, or a copy of its observations.db."),
    ] = Path("stillup-data"),
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="NAME", help="This failover.", autocompletion=failover_names),
    ] = None,
    check: Annotated[
        str | None, typer.Option(metavar="ID", help="The recorded check, where it is not the plan's own.")
    ] = None,
    failures: Annotated[
        int | None, typer.Option(min=1, max=100, metavar="COUNT", help="Results in a row, instead.")
    ] = None,
    interval: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Between two probes, instead: 10s, 1m.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="WHEN", help=_WHEN)] = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="The same.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What would have happened: recorded observations run through a changed plan.

    An engine records what its vantages saw for 62 days. This judges it again, by the same rules, as the check was
    and as the plan or the options would have it, and shows every switch to the standby that would have been more or
    less. Nothing is changed and nothing is asked of an account.
    """
    # Imported here: reading a plan takes a quarter of a second, which the other verbs need not wait for.
    from stillup.cli.replay_story import Question, tell

    question = Question(plan, observations, only, check, failures, interval, since, until)
    raise typer.Exit(tell(question, as_json=as_json))

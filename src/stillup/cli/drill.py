"""`stillup drill`: the failover, rehearsed."""

from __future__ import annotations

from pathlib import Path
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


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    only: OnlyOption = None,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox", help="On this machine alone, with an engine and a stand-in for the primary."
        ),
    ] = False,
    method: Annotated[
        str | None,
        typer.Option(
            metavar="METHOD",
            help="How the primary is broken: invert, instances, command or proxy.",
            show_default="the plan's",
        ),
    ] = None,
    resolver: Annotated[
        list[str] | None, typer.Option(metavar="IP[:PORT]", help="A resolver to watch; may be repeated.")
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Longer without the standby fails.", show_default="the plan's"),
    ] = None,
    patience: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="How long each way may take.",
            show_default="twice the prediction's worst",
        ),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Written too: .html, .json or .txt; may be repeated."),
    ] = None,
    proxy_listen: Annotated[
        str | None, typer.Option(metavar="ADDR:PORT", help="Where the fault proxy listens.")
    ] = None,
    proxy_to: Annotated[
        str | None, typer.Option(metavar="ADDR:PORT", help="The primary behind the fault proxy.")
    ] = None,
    proxy_mode: Annotated[
        str, typer.Option(metavar="MODE", help="How it fails: refuse, hang, error, cut or slow.")
    ] = "refuse",
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="ADDR:PORT",
            help="Where a webhook of the drill's own listens, which is subscribed to the alarm's topic meanwhile.",
        ),
    ] = None,
    listen_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="How SNS reaches that webhook.", show_default="http:// and where it listens"
        ),
    ] = None,
    clock_rate: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            max=100.0,
            metavar="RATE",
            help="The engine's clock: its seconds per second.",
            show_default="1; in a sandbox 10",
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where restore records are kept.",
            show_default="~/.local/state/stillup/drills",
        ),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Only repair what killed drills have left broken.")
    ] = False,
    yes: YesOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Drill in spite of what the preflight finds.")
    ] = False,
    as_json: JsonOption = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Break the primary on purpose, time the failover from outside, put the primary back, time the way back.

    The primary is restored whatever happens, Ctrl-C included; what a killed drill leaves broken is found at the next
    start. Exit codes: 0 passed, 1 failed, over budget, or not to be drilled, 2 wrong use, 130 interrupted.
    """
    # Imported here: boto3 takes a third of a second, which the other verbs need not wait for.
    from stillup.cli.drill_story import Wishes, tell

    wishes = Wishes.read(
        method=method,
        resolvers=resolver or [],
        budget=budget,
        patience=patience,
        reports=report or [],
        proxy=(proxy_listen, proxy_to, proxy_mode),
        listen=(listen, listen_url),
        rate=clock_rate or (10.0 if sandbox else 1.0),
        state=state,
        is_sandbox=sandbox,
        only_restores=restore,
        asks=not yes,
        is_forced=force,
        as_json=as_json,
    )
    flags = {"profile": profile, "region": region, "endpoint_url": endpoint_url}
    raise typer.Exit(tell(wishes, plan, only=only, flags=flags))

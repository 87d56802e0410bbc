"""`stillup init`: a plan file from a few questions, or from flags."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillup.cli.completing import folders, profiles, regions
from stillup.cli.options import DEFAULT_PLAN


def run(
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What visitors type: www.example.com.")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Its hosted zone, by name or id.", show_default="from the name"),
    ] = None,
    primary: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="The server, by address or name; addresses may be repeated."),
    ] = None,
    check_type: Annotated[
        str | None,
        typer.Option("--type", metavar="TYPE", help="Checked by http, https or tcp.", show_default="http"),
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Where it is checked.", show_default="80, or 443")
    ] = None,
    path: Annotated[
        str | None, typer.Option(metavar="PATH", help="What is asked for: /health.", show_default="/")
    ] = None,
    interval: Annotated[
        str | None, typer.Option(metavar="TIME", help="From one probe to the next.", show_default="30s")
    ] = None,
    standby: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="The site to publish; made with a page in it where absent.",
            autocompletion=folders,
        ),
    ] = None,
    ttl: Annotated[
        int | None,
        typer.Option(metavar="SECONDS", help="Of the records.", show_default="60, or the interval"),
    ] = None,
    email: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Who is told; may be repeated.")
    ] = None,
    webhook: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="What is told; may be repeated.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="What a failover may take; a drill holds it to that.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A profile of the AWS configuration.", autocompletion=profiles),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            metavar="REGION",
            help="The Region of the standby's bucket.",
            show_default="us-east-1",
            autocompletion=regions,
        ),
    ] = None,
    endpoint_url: Annotated[
        str | None, typer.Option(metavar="URL", help="An engine's API, in place of AWS.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The plan file; - is standard output.")
    ] = DEFAULT_PLAN,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a plan file that is there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs: what was written.")] = False,
) -> None:
    """Write a plan file. Asks for what the flags do not say; --name, --primary and --standby say enough.

    \b
    A first one:
        stillup init --name www.example.com --primary 203.0.113.10 \\
            --path /health --standby maintenance --email oncall@example.com
    """
    # Imported here: pydantic takes a tenth of a second, which --help need not wait for.
    from stillup.cli.init_story import Given, write

    given = Given(
        name=name,
        zone=zone,
        primary=tuple(primary or ()),
        type=check_type,
        port=port,
        path=path,
        interval=interval,
        standby=standby,
        ttl=ttl,
        emails=tuple(email or ()),
        webhooks=tuple(webhook or ()),
        budget=budget,
        profile=profile,
        region=region,
        endpoint_url=endpoint_url,
    )
    write(given, output, force=force, as_json=json)

"""`stillup serve`: the engine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def run(
    data: Annotated[
        Path | None, typer.Option(help="Folder of the journal and the objects.", show_default="stillup-data")
    ] = None,
    dns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDR:PORT", help="DNS, UDP and TCP; may be repeated.", show_default="127.0.0.1:5300"
        ),
    ] = None,
    api: Annotated[
        str | None, typer.Option(metavar="ADDR:PORT", help="The AWS API.", show_default="127.0.0.1:4566")
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(metavar="ADDR:PORT", help="The backup website.", show_default="127.0.0.1:8080"),
    ] = None,
    console: Annotated[
        str | None,
        typer.Option(
            metavar="ADDR:PORT", help="/healthz, /readyz, the status page.", show_default="127.0.0.1:8053"
        ),
    ] = None,
    site_address: Annotated[
        list[str] | None,
        typer.Option(
            metavar="IP",
            help="What an S3-website alias answers; may be repeated.",
            show_default="the site's own",
        ),
    ] = None,
    clock_rate: Annotated[
        float | None, typer.Option(help="Engine seconds per second, for rehearsals.", show_default="1")
    ] = None,
    throttle: Annotated[
        bool | None, typer.Option("--throttle", help="Limit API requests as AWS does.")
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="A TOML file with the same keys.")
    ] = None,
) -> None:
    """Run the engine: DNS that follows live health checks, the AWS API, the backup site.

    Every flag has an environment variable (STILLUP_DNS, …) and a key in the config file; flags win over
    variables, variables over the file. Prints one line, `ready dns=… api=… site=… console=…`, when all
    listeners answer; logs to standard error; stops on SIGTERM and SIGINT.
    """
    # Imported here: the engine takes half a second, which the other verbs need not wait for.
    from stillup.engine import assemble, config

    flags = {
        "data": data,
        "dns": dns,
        "api": api,
        "site": site,
        "console": console,
        "site-address": site_address,
        "clock-rate": clock_rate,
        "throttle": throttle,
        "config": config_file,
    }
    chosen = config.load(flags, os.environ, lambda path: path.read_text(encoding="utf-8"))
    if not isinstance(chosen, config.ServeConfig):
        for problem in chosen:
            typer.echo(f"stillup serve: {problem}", err=True)
        raise typer.Exit(2)
    sys.exit(assemble.serve(chosen))

"""`stillup serve`: the engine."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from stillup.cli.output import say


def run(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of the journal and the objects.", show_default="stillup-data"
        ),
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
            metavar="ADDR:PORT",
            help="/healthz, /readyz, /metrics, the status page.",
            show_default="127.0.0.1:8053",
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
        float | None,
        typer.Option(metavar="RATE", help="Engine seconds per second, for rehearsals.", show_default="1"),
    ] = None,
    throttle: Annotated[
        bool | None, typer.Option("--throttle", help="Limit API requests as AWS does.")
    ] = None,
    tls_cert: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Certificate chain of the API and the console, in PEM."),
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its private key, in PEM.")] = None,
    insecure: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A listener, api or console, that others may reach without TLS; may be repeated.",
        ),
    ] = None,
    smtp: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Who takes mails: smtp://user:pass@host:587 or smtps://…"),
    ] = None,
    mail_from: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Who sends them.", show_default="stillup@ and the host's name"),
    ] = None,
    heartbeat_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Called while the engine is well.")
    ] = None,
    heartbeat_interval: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Seconds between two of these calls.", show_default="60"),
    ] = None,
    api_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The API as others reach it, for links.", show_default="where it listens"
        ),
    ] = None,
    console_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The same of the console.", show_default="where it listens"),
    ] = None,
    probe_allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NETWORK", help="What may be probed and told; may be repeated.", show_default="everything"
        ),
    ] = None,
    probe_deny: Annotated[
        list[str] | None,
        typer.Option(metavar="NETWORK", help="What may not; may be repeated.", show_default="nothing"),
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="A TOML file with the same keys.")
    ] = None,
) -> None:
    """Run the engine: DNS that follows live health checks, the backup site, alarms and notifications, the AWS API.

    Every flag has an environment variable (STILLUP_DNS, …) and a key in the config file; flags win over
    variables, variables over the file. Prints one line, `ready dns=… api=… site=… console=…`, when all
    listeners answer; logs to standard error; stops on SIGTERM and SIGINT.
    """
    # Nothing that a start makes is garbage, and to look for some takes a sixth of it; a ready engine enables this.
    gc.disable()
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
        "tls-cert": tls_cert,
        "tls-key": tls_key,
        "insecure": insecure,
        "smtp": smtp,
        "mail-from": mail_from,
        "heartbeat-url": heartbeat_url,
        "heartbeat-interval": heartbeat_interval,
        "api-url": api_url,
        "console-url": console_url,
        "probe-allow": probe_allow,
        "probe-deny": probe_deny,
        "config": config_file,
    }
    chosen = config.load(flags, os.environ, lambda path: path.read_text(encoding="utf-8"))
    if not isinstance(chosen, config.ServeConfig):
        for problem in chosen:
            say(f"stillup serve: {problem}")
        raise typer.Exit(2)
    sys.exit(assemble.serve(chosen))

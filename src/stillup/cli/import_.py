"""`stillup import`: an existing failover as a plan file, with what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillup.cli.options import (
    EndpointOption,
    JsonOption,
    NameArgument,
    ProfileOption,
    RegionOption,
    ZoneOption,
    as_in_where,
)


def run(
    name: NameArgument,
    zone: ZoneOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the plan here.", show_default="stdout"),
    ] = None,
    download: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Save the standby's site here, and publish it from there in future."
        ),
    ] = None,
    dns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDR:PORT",
            help="The engine's DNS server, for the plan; may be repeated.",
            callback=as_in_where,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the plan that describes an existing failover, and tell what is wrong with it. Changes nothing.

    Reads records, health checks, bucket, alarm and topic, whoever made them: by hand, Terraform, octoDNS. The plan goes
    to standard output or a file; what a plan cannot say and what lint finds go to standard error.
    """
    # Imported here: boto3 takes a third of a second, which the other verbs need not wait for.
    from stillup.cli.import_story import Wanted, tell

    wanted = Wanted(name, zone, output, download, tuple(dns or ()), profile, region, endpoint_url)
    tell(wanted, force=force, as_json=as_json)

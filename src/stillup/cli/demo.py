"""`stillup demo`: the main job in a minute."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    clock_rate: Annotated[
        float,
        typer.Option(
            min=1.0, max=20.0, metavar="RATE", help="Engine seconds per second; 1 takes about four minutes."
        ),
    ] = 6.0,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running, with commands to try.")] = False,
) -> None:
    """A primary dies, visitors reach the backup, the primary returns: about a minute, no root, no network."""
    # Imported here: boto3 takes a third of a second, which the other verbs need not wait for.
    from stillup.cli.demo_story import tell

    raise typer.Exit(tell(rate=clock_rate, keep=keep))

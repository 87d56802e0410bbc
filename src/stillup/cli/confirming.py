"""Asking before hands move."""

from __future__ import annotations

import sys

import typer

from stillup.cli.output import ERROR, WRONG_USE, fail, say


def confirm_or_exit(question: str, *, yes: bool) -> None:
    """Return where the answer is yes, or was given with `--yes`. Ends with 1 for no, with 2 where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        fail("there is no terminal to ask at: pass --yes to go on without being asked", code=WRONG_USE)
    try:
        is_wanted = typer.confirm(question, err=True)
    except typer.Abort:
        is_wanted = False
        typer.echo(err=True)
    if not is_wanted:
        say("Nothing was changed.")
        raise typer.Exit(ERROR)

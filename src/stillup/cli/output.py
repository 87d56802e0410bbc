"""What verbs print: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
from typing import Final, NoReturn

import typer

from stillup.plan.printable import printable_lines

ERROR: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130
"""As shells have it: 128 and the number of SIGINT."""


def print_json(value: object) -> None:
    """The value as indented JSON, in UTF-8."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def say(text: str) -> None:
    """On standard error; what somebody else wrote gives a terminal no orders."""
    typer.echo(printable_lines(text), err=True)


def fail(message: str, *, code: int = ERROR) -> NoReturn:
    """Say on standard error what is wrong and what to do about it, and end with the exit code."""
    say(f"stillup: {message}")
    raise typer.Exit(code)

"""What verbs print: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
from pathlib import Path
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


def refuse_to_overwrite(path: Path, *, force: bool) -> None:
    """Ends with 1 where the file is there and is not to be replaced, or has no folder, before any work is done for it."""
    if path.is_dir():
        fail(f"{path} is a folder: name the file in it")
    if path.exists() and not force:
        fail(f"{path} is there already: --force overwrites it, --output writes elsewhere")
    if not path.parent.is_dir():
        fail(f"{path} cannot be written: there is no folder {path.parent}")


def write_file(path: Path, text: str) -> None:
    """The text, as the file. Ends with 1 where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as wrong:
        fail(f"{path} cannot be written: {wrong.strerror}")

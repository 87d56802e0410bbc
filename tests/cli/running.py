"""The command line as its users run it, with and without a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from typer.testing import CliRunner, Result

from stillup.cli.app import app


def stillup(*arguments: str, text: str | None = None, env: Mapping[str, str | None] | None = None) -> Result:
    """In this process and without a terminal, with this on standard input."""
    return CliRunner().invoke(app, list(arguments), input=text, env=env, prog_name="stillup")


def in_terminal(arguments: Sequence[str], answers: Sequence[str], *, folder: Path) -> tuple[int, str]:
    """In a process of its own whose standard input is a terminal: exit code and what it says on standard error."""
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "stillup", *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
        ) as process:
            os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
            _, said = process.communicate(timeout=60)
            return process.returncode, said.decode()
    finally:
        os.close(ours)
        os.close(theirs)

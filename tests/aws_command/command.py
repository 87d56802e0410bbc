"""The `aws` command for shells. Most of its second goes by before it does anything: here that is paid for once."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def aws_command(prefix: Sequence[str] = ()) -> Iterator[Path]:
    """A folder for PATH with the ordinary `aws` in it, loaded already.

    `prefix` is a command that runs it elsewhere, such as `ip netns exec NAME`.
    """
    with tempfile.TemporaryDirectory(
        prefix="aws-"
    ) as name:  # a socket's path may have 107 octets, pytest's are longer
        folder = Path(name)
        path = str(folder / "socket")
        words = [sys.executable, "-IS", str(HERE / "ask.py"), path]
        command = folder / "aws"
        command.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        command.chmod(0o755)
        with subprocess.Popen(
            [*prefix, sys.executable, "-P", str(HERE / "server.py"), path],
            stdin=subprocess.PIPE,  # it ends with us
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            yield folder

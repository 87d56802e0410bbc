"""An engine of one's own: `stillup serve` as a child process, met through its listeners only."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from stillup.drill import tether as _tether
from stillup.plan.address import Address

READY_WITHIN: Final = 30.0
"""Seconds that an engine may take until all its listeners answer."""
STOPPED_WITHIN: Final = 15.0
"""Seconds that an engine may take to stop cleanly."""


class EngineFailed(Exception):
    """The engine did not become ready; the text carries what it logged last."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Where a ready engine answers."""

    dns: Address
    api: Address
    site: Address
    console: Address

    @classmethod
    def parse(cls, line: str) -> Listeners:
        """Parse the line `ready dns=… api=… site=… console=…`; of several addresses, the first.

        Raises ValueError if it is not that line.
        """
        word, *pairs = line.split()
        if word != "ready":
            raise ValueError(f"not a ready line: {line!r}")
        found = dict(pair.split("=", 1) for pair in pairs)
        return cls(**{name: Address.parse(found[name].split(",")[0]) for name in cls.__slots__})

    @property
    def endpoint_url(self) -> str:
        """What `--endpoint-url` and AWS_ENDPOINT_URL want."""
        return f"http://{self.api}"


class EngineProcess:
    """A running `stillup serve`. Stops, with everything it started, when the block is left."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        log: Path,
        prefix: Sequence[str] = (),
        tether: Path | None = None,
    ) -> None:
        """`prefix` is a command that runs the engine elsewhere, such as `ip netns exec NAME`.

        With `tether`, the engine's own folder, the engine stops and the folder goes should we be killed.
        """
        if tether is not None:
            prefix = [sys.executable, "-I", "-S", _tether.__file__, str(tether), *prefix]
        self._command = [*prefix, sys.executable, "-m", "stillup", "serve", *arguments]
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.listeners: Listeners

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The engine's process id."""
        if self._process is None:
            raise EngineFailed("the engine is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the engine and wait until it is ready. Raises EngineFailed."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                stderr=log,
                stdin=subprocess.PIPE,  # ends with us, which a tether notices
                text=True,
                # Ctrl-C is for whoever started us, who then stops the engine in good order.
                start_new_session=True,
            )
        deadline = threading.Timer(READY_WITHIN, self._process.kill)
        deadline.start()
        try:
            line = self._process.stdout.readline() if self._process.stdout else ""
        finally:
            deadline.cancel()
        try:
            self.listeners = Listeners.parse(line)
        except (ValueError, KeyError):
            self.stop()
            raise EngineFailed(f"the engine did not become ready\n{self.last_words()}") from None

    def stop(self) -> int | None:
        """Ask the engine to stop, insist if it does not; its exit code, None if it never ran."""
        process = self._process
        if process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
        _close(process)
        return process.returncode

    def kill(self) -> None:
        """SIGKILL: what a power cut does to a process."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            _close(self._process)

    def wait(self) -> int:
        """Block until the engine ends by itself; its exit code."""
        return self._process.wait() if self._process else 0

    def last_words(self, lines: int = 20) -> str:
        """The end of the engine's log."""
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])
        return ""


def _close(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()

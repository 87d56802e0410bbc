"""Breaks and restores by commands of the user's own, run by the shell."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from stillup.drill.breakers.breaker import BreakFailed, Memory, Remember, RestoreFailed

COMMAND_WITHIN: Final = 120.0
"""Real seconds that either command may take."""
_GATED: Final = 'read -r go || exit 0; exec </dev/null; eval "$0"'
"""Nothing is run before a line comes: if we die before its process is on record, it never comes."""


@dataclass(frozen=True, slots=True)
class Command:
    """Both are run in the folder where the drill was started."""

    method: ClassVar[str] = "command"
    break_command: str
    restore_command: str
    folder: str
    within: float = COMMAND_WITHIN
    breaking: int | None = None
    """Process group of the break command, where it may still run."""
    breaking_since: str | None = None

    @classmethod
    def of(cls, break_command: str | None, restore_command: str | None) -> Command:
        """Raises BreakFailed where one is missing."""
        if not break_command or not restore_command:
            raise BreakFailed("the plan needs both drill.break-command and drill.restore-command")
        return cls(break_command, restore_command, str(Path.cwd()))

    @classmethod
    def from_memory(cls, memory: Memory) -> Command:
        """Raises KeyError."""
        group, since = memory["breaking"], memory["breaking_since"]
        return cls(
            str(memory["break_command"]),
            str(memory["restore_command"]),
            str(memory["folder"]),
            breaking=group if isinstance(group, int) else None,
            breaking_since=None if since is None else str(since),
        )

    @property
    def what_happens(self) -> str:
        """For whoever is asked."""
        return f"this is run:\n  {self.break_command}\nand afterwards this:\n  {self.restore_command}"

    def memory(self) -> Memory:
        """Both commands, and the process of the first."""
        return {
            "break_command": self.break_command,
            "restore_command": self.restore_command,
            "folder": self.folder,
            "breaking": self.breaking,
            "breaking_since": self.breaking_since,
        }

    def break_(self, remember: Remember) -> None:
        """Run the break command to its end, once its process is on record."""

        def record(pid: int) -> None:
            remember({**self.memory(), "breaking": pid, "breaking_since": started_at(pid)})

        problem = _run(["sh", "-c", _GATED, self.break_command], self.folder, self.within, before=record)
        if problem:
            raise BreakFailed(f"{self.break_command!r} {problem}")

    def restore(self) -> None:
        """End the break command if it still runs, then run the restore command to its end."""
        if self.breaking is not None and started_at(self.breaking) == self.breaking_since:
            with suppress(ProcessLookupError):
                os.killpg(self.breaking, signal.SIGKILL)
        problem = _run(["sh", "-c", self.restore_command], self.folder, self.within)
        if problem:
            raise RestoreFailed(f"{self.restore_command!r} {problem}")

    def close(self) -> None:
        """Holds nothing."""


def started_at(pid: int) -> str | None:
    """When this process was started, in words that tell it from a later one of the same number; None: it is gone."""
    listed = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607  where it lies differs between systems
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.strip() or None


def _run(
    command: list[str], folder: str, within: float, *, before: Callable[[int], None] = lambda _: None
) -> str | None:
    """What is wrong with how the command ended, None if nothing. `before` gets its process, which waits for it."""
    # What it says goes to a file: a pipe would stay open for as long as anything that it left running.
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for us, who then restore in good order
            )
        except OSError as wrong:
            return f"cannot be run in {folder}: {wrong.strerror}"
        try:
            before(process.pid)
            with suppress(subprocess.TimeoutExpired):
                process.communicate(b"go\n", timeout=within)
        finally:
            is_late = process.poll() is None
            if is_late:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        said.seek(0)
        words = said.read().decode(errors="replace").strip()[-500:]
    if is_late:
        return f"did not end within {within:.0f} s"
    return f"ended with {process.returncode}: {words or 'it said nothing'}" if process.returncode else None

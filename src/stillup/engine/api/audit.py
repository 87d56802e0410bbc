"""Who did what: a line of JSON for every API call, refused ones included, in DATA/audit.log.

    the listener ── write ──▶ queue ── a thread of its own ──▶ the file

No parameter is ever told, and of credentials only the key's id. The file is opened anew when it was renamed or removed,
as logrotate does. A disk that takes nothing costs lines, never a call; the engine's log says so once.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from stillup.rules.ids import Instant
from stillup.wire.aws.scope import Scope

FILE: Final = "audit.log"
MOST_WAITING: Final = 100_000
"""Lines that may wait for a disk that is busy; what comes then is lost."""
CLOSE_WITHIN: Final = 5.0
"""Real seconds that the last lines may take."""
MOST_CHARACTERS: Final = 200
"""Of what a caller says himself before anybody knows him."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class AuditEntry:
    """One call, as far as it has come: what is not known yet is None, and stays so for a call that is refused."""

    request_id: str
    source_ip: str
    scope: Scope | None = None
    """As the caller gives it: nobody has verified it while there is no `principal`."""
    action: str | None = None
    principal: str | None = None
    resources: tuple[str, ...] = ()

    def line(self, *, at: Instant, wall: Instant, status: int, error: str | None) -> str:
        """The line of a call that ended so. `wall` is told where engine time is another."""
        scope = self.scope or Scope("", "")
        told = {
            "time": _iso(at),
            **({"wall": _iso(wall)} if abs(wall - at) >= 1 else {}),
            "request_id": self.request_id,
            "principal": self.principal,
            "access_key_id": _cut(scope.access_key_id),
            "source_ip": self.source_ip,
            "service": _cut(scope.service),
            "action": self.action,
            "resources": list(self.resources),
            "region": _cut(scope.region),
            "status": status,
            "error": error,
        }
        return json.dumps(told)


class AuditLog:
    """Appends lines to a file, from `start` to `close`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stillup-audit", daemon=True)
        self._descriptor = -1
        self._lost = 0
        self._is_failing = False

    def start(self) -> None:
        """Open the file, readable by us alone. Raises OSError."""
        self._open()
        self._thread.start()

    def write(self, line: str) -> None:
        """Have the line written soon. Never blocks, never raises."""
        if self._lines.qsize() < MOST_WAITING:
            self._lines.put(line)
        else:
            self._lost += 1

    def close(self) -> None:
        """Write what waits. Blocks, but not for long."""
        self._lines.put(None)
        self._thread.join(CLOSE_WITHIN)

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch = [self._lines.get()]
            with suppress(Empty):
                while True:
                    batch.append(self._lines.get_nowait())
            is_open = None not in batch
            self._append([line for line in batch if line is not None])
        os.close(self._descriptor)

    def _append(self, lines: list[str]) -> None:
        try:
            self._follow_rotation()
            self._write_whole("".join(f"{line}\n" for line in lines).encode())
        except OSError as reason:
            self._lost += len(lines)
            if not self._is_failing:
                _log.error("the audit log cannot be written, lines are lost: %s", reason)
            self._is_failing = True
            return
        if self._lost:
            _log.error("the audit log is written again", extra={"lost_lines": self._lost})
        self._is_failing = False
        self._lost = 0

    def _write_whole(self, octets: bytes) -> None:
        """All of it, or nothing that would tear a line. Raises OSError."""
        size = os.fstat(self._descriptor).st_size
        try:
            while octets:
                octets = octets[os.write(self._descriptor, octets) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise

    def _follow_rotation(self) -> None:
        """Open the file anew if another, or none, has its name."""
        with suppress(FileNotFoundError):
            if os.path.samestat(self._path.stat(), os.fstat(self._descriptor)):
                return
        former = self._descriptor
        self._open()
        os.close(former)

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._descriptor = os.open(self._path, flags, 0o600)


def _iso(instant: Instant) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds")


def _cut(text: str | None) -> str | None:
    return text if text is None else text[:MOST_CHARACTERS]

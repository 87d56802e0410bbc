"""The restore record: what a drill has broken, on disk before it breaks it, gone when it is restored.

One file for each drill that goes on. Its driller holds a lock on it, which ends with the process however that ends:
a record without a lock is a left-over, and whoever repairs it holds the lock meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import msgspec

from stillup.drill.breakers.breaker import Memory


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that somebody else needs to restore the primary."""

    failover: str
    method: str
    profile: str | None
    region: str
    endpoint_url: str | None
    began_at: float
    """Seconds since the epoch."""
    pid: int
    host: str
    memory: Memory = field(default_factory=dict)
    """The breaker's."""


class AtWork(Exception):
    """The failover is being drilled, or repaired, by somebody else at this moment."""

    def __init__(self, failover: str, pid: str) -> None:
        super().__init__(f"{failover} is being drilled by process {pid}: wait until that is over")


class RecordFile:
    """A record on disk, and the lock on it."""

    def __init__(self, path: Path, record: Record, lock: int) -> None:
        self.path = path
        self.record = record
        self._lock = lock

    @classmethod
    def create(cls, folder: Path, record: Record) -> Self:
        """Durable when this returns: the file's octets, and its name in the folder. Raises OSError, AtWork."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = cls(folder / f"{_file_name(record.failover)}-{uuid.uuid4()}.json", record, -1)
        for other in living(folder):
            if other.failover == record.failover:
                raise AtWork(record.failover, str(other.pid))
        made._write(record)
        return made

    def remember(self, memory: Memory) -> None:
        """Put another memory into the record, as durably."""
        self._write(replace(self.record, memory=memory))

    def remove(self) -> None:
        """The primary is restored. Removing it twice is no error."""
        self.path.unlink(missing_ok=True)
        _sync_folder(self.path.parent)
        self.release()

    def release(self) -> None:
        """Let go of the lock; the record stays for the next start."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _write(self, record: Record) -> None:
        # Written beside, locked, then moved into place: nobody ever sees it cut, or without its lock.
        beside = self.path.with_suffix(".tmp")
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            with open(handle, "wb", closefd=False) as file:
                file.write(msgspec.json.encode(record))
            os.fsync(handle)
            beside.rename(self.path)
            _sync_folder(self.path.parent)
        except OSError:
            os.close(handle)
            beside.unlink(missing_ok=True)
            raise
        self.release()
        self.record, self._lock = record, handle


def leftovers(folder: Path) -> Iterator[RecordFile]:
    """The records of dead drillers, each locked for whoever takes it. Those of living ones are passed over.

    A record that cannot be read raises ValueError with its path, after all others: a primary may be broken, and only a
    person can tell.
    """
    for useless in (
        *folder.glob("*.tmp"),
        *folder.glob("*.lock"),
    ):  # a record has its name before anything is broken
        handle = _locked(useless)
        if handle is not None:
            if _is_still(useless, handle):
                with suppress(OSError):  # a folder that is only to be read keeps it
                    useless.unlink()
            os.close(handle)
    unreadable = []
    for path in sorted(folder.glob("*.json")):
        handle = _locked(path)
        if handle is None:
            continue
        if not _is_still(path, handle):  # repaired, or written anew, between the two calls
            os.close(handle)
            continue
        try:
            record = msgspec.json.decode(path.read_bytes(), type=Record)
        except ValueError as wrong:
            os.close(handle)
            unreadable.append(f"{path} is no restore record of a drill ({wrong}): see what it says")
        else:
            yield RecordFile(path, record, handle)
    if unreadable:
        raise ValueError("\n".join(unreadable))


@contextmanager
def alone_with(failover: str, folder: Path) -> Iterator[None]:
    """No other drill of this failover begins while the block lasts. Raises AtWork where one goes on, OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{_file_name(failover)}.lock"
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise AtWork(failover, path.read_text() or "another") from None
        if _is_still(path, handle):
            break
        os.close(handle)  # whoever had it took it away between the two calls
    try:
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def living(folder: Path) -> tuple[Record, ...]:
    """The records whose drillers are at work."""
    found = []
    for path in sorted(folder.glob("*.json")):
        with suppress(FileNotFoundError, ValueError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append(msgspec.json.decode(path.read_bytes(), type=Record))
    return tuple(found)


def state_folder(environment: Mapping[str, str]) -> Path:
    """Where records are kept unless somebody says otherwise (XDG base directories)."""
    state = (
        environment.get("XDG_STATE_HOME") or Path(environment.get("HOME", "~")).expanduser() / ".local/state"
    )
    return Path(state) / "stillup" / "drills"


def _file_name(failover: str) -> str:
    return failover.replace("*", "_")


def _locked(path: Path) -> int | None:
    """The file, locked; None where a living process has it, or it is gone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _is_still(path: Path, handle: int) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(handle)
    return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""What the data directory needs of the operating system beyond files."""

from __future__ import annotations

import fcntl
import os
from itertools import count
from pathlib import Path

from stillup.engine.store.errors import StoreUnusable


def lock(directory: Path) -> int:
    """Take the directory for this process, until the descriptor is closed.

    Raises StoreUnusable, naming the process that has it, or OSError.
    """
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise StoreUnusable(f"{directory}: in use by another engine, process {holder or '?'}") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def set_aside(path: Path) -> Path:
    """Give a SQLite file and what belongs to it another name that is free, and return that. Raises OSError."""
    names = (path.with_name(f"{path.name}.damaged-{number}") for number in count(1))
    aside = next(name for name in names if not name.exists())
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside

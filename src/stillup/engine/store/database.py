"""A SQLite file: its schema, its transactions and its thread.

WAL with synchronous=FULL: a transaction is on disk when COMMIT returns, and is there whole or not at all
after a kill or a power cut.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from stillup.engine.ports import JournalUnavailable
from stillup.engine.store.disk import set_aside
from stillup.engine.store.errors import StoreUnusable

SCHEMA_VERSION: Final = 1
_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS journal (
        sequence INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        checksum BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS checkpoint (
        sequence INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        checksum BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS status (
        check_id TEXT PRIMARY KEY,
        status TEXT NOT NULL,
        at REAL NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS message (
        id TEXT PRIMARY KEY,
        at REAL NOT NULL,
        body TEXT NOT NULL,
        is_addressed INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS message_to_address ON message (is_addressed) WHERE is_addressed = 0;
    CREATE TABLE IF NOT EXISTS delivery (
        id TEXT PRIMARY KEY,
        message TEXT NOT NULL,
        subscription TEXT NOT NULL,
        lane TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due REAL NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS delivery_by_time ON delivery (due, lane, id);
    CREATE INDEX IF NOT EXISTS delivery_by_lane ON delivery (lane, due, id);
    CREATE INDEX IF NOT EXISTS delivery_by_message ON delivery (message);
    CREATE TABLE IF NOT EXISTS dead_letter (
        id TEXT PRIMARY KEY,
        message TEXT NOT NULL,
        subscription TEXT NOT NULL,
        lane TEXT NOT NULL,
        protocol TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        died_at REAL NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS dead_letter_by_message ON dead_letter (message);
    CREATE TABLE IF NOT EXISTS delivery_report (
        subscription TEXT PRIMARY KEY,
        delivered INTEGER NOT NULL,
        failed_attempts INTEGER NOT NULL,
        last_delivered_at REAL,
        last_failure_at REAL,
        last_failure TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS alarm_history (
        id INTEGER PRIMARY KEY,
        region TEXT NOT NULL,
        at REAL NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS alarm_history_by_time ON alarm_history (region, at);
"""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Database:
    """A connection, and the one thread that uses it once the engine runs."""

    def __init__(self, path: Path, tables: str = _TABLES, *, check: bool = True) -> None:
        """Open or create the file with these tables. Raises StoreUnusable.

        `check`: look through all of it for damage, which takes the longer the larger it is.
        """
        self.path = path
        self._tables = tables
        try:
            self.connection = _connect(path, tables, check=check)
        except (sqlite3.Error, UnicodeDecodeError) as wrong:  # the latter: sqlite3 read a damaged schema
            raise StoreUnusable(f"{path}: {wrong}") from wrong
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"stillup-{path.name}")

    async def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call `function` in the database's thread. Not undone when the caller is cancelled."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: function(*args, **kwargs))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing. Raises JournalUnavailable if the disk or SQLite says no."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield self.connection
            self.connection.execute("COMMIT")
        except sqlite3.Error as wrong:
            raise JournalUnavailable(f"{self.path}: {wrong}") from wrong
        finally:
            if self.connection.in_transaction:
                with suppress(sqlite3.Error):  # the first error is the one to tell
                    self.connection.execute("ROLLBACK")

    def start_over(self) -> Path:
        """Set the file aside, whatever is in it, and begin an empty one. In the database's thread, or before it.

        Returns where the old one is now. Raises sqlite3.Error or OSError.
        """
        self.connection.close()
        aside = set_aside(self.path)
        self.connection = _connect(self.path, self._tables, check=False)
        return aside

    def close(self) -> None:
        """Wait for what the thread still has to do, and close."""
        self._thread.shutdown()
        self.connection.close()


def _connect(path: Path, tables: str, *, check: bool) -> sqlite3.Connection:
    _make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        _raise_if_later(path, version)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(f"BEGIN; {tables} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        if check:
            _raise_if_damaged(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """The file, ours alone: it holds secrets. SQLite gives what it puts beside it the same mode."""
    with suppress(OSError):  # SQLite says better what is wrong
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _raise_if_later(path: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            f"{path}: has schema {version}, written by a later stillup; this one knows {SCHEMA_VERSION}"
        )


def _raise_if_damaged(path: Path, connection: sqlite3.Connection) -> None:
    """Damage between the rows, which their checksums cannot see."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreUnusable(f"{path}: damaged: {verdict}")

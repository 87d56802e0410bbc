"""A SQLite file whose loss never stops an engine."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

from stillup.engine.ports import JournalUnavailable
from stillup.engine.store.database import Database
from stillup.engine.store.disk import set_aside
from stillup.engine.store.errors import StoreUnusable

_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_log: Final = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class DisposableDatabase:
    """A file of its own, apart from the journal. One that turns out to be damaged is set aside, and an empty one begun."""

    def __init__(self, path: Path, tables: str, *, holds: str) -> None:
        """Open or create the file. `holds` says what is lost with it. Blocks.

        Raises StoreUnusable where none can be made.
        """
        self._holds = holds
        try:
            self._database = Database(path, tables, check=False)
        except StoreUnusable as wrong:
            self._warn(set_aside(path), wrong)
            self._database = Database(path, tables, check=False)

    async def run(
        self, function: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """`transact` in the file's thread."""
        return await self._database.run(lambda: self.transact(function, *args, **kwargs))

    def transact(
        self, function: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Call this in a transaction; once more in an empty file if this one is damaged. Raises JournalUnavailable."""
        try:
            with self._database.transaction() as connection:
                return function(connection, *args, **kwargs)
        except JournalUnavailable as wrong:
            if not _is_damage(wrong.__cause__):
                raise
            self._start_over(wrong)
        with self._database.transaction() as connection:
            return function(connection, *args, **kwargs)

    def close(self) -> None:
        """Wait for what is under way, and close."""
        self._database.close()

    def _start_over(self, wrong: JournalUnavailable) -> None:
        try:
            self._warn(self._database.start_over(), wrong)
        except (sqlite3.Error, OSError) as worse:
            raise JournalUnavailable(f"{self._database.path}: {worse}") from worse

    def _warn(self, aside: Path, wrong: Exception) -> None:
        _log.error(
            "the %s cannot be used (%s); they are now in %s, and new ones are begun",
            self._holds,
            wrong,
            aside,
        )


def _is_damage(cause: BaseException | None) -> bool:
    return isinstance(cause, sqlite3.DatabaseError) and (
        getattr(cause, "sqlite_errorcode", 0) & 0xFF in _DAMAGE
    )

"""Watchers at work: each looks, pauses, looks again, until the block is left."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

import dns.exception

from stillup.drill.logbook import Logbook
from stillup.drill.timeline import Watcher
from stillup.provision.api_errors import API_ERRORS

UNSEEN: Final = "unseen"
"""The state where a watcher could not look."""
_CANNOT_LOOK: Final = (
    OSError,
    http.client.HTTPException,
    dns.exception.DNSException,
    *API_ERRORS,
)


class Lookout(Protocol):
    """One watcher. Lives in one thread."""

    @property
    def watcher(self) -> Watcher:
        """Its kind."""

    @property
    def who(self) -> str:
        """Which one of its kind."""

    @property
    def pace(self) -> float:
        """Real seconds from one look to the next."""

    def look(self, logbook: Logbook) -> None:
        """Look once, in bounded time, and enter what is seen. What cannot be asked may be raised."""

    def close(self) -> None:
        """Let go of what it holds."""


@contextmanager
def watching(lookouts: Sequence[Lookout], logbook: Logbook) -> Iterator[None]:
    """Have all of them watch while the block lasts.

    A look that cannot be had is entered as `unseen` and tried again; any other error ends the drill's waiting.
    """
    over = threading.Event()
    threads = [
        threading.Thread(target=_watch, args=(each, logbook, over), name=each.who, daemon=True)
        for each in lookouts
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _watch(lookout: Lookout, logbook: Logbook, over: threading.Event) -> None:
    try:
        while not over.is_set():
            try:
                lookout.look(logbook)
            except _CANNOT_LOOK as why:
                logbook.note(lookout.watcher, lookout.who, UNSEEN, is_primary=None, detail=str(why))
            over.wait(lookout.pace)
    except BaseException as bug:  # noqa: BLE001  a thread has nobody above it: the waiting one raises it
        logbook.fail(bug)
    finally:
        lookout.close()

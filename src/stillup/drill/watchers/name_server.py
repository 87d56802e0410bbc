"""Asks one DNS server, again and again: an authoritative one, or a resolver as visitors have it."""

from __future__ import annotations

from typing import Final

from stillup.drill.logbook import Logbook
from stillup.drill.sides import Sides
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.timeline import Watcher
from stillup.plan.address import Address
from stillup.provision.lookup import lookup

PACE: Final = 0.25
PATIENCE: Final = 2.0
"""Seconds."""


class NameServerWatcher:
    """Of both kinds."""

    def __init__(
        self,
        server: Address,
        name: str,
        *,
        watcher: Watcher,
        rdtype: str,
        sides: Sides,
        clock: Stopwatch,
    ) -> None:
        self.watcher = watcher
        self.who = str(server)
        self.pace = clock.pace(PACE)
        self._server = server
        self._name = name
        self._rdtype = rdtype
        self._sides = sides
        self._timeout = clock.timeout(PATIENCE)

    def look(self, logbook: Logbook) -> None:
        """Ask once."""
        answer = lookup(
            self._server,
            self._name,
            self._rdtype,
            timeout=self._timeout,
            recurse=self.watcher is Watcher.RESOLVER,
        )
        state = "no answer" if answer is None else str(answer)
        detail = "" if answer is None else f"TTL {answer.ttl}"
        logbook.note(self.watcher, self.who, state, is_primary=self._sides.is_primary(answer), detail=detail)

    def close(self) -> None:
        """Holds nothing."""

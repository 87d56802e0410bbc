"""Opens the page as visitors do: by the address that the DNS gave, for as long as its TTL lasts."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stillup.drill import browser
from stillup.drill.browser import Page, Place
from stillup.drill.logbook import Logbook
from stillup.drill.sides import Sides
from stillup.drill.stopwatch import LEAST_PACE, Stopwatch
from stillup.drill.timeline import Watcher
from stillup.provision.lookup import Answer

PACE: Final = 0.25
PATIENCE: Final = 2.0
"""Seconds for connecting, and again for the page."""
ILL: Final = 500
"""A primary's status from here on is no page (RFC 9110 §15.6). A standby may well say 503: it means it."""


@dataclass(slots=True)
class _Known:
    """What the visitor's own cache holds."""

    answer: Answer
    until: float


class WebVisitor:
    """Asks again when the TTL is over. With `keeps_connection`, uses its connection for as long as that lasts."""

    def __init__(
        self,
        place: Place,
        ask: Callable[[], Answer | None],
        *,
        sides: Sides,
        clock: Stopwatch,
        keeps_connection: bool,
    ) -> None:
        """`ask` is how it learns what the name leads to, CNAME records followed."""
        self.watcher = Watcher.KEPT_CONNECTION if keeps_connection else Watcher.VISITOR
        self.who = place.host
        self._place = place
        self._ask = ask
        self._sides = sides
        self._clock = clock
        self._keeps = keeps_connection
        self._known: _Known | None = None
        self._kept: tuple[http.client.HTTPConnection, Answer] | None = None

    @property
    def pace(self) -> float:
        """Real seconds to the next look: it is due when the TTL is over, whatever the pace."""
        pace = self._clock.pace(PACE)
        if self._known is None or self._kept is not None:
            return pace
        return min(pace, max(LEAST_PACE / 10, self._clock.real(self._known.until - self._clock.elapsed())))

    def look(self, logbook: Logbook) -> None:
        """Open the page once."""
        answer = self._kept[1] if self._kept else self._resolve()
        if answer is None or not answer.addresses:
            logbook.note(self.watcher, self.who, "error", is_primary=None, detail="the name has no address")
            return
        is_primary = self._sides.is_primary(answer)
        try:
            page = self._open(answer)
        except (OSError, http.client.HTTPException) as why:
            self.close()
            logbook.note(
                self.watcher,
                self.who,
                "error",
                is_primary=None,
                detail=f"{answer}: {str(why) or type(why).__name__}",
            )
            return
        state = "primary" if is_primary else "standby"
        if is_primary and page.status >= ILL:
            state, is_primary = "error", None
        logbook.note(
            self.watcher, self.who, state, is_primary=is_primary, detail=f"{answer}: status {page.status}"
        )

    def close(self) -> None:
        """Close the connection that is kept."""
        if self._kept is not None:
            self._kept[0].close()
            self._kept = None

    def _resolve(self) -> Answer | None:
        now = self._clock.elapsed()
        if self._known is None or now >= self._known.until:
            answer = self._ask()
            self._known = None if answer is None else _Known(answer, now + answer.ttl)
        return None if self._known is None else self._known.answer

    def _open(self, answer: Answer) -> Page:
        timeout = self._clock.timeout(PATIENCE)
        if not self._keeps:
            return browser.fetch(answer.addresses[0], self._place, timeout=timeout)
        if self._kept is None:
            self._kept = browser.connect(answer.addresses[0], self._place, timeout=timeout), answer
        connection = self._kept[0]
        page = browser.get(connection, self._place, timeout=timeout)
        if connection.sock is None:  # the server has closed it: the next one is a new one
            self.close()
        return page

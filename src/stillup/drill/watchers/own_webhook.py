"""The drill's own webhook, as a watcher: what it is told is delivered."""

from __future__ import annotations

from queue import Empty
from typing import Final

from stillup.drill.delivery.inbox import Inbox
from stillup.drill.logbook import Logbook
from stillup.drill.stopwatch import LEAST_PACE
from stillup.drill.timeline import Watcher
from stillup.drill.watchers.deliveries import SIDES, Fate

LISTENING: Final = "listening"
_AT_MOST: Final = 0.25
"""Real seconds for which a look waits."""


class OwnWebhook:
    """Enters each message as it arrives."""

    watcher = Watcher.DELIVERY
    who = "webhook of the drill"
    pace = LEAST_PACE

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._state = LISTENING

    def look(self, logbook: Logbook) -> None:
        """Wait a little for the next message."""
        if self._state == LISTENING:
            logbook.note(self.watcher, self.who, self._state, is_primary=None)
        try:
            state = self._inbox.states.get(timeout=_AT_MOST)
        except Empty:
            return
        self._state = f"{Fate.DELIVERED} {state}"
        logbook.note(self.watcher, self.who, self._state, is_primary=SIDES.get(state))

    def close(self) -> None:
        """The inbox outlives the watch."""

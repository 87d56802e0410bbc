"""How `stillup drill` says what goes on: a terminal that is gone, or that nobody reads, must not keep a primary broken."""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import Final

from stillup.cli.output import say

HEARD_WITHIN: Final = 2.0
"""Real seconds for which a slow terminal is waited for, where what comes next needs what was said."""


class Voice:
    """Says lines on standard error, in order, from a thread of its own. Whoever speaks neither waits nor fails.

    A handler of signals may speak too: SimpleQueue.put is reentrant.
    """

    def __init__(self) -> None:
        self._lines: SimpleQueue[str | threading.Event] = SimpleQueue()
        threading.Thread(target=self._speak, name="voice", daemon=True).start()

    def say(self, line: str) -> None:
        """As soon as the ones before are said."""
        self._lines.put(line)

    def finish(self) -> None:
        """Wait until everything is said, though not for ever."""
        is_said = threading.Event()
        self._lines.put(is_said)
        is_said.wait(HEARD_WITHIN)

    def _speak(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, threading.Event):
                line.set()
            else:
                with suppress(OSError, ValueError):  # a terminal that is gone, a stream that is closed
                    say(line)

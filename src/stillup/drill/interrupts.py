"""Ctrl-C and its like: the first one ends the drill, and none of them ends the restoring."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """In force while the block lasts, in the main thread. `tell` gets a sentence where a signal has to wait."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._is_shielded = False
        self.happened = False

    @contextmanager
    def caught(self) -> Iterator[None]:
        """The first signal raises KeyboardInterrupt, unless it is shielded from; later ones only get the sentence."""
        before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Nothing is interrupted meanwhile; what came is raised at the end."""
        had_happened, self._is_shielded = self.happened, True
        try:
            yield
        finally:
            self._is_shielded = False
        if self.happened and not had_happened:
            raise KeyboardInterrupt

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        is_first, self.happened = not self.happened, True
        if is_first and not self._is_shielded:
            raise KeyboardInterrupt
        self._tell("the primary is being restored first: please wait")

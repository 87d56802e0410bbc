"""What the queues remember between calls, until the engine stops: nothing that would be missed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from stillup.rules.ids import Instant

REMEMBERED_TASKS: Final = 10
"""Of each queue, as AWS's."""


@dataclass(frozen=True, slots=True)
class MoveTask:
    """A redrive that was asked for. It is done when it is answered."""

    handle: str
    source: str
    """The ARN of the queue."""
    moved: int
    started_at: Instant


@dataclass(slots=True)
class QueueMemory:
    """Which messages somebody is looking at, and which redrives there were."""

    _hidden: dict[str, Instant] = field(default_factory=dict)
    """Until when, by message."""
    _tasks: dict[str, deque[MoveTask]] = field(default_factory=dict)

    def hide(self, ids: Iterable[str], until: Instant, *, now: Instant) -> None:
        """Keep these from other receivers until then; what is visible again is forgotten."""
        still: Mapping[str, Instant] = {each: at for each, at in self._hidden.items() if at > now}
        self._hidden = {**still, **dict.fromkeys(ids, until)}

    def is_hidden(self, message: str, *, now: Instant) -> bool:
        """Whether somebody received it and has not been given up on."""
        return self._hidden.get(message, now) > now

    def remember(self, task: MoveTask) -> None:
        """Keep the newest tasks of each queue."""
        self._tasks.setdefault(task.source, deque(maxlen=REMEMBERED_TASKS)).appendleft(task)

    def tasks(self, source: str) -> list[MoveTask]:
        """The newest first."""
        return list(self._tasks.get(source, ()))

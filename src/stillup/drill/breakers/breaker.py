"""What every way of breaking has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Protocol, TypeAlias

Memory: TypeAlias = Mapping[str, str | int | bool | list[str] | None]
"""All that is needed to restore, as JSON takes it."""
Remember: TypeAlias = Callable[[Memory], None]
"""Puts a breaker's memory on disk, in place of what was there."""


class BreakFailed(Exception):
    """The primary could not be broken; the text says why and what to do."""


class RestoreFailed(Exception):
    """The primary could not be restored, this time; the text says why."""


class Unrestorable(RestoreFailed):
    """Nor will it be, however often it is tried."""


class Breaker(Protocol):
    """One way of breaking. Both acts are idempotent; `restore` also undoes what was only begun."""

    method: ClassVar[str]

    @property
    def what_happens(self) -> str:
        """For whoever is asked whether it may."""

    def memory(self) -> Memory:
        """What `restore` needs, should somebody else have to do it."""

    def break_(self, remember: Remember) -> None:
        """Break the primary; it is broken, or about to be, on return.

        `remember` is called with a new memory before anything is done that the first one cannot undo.
        Raises BreakFailed, and botocore's errors.
        """

    def restore(self) -> None:
        """Undo it, and return when it is undone, verified. Raises RestoreFailed, and botocore's errors."""

    def close(self) -> None:
        """Let go of what it holds, when the drill is over."""

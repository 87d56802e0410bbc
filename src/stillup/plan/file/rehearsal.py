"""How this failover is rehearsed, unless the command line says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from stillup.plan.file.parts import Conflict, Part


class Rehearsal(Part):
    """What `stillup drill` does."""

    method: Literal["invert", "instances", "command", "proxy"] = "invert"
    """How the primary is broken; `invert` only turns the check's meaning round, which harms nothing."""
    break_command: str | None = None
    """For `command`: run by the shell; the primary must be broken when it ends."""
    restore_command: str | None = None
    """For `command`: must work any number of times."""
    visit: str | None = Field(None, pattern=r"^https?://")
    """What the visitor opens; without it `http://` and the failover's name."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """A drill by commands needs both: what breaks the primary, and what restores it."""
        if given.get("method") == "command":
            for key in ("break-command", "restore-command"):
                if key not in given:
                    yield ("method",), f"`command` needs `{key}` beside it"

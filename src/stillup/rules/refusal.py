"""How a rule says no: a value that names the caller's mistake, all reasons at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The caller is at fault and nothing has changed.

    `code` is the error code of AWS's own model ("InvalidChangeBatch", "NoSuchHostedZone", …).
    `reasons` lists everything that is wrong, in the order of the request. `details` are further members of the
    error, by the names that the service gives them.
    """

    code: str
    reasons: tuple[str, ...]
    details: tuple[tuple[str, str], ...] = ()

    @classmethod
    def because(cls, code: str, *reasons: str) -> Refusal:
        """A refusal with these reasons."""
        return cls(code, reasons)

    @property
    def message(self) -> str:
        """One text for all reasons; InvalidChangeBatch joins them in brackets (2.7)."""
        if self.code == "InvalidChangeBatch":
            return f"[{', '.join(self.reasons)}]"
        return " ".join(self.reasons)

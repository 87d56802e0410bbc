"""What the engine says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """One number for Prometheus, by its conventions: `stillup_dns_queries_total`, labels, seconds as the unit."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str]
    is_counter: bool = False
    """Whether it only ever grows, from the start of the engine; else it is a gauge."""


class Figures(Protocol):
    """A duty that can be asked how it is."""

    def figures(self) -> Sequence[Figure]:
        """All its numbers, now; cheap."""

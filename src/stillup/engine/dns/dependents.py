"""Which kept answers rest on what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from stillup.rules.ids import HealthCheckId
from stillup.rules.resolution import Fact

Key: TypeAlias = tuple[bytes, int]
"""A name in lower-case wire form, and a type."""

Ground: TypeAlias = HealthCheckId | Fact
"""Something that answers rest on: a health check's status, or a fact of a zone."""


class Dependents:
    """An index from grounds to the keys of the answers that rest on them; as large as what is entered."""

    def __init__(self) -> None:
        self._keys: dict[Ground, set[Key]] = {}
        self._grounds: dict[Key, tuple[Ground, ...]] = {}

    def enter(self, key: Key, grounds: Iterable[Ground]) -> None:
        """Note what an answer rests on, in place of what was noted for it before."""
        self.remove(key)
        noted = tuple(grounds)
        if noted:
            self._grounds[key] = noted
        for ground in noted:
            self._keys.setdefault(ground, set()).add(key)

    def remove(self, key: Key) -> None:
        """Forget the answer."""
        for ground in self._grounds.pop(key, ()):
            keys = self._keys[ground]
            keys.discard(key)
            if not keys:
                del self._keys[ground]

    def resting_on(self, grounds: Iterable[Ground]) -> set[Key]:
        """The answers that rest on any of these."""
        return set().union(*(self._keys.get(ground, ()) for ground in grounds))

    def clear(self) -> None:
        """Forget everything."""
        self._keys.clear()
        self._grounds.clear()

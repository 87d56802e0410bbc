"""What became otherwise between two looks at a failover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stillup.plan.chain.link import Chain


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise now."""

    at: float
    """When it was seen; seconds since the epoch."""
    failover: str
    what: str
    """`visitors`, `answer`, `checkers`, `alarm …`, `told`."""
    before: str | None
    """None at the first look."""
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.after}" + ("" if self.before is None else f" (was {self.before})")


def changes(before: Chain | None, after: Chain) -> tuple[Change, ...]:
    """What is otherwise; everything, at the first look."""
    former = {} if before is None else dict(_facts(before))
    return tuple(
        Change(after.now, after.failover, what, former.get(what), now)
        for what, now in _facts(after)
        if former.get(what) != now
    )


def _facts(chain: Chain) -> Iterator[tuple[str, str]]:
    yield "visitors", f"{chain.visitors_get}"
    yield "answer", ", ".join(sorted(chain.where)) or "none"
    if chain.checkers is not None:
        yield "checkers", f"{chain.checkers_healthy} of {chain.checkers} healthy"
    for name, state in chain.alarm_states:
        yield f"alarm {name}", state
    yield "told", ", ".join(chain.told) or "nobody"

"""What one kind of resource adds to a Plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from stillup.plan.ownership import whose
from stillup.plan.step import Difference, Refusal, Step


@dataclass(frozen=True, slots=True)
class Part:
    """Steps in any order, and what else is to be said."""

    steps: tuple[Step, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    """By address, what a reference to it is resolved to; without what is yet to be made."""


def together(parts: Iterable[Part]) -> Part:
    """All of them as one."""
    each = tuple(parts)
    return Part(
        steps=tuple(step for part in each for step in part.steps),
        refusals=tuple(refusal for part in each for refusal in part.refusals),
        notes=tuple(note for part in each for note in part.notes),
        ids={address: id_ for part in each for address, id_ in part.ids.items()},
    )


def refuse_not_ours(
    what: str, differences: Iterable[Difference], tags: Mapping[str, str] = MappingProxyType({})
) -> Refusal:
    """The refusal to change what another hand made, or what was made for another failover."""
    shown = "; ".join(
        f"{each.attribute} is {each.before or 'absent'}, not {each.after or 'absent'}" for each in differences
    )
    return Refusal(
        id="not-ours",
        text=f"{what} is {whose(tags)}, and differs from the plan: {shown}.",
        remedy="Change the plan to say what there is, or pass --adopt to have it taken over and changed.",
    )


def note_not_ours(what: str, tags: Mapping[str, str] = MappingProxyType({})) -> str:
    """That something is as the plan wants it, and not the failover's."""
    return f"{what} is as planned, but {whose(tags)}: it is left alone (--adopt takes it over)."

"""Where in a zone a name stands (RFC 1034 §4.3.2 step 3, RFC 4592 §3.3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from stillup.rules.lookup.view import View
from stillup.rules.names import DomainName


@dataclass(frozen=True, slots=True)
class Delegated:
    """Another server's: the name lies at or below this cut."""

    cut: DomainName


@dataclass(frozen=True, slots=True)
class Present:
    """`owner` has the answer: the name itself, or the wildcard that stands in for it."""

    owner: DomainName


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such name, nor a wildcard for it."""


Place: TypeAlias = Delegated | Present | Absent


def locate(view: View, name: DomainName, *, for_ds: bool) -> Place:
    """Find a name that is at or below the apex, going down from there.

    | first on the way down                                            | place                     |
    |------------------------------------------------------------------|---------------------------|
    | a cut above the name                                             | delegated                 |
    | a cut at the name, the question not being for DS                 | delegated                 |
    | a cut at the name, the question being for DS (RFC 4035 §3.1.4.1) | present                   |
    | the name, owning record sets or an empty non-terminal            | present                   |
    | a gap; `*` exists directly below the name above the gap          | present, owned by the `*` |
    | a gap; no such `*`                                               | absent                    |

    The name above the gap is the closest encloser, so a wildcard matches at any depth, but neither at a name
    that exists, nor below one that does, nor below a cut (NM-4, RFC 4592 §2.2.1).
    """
    encloser = view.apex
    for step in _way_down(view.apex, name):
        if view.is_cut(step) and not (for_ds and step == name):
            return Delegated(step)
        if not view.exists(step):
            wildcard = encloser.wildcard()
            return Present(wildcard) if view.exists(wildcard) else Absent()
        encloser = step
    return Present(name)


def _way_down(apex: DomainName, name: DomainName) -> Iterator[DomainName]:
    """The names from just below the apex to the name itself."""
    depth = len(name.labels)
    for labels in range(len(apex.labels) + 1, depth):
        yield DomainName(name.labels[depth - labels :])
    if name != apex:
        yield name

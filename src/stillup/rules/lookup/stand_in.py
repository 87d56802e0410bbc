"""One name in place of many: a flood of random names asks for few answers."""

from __future__ import annotations

from typing import Final

from stillup.rules.lookup.tree import ZoneTree
from stillup.rules.names import DomainName
from stillup.rules.records import RecordType

_FILLER: Final = b"\0"
"""The octet that made-up labels consist of. No resolver asks for such names, and nobody owns them."""
_LONGEST_FIELD: Final = 64
"""Octets of the longest label with the octet that holds its length (RFC 1035 §3.1)."""


def stand_in_for(tree: ZoneTree, name: DomainName) -> DomainName:
    """A name that is answered as `name` is, but for the owner, and is the same for all names like it.

    | the name                                              | stand-in                                       |
    |-------------------------------------------------------|------------------------------------------------|
    | exists                                                | itself                                         |
    | is covered by a wildcard CNAME, which might lead to it| itself                                         |
    | does not exist                                        | made up: same closest encloser, as many octets |

    What answers a name that does not exist is decided by its closest encloser alone (RFC 4592 §3.3.1). The
    length keeps compression pointers right: an answer rendered for the stand-in is spelled right for `name`.
    """
    apex_depth = len(tree.zone.name.labels)
    encloser = tree.zone.name
    for depth in range(apex_depth + 1, len(name.labels) + 1):
        below = DomainName(name.labels[-depth:])
        if not tree.exists(below):
            break
        encloser = below
    if encloser == name or tree.zone.group(encloser.wildcard(), RecordType.CNAME):
        return name
    made_up = len(name.labels) - len(encloser.labels)
    room = sum(1 + len(label) for label in name.labels[:made_up])
    filler = _labels_of(room)
    if tree.exists(DomainName((filler[-1], *encloser.labels))):
        return name
    return DomainName((*filler, *encloser.labels))


def _labels_of(octets: int) -> tuple[bytes, ...]:
    """Labels that take so many octets on the wire, two or more."""
    labels = []
    while octets:
        field = min(octets, _LONGEST_FIELD)
        if octets - field == 1:
            field -= 1  # an octet left alone would be the root's label
        labels.append(_FILLER * (field - 1))
        octets -= field
    return tuple(labels)

"""A zone as a batch would leave it, and what speaks against that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordSetKey, RecordType
from stillup.rules.zones.zone import HostedZone


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a batch is refused: the text, and the place in the batch of the change that it is about."""

    position: int
    text: str
    code: str = "InvalidChangeBatch"


@dataclass(frozen=True, slots=True)
class Draft:
    """The names that a batch touches, as it would leave them; all other names stay as they are in the zone.

    `written` and `removed` say which change of the batch wrote or removed a record set.
    """

    zone: HostedZone
    nodes: Mapping[DomainName, tuple[RecordSet, ...]]
    written: Mapping[RecordSetKey, int]
    removed: Mapping[RecordSetKey, int]

    def group(self, name: DomainName, record_type: RecordType) -> tuple[RecordSet, ...]:
        """The record sets of this name and type, after the batch."""
        node = self.nodes.get(name)
        if node is None:
            return self.zone.group(name, record_type)
        return tuple(each for each in node if each.type is record_type)

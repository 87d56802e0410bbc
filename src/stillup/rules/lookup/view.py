"""What one resolution sees of the zone and its checks, with a note of all it looked at."""

from __future__ import annotations

from collections.abc import Sequence

from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.lookup.tree import ZoneTree
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.resolution import Fact, SiteAddresses
from stillup.rules.routing import Choice, Health, StatusOf, choose, health_of


class View:
    """The only way for a resolution to read anything: nothing that it rests on goes unnoticed.

    `facts` and `depends_on` grow as the view is used.
    """

    def __init__(self, tree: ZoneTree, status_of: StatusOf, site: SiteAddresses) -> None:
        self.site = site
        self.facts: set[Fact] = set()
        self.depends_on: set[HealthCheckId] = set()
        self._tree = tree
        self._status_of = status_of

    @property
    def apex(self) -> DomainName:
        """The zone's own name."""
        return self._tree.zone.name

    @property
    def zone_id(self) -> HostedZoneId:
        """The zone's id, which an alias within the zone names."""
        return self._tree.zone.id

    def exists(self, name: DomainName) -> bool:
        """Whether the name exists in the zone, be it as an empty non-terminal."""
        self.facts.add((name, None))
        return self._tree.exists(name)

    def is_cut(self, name: DomainName) -> bool:
        """Whether a delegation begins at this name."""
        self.facts.add((name, None))
        return self._tree.is_cut(name)

    def types_at(self, name: DomainName) -> Sequence[RecordType]:
        """The types of the record sets that the name owns, in the order of the list (LS-1)."""
        self.facts.update((name, record_type) for record_type in RecordType)
        return tuple(dict.fromkeys(each.type for each in self._tree.zone.nodes.get(name, ())))

    def group(self, name: DomainName, record_type: RecordType) -> tuple[RecordSet, ...]:
        """The record sets of a name and type, below a cut too: that is where glue is."""
        self.facts.add((name, record_type))
        return self._tree.zone.group(name, record_type)

    def choose(self, group: Sequence[RecordSet]) -> Choice:
        """Choose from a group of the zone, by policy and health."""
        choice = choose(group, self._health_of)
        self.depends_on |= choice.depends_on
        return choice

    def _health_of(self, record_set: RecordSet) -> Health:
        return health_of(record_set, zone_id=self.zone_id, group_of=self.group, status_of=self._status_of)

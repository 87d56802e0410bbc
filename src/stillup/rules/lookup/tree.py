"""A hosted zone as the tree that its names make (RFC 1034 §3.1).

A zone lists only the names that own record sets. A name also exists if something below it does (an empty
non-terminal, RFC 4592 §2.2.2), and NS records below the apex cut off all that lies under them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from stillup.rules.names import DomainName
from stillup.rules.records import RecordType
from stillup.rules.resolution import Fact
from stillup.rules.zones.zone import HostedZone


@dataclass(frozen=True, slots=True)
class ZoneTree:
    """A zone, and what its list of names does not show at a glance."""

    zone: HostedZone
    population: Mapping[DomainName, int]
    """For each existing name below the apex, how many names at or below it own record sets."""
    cuts: frozenset[DomainName]
    """The names below the apex that own NS records: where delegations begin."""

    @classmethod
    def of(cls, zone: HostedZone) -> ZoneTree:
        """The tree of this zone."""
        return cls(replace(zone, nodes={}), {}, frozenset()).after(zone, zone.nodes.keys())

    def after(self, zone: HostedZone, changed: Collection[DomainName]) -> ZoneTree:
        """The tree of a later state of the zone, in which no node but the changed ones differs."""
        population = dict(self.population)
        for name in changed:
            gained = (name in zone.nodes) - (name in self.zone.nodes)
            for each in _lineage(name, zone.name) if gained else ():
                population[each] = population.get(each, 0) + gained
                if not population[each]:
                    del population[each]
        cuts = {name for name in changed if name != zone.name and zone.group(name, RecordType.NS)}
        return ZoneTree(zone, population, self.cuts.difference(changed) | cuts)

    def exists(self, name: DomainName) -> bool:
        """Whether the name owns record sets or has a name below it that does."""
        return name in self.population or name == self.zone.name

    def is_cut(self, name: DomainName) -> bool:
        """Whether a delegation begins at this name."""
        return name in self.cuts


def changed_facts(before: ZoneTree, after: ZoneTree, changed: Collection[DomainName]) -> frozenset[Fact]:
    """What is no longer as it was, where no node but the changed ones differs."""
    facts: set[Fact] = set()
    for name in changed:
        old, new = before.zone.nodes.get(name, ()), after.zone.nodes.get(name, ())
        for record_type in {each.type for each in (*old, *new)}:
            if before.zone.group(name, record_type) != after.zone.group(name, record_type):
                facts.add((name, record_type))
        for each in _lineage(name, after.zone.name):
            if before.exists(each) != after.exists(each) or before.is_cut(each) != after.is_cut(each):
                facts.add((each, None))
    return frozenset(facts)


def _lineage(name: DomainName, apex: DomainName) -> Iterator[DomainName]:
    """The name and the names above it, up to but without the apex."""
    while name != apex:
        yield name
        name = name.parent()

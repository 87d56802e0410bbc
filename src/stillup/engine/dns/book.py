"""The answer book: octets for every name and type, there before they are asked for (decision 2).

    kept      the names that own record sets × the types of Route 53; each is marked stale, or rendered anew, the
              moment something it rests on changes
    passing   all else: other types, referrals, names that do not exist; bounded, and forgotten at every change

A resolution says what it rests on: facts of the zone that it looked at, and health checks (`rests_on`,
`depends_on`). The book keeps an index of that, so a change finds exactly the answers that could differ. It is taken
in within one turn of the event loop: a query sees all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final

from stillup.engine.dns.dependents import Dependents, Key
from stillup.engine.ports import StatusChange, Statuses
from stillup.rules.changes import Change, RecordsChanged
from stillup.rules.ids import HostedZoneId
from stillup.rules.lookup import ZoneTree, changed_facts, resolve, serving_zones, stand_in_for, zone_for
from stillup.rules.names import ROOT, DomainName
from stillup.rules.records import RECORD_TYPE_CODES, RecordType
from stillup.rules.resolution import Fact, Rcode, Resolution, SiteAddresses
from stillup.rules.world import World
from stillup.wire.dns.answer import Rendered, render

RENDERED_AHEAD: Final = 4
"""How many answers one change renders at once, at about a tenth of a millisecond each, before any query gets its turn.
Whatever else it made stale is only marked so, and rendered when it is asked for, so that even a change to thousands
takes little of the loop's time."""

PASSING_LIMIT: Final = 4096
"""How many passing answers there are at most. When there are more, all are forgotten: a flood gains nothing by it."""

_KEPT_TYPES: Final = frozenset(RECORD_TYPE_CODES.values())
_IN_EVERY_ANSWER: Final = (RecordType.NS, RecordType.SOA)
"""What the apex owns of these stands in the authority section of every answer (DN-2, DN-3)."""
_OUTSIDE: Final = Resolution(Rcode.REFUSED, authoritative=False)


class AnswerBook:
    """Answers for all zones of a world, by what the health checks say now.

    Implements the ports Resolver and Applied. Made for one event loop, not for threads.
    """

    def __init__(self, world: World, statuses: Statuses, site: SiteAddresses) -> None:
        self._statuses = statuses
        self._site = site
        self._sequence = 0
        self._trees: dict[HostedZoneId, ZoneTree] = {}
        self._serving: dict[bytes, ZoneTree] = {}
        self._kept: dict[Key, Rendered] = {}
        self._stale: set[Key] = set()  # among those kept: taking out thousands costs more than marking them
        self._passing: dict[Key, Rendered] = {}
        self._dependents = Dependents()
        self._refused = render(_OUTSIDE, ROOT)
        self.publish(world, ())

    def answer(self, qname: bytes, qtype: int) -> Rendered:
        """The answer for this name (wire form, lower case) and type; REFUSED outside our zones (DN-3)."""
        key = (qname, qtype)
        if self._stale and key in self._stale:
            return self._answer_anew(key)
        rendered = self._kept.get(key)
        if rendered is None:
            rendered = self._passing.get(key)
        return self._answer_anew(key) if rendered is None else rendered

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        """The answer right now, from this zone alone; REFUSED outside it. Raises KeyError for an unknown zone."""
        tree = self._trees[zone_id]
        return self._resolve(tree, name, record_type) if name.is_under(tree.zone.name) else _OUTSIDE

    def applied_sequence(self) -> int:
        """The sequence number of the world that every answer comes from."""
        return self._sequence

    def publish(self, world: World, changes: Sequence[Change]) -> None:
        """Answer from this world from now on; `changes` are all that lead to it from the last one.

        | the changes                                                 | stale answers                       |
        |-------------------------------------------------------------|-------------------------------------|
        | a zone comes or goes, and with it names of the zone above   | all                                 |
        | the apex's NS or SOA                                        | all                                 |
        | other record sets                                           | their name's, and those that looked |
        | anything else                                               | none: what changes with a health    |
        |                                                             | check is its status, by `apply`     |
        """
        touched = _touched_names(changes)
        before = self._trees
        self._take_in(world, touched)
        facts = self._facts_changed_since(before, touched)
        if facts is None:
            self._forget_everything()
            trees = self._serving.values()
            self._render_ahead(key for tree in trees for key in _held_keys(tree, tree.zone.nodes))
            return
        for name in chain.from_iterable(touched.values()):
            self._forget(name)
        stale = self._dependents.resting_on(facts)
        self._mark(stale)
        held = (key for zone_id, names in touched.items() for key in _held_keys(self._trees[zone_id], names))
        self._render_ahead(chain(held, stale))

    def apply(self, changes: Iterable[StatusChange]) -> None:
        """Answer by the statuses as they are now; these are all that changed since the last call.

        Call it in the same turn of the event loop in which `Statuses` begins to say so.
        """
        stale = self._dependents.resting_on(change.check_id for change in changes)
        self._mark(stale)
        self._render_ahead(stale)

    def _take_in(self, world: World, touched: Mapping[HostedZoneId, set[DomainName]]) -> None:
        trees = {}
        for zone in world.zones.values():
            tree = self._trees.get(zone.id)
            if tree is None:
                tree = ZoneTree.of(zone)
            elif zone.id in touched:
                tree = tree.after(zone, touched[zone.id])
            trees[zone.id] = tree
        self._sequence = world.sequence
        self._trees = trees
        self._serving = {apex: trees[zone.id] for apex, zone in serving_zones(world.zones.values()).items()}

    def _facts_changed_since(
        self, before: Mapping[HostedZoneId, ZoneTree], touched: Mapping[HostedZoneId, set[DomainName]]
    ) -> set[Fact] | None:
        """What has changed in the zones, or None where that is in every answer."""
        if self._trees.keys() != before.keys():
            return None
        facts: set[Fact] = set()
        for zone_id, names in touched.items():
            tree = self._trees[zone_id]
            facts |= changed_facts(before[zone_id], tree, names)
            if any(_is_in_every_answer(fact, tree.zone.name) for fact in facts):
                return None
        return facts

    def _forget_everything(self) -> None:
        self._kept.clear()
        self._stale.clear()
        self._passing.clear()
        self._dependents.clear()

    def _forget(self, name: DomainName) -> None:
        """Forget the name's own answers; it may be gone for good."""
        for key in _keys_of(name, _KEPT_TYPES):
            self._kept.pop(key, None)
            self._stale.discard(key)
            self._dependents.remove(key)

    def _mark(self, stale: set[Key]) -> None:
        """Let no query see these answers again, nor any that pass."""
        self._passing.clear()
        self._stale |= stale

    def _render_ahead(self, keys: Iterable[Key]) -> None:
        """Render as many of these as one may at once."""
        for key in islice(keys, RENDERED_AHEAD):
            if key in self._stale or key not in self._kept:
                self._answer_anew(key)

    def _answer_anew(self, key: Key) -> Rendered:
        qname, qtype = key
        tree = zone_for(self._serving, qname, qtype)
        if tree is None:
            return self._refused
        name = DomainName.from_wire(qname)
        if qtype in _KEPT_TYPES and name in tree.zone.nodes:
            return self._keep(key, tree, name)
        return self._let_pass(tree, stand_in_for(tree, name), qtype)

    def _keep(self, key: Key, tree: ZoneTree, name: DomainName) -> Rendered:
        """Render an answer and note what it rests on; changes to its own name find it without a note."""
        resolution = self._resolve(tree, name, key[1])
        facts = (
            fact
            for fact in resolution.rests_on
            if fact[0] != name and not _is_in_every_answer(fact, tree.zone.name)
        )
        self._dependents.enter(key, (*resolution.depends_on, *facts))
        rendered = self._kept[key] = render(resolution, name)
        self._stale.discard(key)
        return rendered

    def _let_pass(self, tree: ZoneTree, name: DomainName, qtype: int) -> Rendered:
        key = (name.to_wire(), qtype)
        rendered = self._passing.get(key)
        if rendered is None:
            if len(self._passing) >= PASSING_LIMIT:
                self._passing.clear()
            rendered = self._passing[key] = render(self._resolve(tree, name, qtype), name)
        return rendered

    def _resolve(self, tree: ZoneTree, name: DomainName, qtype: int) -> Resolution:
        return resolve(tree, name, qtype, status_of=self._statuses.status, site=self._site)


def _touched_names(changes: Iterable[Change]) -> dict[HostedZoneId, set[DomainName]]:
    touched: dict[HostedZoneId, set[DomainName]] = {}
    for change in changes:
        if isinstance(change, RecordsChanged):
            touched.setdefault(change.zone_id, set()).update(node.name for node in change.nodes)
    return touched


def _held_keys(tree: ZoneTree, names: Iterable[DomainName]) -> Iterator[Key]:
    """The keys of what these names own."""
    for name in names:
        record_sets = tree.zone.nodes.get(name, ())
        yield from _keys_of(name, {each.type.code for each in record_sets})


def _keys_of(name: DomainName, types: Iterable[int]) -> Iterator[Key]:
    qname = name.to_wire()
    return ((qname, code) for code in types)


def _is_in_every_answer(fact: Fact, apex: DomainName) -> bool:
    return fact[0] == apex and fact[1] in _IN_EVERY_ANSWER

"""Whatever changes, in whatever order: the book answers as a book made that moment from the world would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import dns.message
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stillup.engine.dns.book import AnswerBook
from stillup.engine.ports import StatusChange
from stillup.rules.changes import Change, Node, RecordsChanged, ZoneCreated, ZoneDeleted
from stillup.rules.health.check import Status
from stillup.rules.ids import ChangeId, HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.resolution import SiteAddresses
from stillup.rules.world import World, fold
from stillup.rules.zones.zone import Submission
from stillup.wire.dns.answer import Rendered, assemble_response
from stillup.wire.dns.question import Question
from tests.by_hand import (
    PRIMARY,
    SECONDARY,
    alias,
    failover,
    for_everywhere,
    in_order,
    multivalue,
    name,
    simple,
    website_alias,
    weighted,
    zone,
)

SITE = SiteAddresses(("198.51.100.7",), ("2001:db8::7",))
SUBMISSION = Submission(ChangeId("C1"), 0.0)
ZONES = {
    "Z1": zone(),
    "Z2": zone(apex="sub.example.com", zone_id="Z2"),
    "Z3": zone(zone_id="Z3"),
    "Z4": zone(apex="com", zone_id="Z4"),
}
CHECKS = [HealthCheckId(label) for label in "abc"]
OWNERS = [
    f"{prefix}example.com"
    for prefix in ("www.", "mail.", "x.www.", "*.", "*.www.", "sub.", "www.sub.", "ns.sub.", "a.b.c.")
]
ASKED = [
    name(text)
    for text in [*OWNERS, "example.com", "com", "q.example.com", "z.q.www.example.com", "b.c.example.com"]
]
TYPES = [1, 28, 5, 15, 43, 255]

owners = st.sampled_from(OWNERS)
targets = st.sampled_from([*OWNERS, "www.example.net", "*.example.com"])
addresses = st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"])
maybe_check = st.sampled_from([None, *CHECKS])


@st.composite
def nodes(draw: st.DrawFn) -> Node:
    """One name with sets that may stand together, or with none."""
    owner = draw(owners)
    sets: list[RecordSet] = []
    match draw(st.sampled_from(["gone", "cname", "data", "data", "data"])):
        case "cname":
            sets += draw(cname_sets(owner))
        case "data":
            sets += draw(address_sets(owner))
            if draw(st.booleans()):
                sets.append(simple(owner, "MX", f"10 {draw(targets)}."))
            if draw(st.booleans()):
                sets.append(simple(owner, "NS", f"{draw(targets)}."))
    return Node(name(owner), in_order(sets))


@st.composite
def cname_sets(draw: st.DrawFn, owner: str) -> list[RecordSet]:
    chosen = draw(st.sets(targets, min_size=1, max_size=2))
    sets = [simple(owner, "CNAME", f"{target}.") for target in sorted(chosen)]
    if len(sets) == 1:
        return sets
    return [weighted(each, draw(st.sampled_from([0, 1, 2])), draw(maybe_check)) for each in sets]


@st.composite
def address_sets(draw: st.DrawFn, owner: str) -> list[RecordSet]:
    def value() -> RecordSet:
        if draw(st.booleans()):
            return simple(owner, "A", draw(addresses))
        if draw(st.integers(0, 3)) == 0:
            return website_alias(owner)
        return alias(owner, draw(targets), evaluate=draw(st.booleans()))

    match draw(
        st.sampled_from(
            ["none", "simple", "failover", "failover", "multivalue", "weighted", "weighted", "location"]
        )
    ):
        case "simple":
            return [value()]
        case "failover":
            roles = draw(st.sampled_from([(PRIMARY,), (SECONDARY,), (PRIMARY, SECONDARY)]))
            return [failover(value(), role, draw(maybe_check)) for role in roles]
        case "multivalue":
            texts = draw(st.sets(addresses, min_size=1))
            return [multivalue(owner, "A", text, draw(maybe_check)) for text in sorted(texts)]
        case "weighted":
            weights = draw(st.lists(st.sampled_from([0, 0, 1, 3]), min_size=1, max_size=3))
            return [
                weighted(value(), weight, draw(maybe_check), identifier=str(number))
                for number, weight in enumerate(weights)
            ]
        case "location":
            return [for_everywhere(value(), draw(maybe_check))]
        case _:
            return []


class FakeStatuses:
    def __init__(self) -> None:
        self.down: set[HealthCheckId] = set()

    def status(self, check_id: HealthCheckId) -> Status:
        return Status.UNHEALTHY if check_id in self.down else Status.HEALTHY


def as_text(owner: DomainName, rendered: Rendered) -> list[str]:
    """Each variant as dnspython reads it."""
    question = Question(b"\0\0", False, owner.to_wire() + b"\0\1\0\1", owner.to_wire(), 1, None)
    return [
        dns.message.from_wire(
            assemble_response(question, rendered, variant=variant, max_size=65535)
        ).to_text()
        for variant in range(len(rendered.variants))
    ]


class RecordsAndStatuses(RuleBasedStateMachine):
    """Changes records and statuses under a book that has been asked everything before."""

    present: Sequence[str] = ("Z1", "Z2")

    @initialize(batch=st.lists(nodes(), min_size=8, max_size=16))
    def open(self, batch: list[Node]) -> None:
        self.statuses = FakeStatuses()
        self.world = World(zones={HostedZoneId(each): ZONES[each] for each in self.present})
        self.book = AnswerBook(self.world, self.statuses, SITE)
        self.change_records(HostedZoneId("Z1"), batch)

    def publish(self, *changes: Change) -> None:
        for change in changes:
            self.world = fold(self.world, change)
        self.book.publish(self.world, changes)

    def change_records(self, zone_id: HostedZoneId, batch: list[Node]) -> None:
        hosted = self.world.zones[zone_id]
        by_name = {node.name: node for node in batch if node.name.is_under(hosted.name)}
        real = [
            node
            for node in by_name.values()
            if node.name != hosted.name and (node.record_sets or node.name in hosted.nodes)
        ]
        self.publish(RecordsChanged(zone_id, tuple(real), SUBMISSION))

    @rule(batch=st.lists(nodes(), min_size=1, max_size=3))
    def change_records_of_the_parent(self, batch: list[Node]) -> None:
        if "Z1" in self.world.zones:
            self.change_records(HostedZoneId("Z1"), batch)

    @rule(batch=st.lists(nodes(), min_size=1, max_size=3))
    def change_records_of_the_child(self, batch: list[Node]) -> None:
        if "Z2" in self.world.zones:
            self.change_records(HostedZoneId("Z2"), batch)

    @rule(flipped=st.sampled_from(CHECKS))
    def change_one_status(self, flipped: HealthCheckId) -> None:
        self.change_statuses({flipped})

    @rule(flipped=st.sets(st.sampled_from(CHECKS), min_size=2))
    def change_statuses(self, flipped: set[HealthCheckId]) -> None:
        self.statuses.down ^= flipped
        self.book.apply([StatusChange(each, self.statuses.status(each), 0.0) for each in sorted(flipped)])

    @invariant()
    def every_answer_is_current(self) -> None:
        fresh = AnswerBook(self.world, self.statuses, SITE)
        for owner in ASKED:
            for qtype in TYPES:
                kept = self.book.answer(owner.to_wire(), qtype)
                new = fresh.answer(owner.to_wire(), qtype)
                if kept != new:  # perhaps only compressed differently
                    assert as_text(owner, kept) == as_text(owner, new), (owner, qtype)
                    assert kept.bounds == new.bounds


class ZonesToo(RecordsAndStatuses):
    """Also creates and deletes zones, nested and of one name, and changes their apexes."""

    present = tuple(ZONES)

    @rule(zone_id=st.sampled_from(list(ZONES)))
    def create_or_delete_a_zone(self, zone_id: str) -> None:
        if zone_id in self.world.zones:
            self.publish(ZoneDeleted(HostedZoneId(zone_id), SUBMISSION))
        else:
            self.publish(ZoneCreated(ZONES[zone_id], SUBMISSION))

    @rule(zone_id=st.sampled_from(list(ZONES)), ttl=st.sampled_from([60, 900]), server=targets)
    def change_an_apex(self, zone_id: HostedZoneId, ttl: int, server: str) -> None:
        if zone_id not in self.world.zones:
            return
        hosted = self.world.zones[zone_id]
        servers = simple(hosted.name.to_text(), "NS", f"{server}.")
        soa = replace(hosted.group(hosted.name, RecordType.SOA)[0], ttl=ttl)
        self.publish(RecordsChanged(zone_id, (Node(hosted.name, (servers, soa)),), SUBMISSION))


SETTINGS = settings(max_examples=12, stateful_step_count=12, suppress_health_check=list(HealthCheck))
RecordsAndStatuses.TestCase.settings = SETTINGS
ZonesToo.TestCase.settings = SETTINGS
TestRecordsAndStatuses = pytest.mark.slow(RecordsAndStatuses.TestCase)
TestZonesToo = pytest.mark.slow(ZonesToo.TestCase)

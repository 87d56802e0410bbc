"""The answer book: what it keeps, what it drops, and what it never holds too much of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.engine.dns import book as book_module
from stillup.engine.dns.book import PASSING_LIMIT, AnswerBook
from stillup.engine.ports import Applied, Resolver, StatusChange
from stillup.rules.changes import Change, Node, RecordsChanged, ZoneCommentSet, ZoneCreated, ZoneDeleted
from stillup.rules.health.check import Status
from stillup.rules.ids import ChangeId, HealthCheckId, HostedZoneId
from stillup.rules.records import RecordSet
from stillup.rules.resolution import Rcode, Resolution, SiteAddresses
from stillup.rules.world import World, fold
from stillup.rules.zones.zone import HostedZone, Submission
from stillup.wire.dns.answer import Rendered
from tests.asking import values
from tests.by_hand import PRIMARY, SECONDARY, ZONE_ID, alias, check, failover, name, nodes, simple, zone

SITE = SiteAddresses(("198.51.100.7",))
SUBMISSION = Submission(ChangeId("C1"), 0.0)
A, NS, MX = 1, 2, 15


class FakeStatuses:
    """All healthy but those in `down`."""

    def __init__(self) -> None:
        self.down: set[HealthCheckId] = set()

    def status(self, check_id: HealthCheckId) -> Status:
        return Status.UNHEALTHY if check_id in self.down else Status.HEALTHY


class Desk:
    """A book with a world and statuses to change under it."""

    def __init__(self, *zones: HostedZone) -> None:
        self.statuses = FakeStatuses()
        self.world = World(zones={each.id: each for each in zones})
        self.book = AnswerBook(self.world, self.statuses, SITE)

    def change(self, *changes: Change) -> None:
        for change in changes:
            self.world = fold(self.world, change)
        self.book.publish(self.world, changes)

    def put(self, *record_sets: RecordSet, zone_id: HostedZoneId = ZONE_ID) -> None:
        """Make these all that their names own."""
        owned = nodes(*record_sets)
        self.change(RecordsChanged(zone_id, tuple(Node(*each) for each in owned.items()), SUBMISSION))

    def remove(self, owner: str) -> None:
        self.change(RecordsChanged(ZONE_ID, (Node(name(owner), ()),), SUBMISSION))

    def set_down(self, *labels: str) -> None:
        down = set(map(check, labels))
        changed = down ^ self.statuses.down
        self.statuses.down = down
        self.book.apply([StatusChange(each, self.statuses.status(each), 0.0) for each in sorted(changed)])

    def ask(self, owner: str, qtype: int = A) -> Rendered:
        return self.book.answer(name(owner).to_wire(), qtype)

    def addresses(self, owner: str) -> list[str]:
        return values(self.book.resolve(ZONE_ID, name(owner), A).answer)


PAIR = (
    failover(simple("www.example.com", "A", "192.0.2.1"), PRIMARY, "p"),
    failover(simple("www.example.com", "A", "192.0.2.2"), SECONDARY),
)


def octets(rendered: Rendered) -> bytes:
    return rendered.variants[0].records


def holds(rendered: Rendered, address: str) -> bool:
    return bytes(map(int, address.split("."))) in octets(rendered)


def test_the_book_is_what_the_ports_ask_for() -> None:
    book = Desk(zone()).book
    resolver: Resolver = book
    applied: Applied = book
    assert resolver.resolve(ZONE_ID, name("example.com"), NS).rcode is Rcode.NOERROR
    assert applied.applied_sequence() == 0


@pytest.mark.parametrize("owner", [".", "com", "example.net", "www.example.net", "evilexample.com"])
def test_names_outside_our_zones_are_refused(owner: str) -> None:
    rendered = Desk(zone()).ask(owner)
    assert rendered.rcode is Rcode.REFUSED
    assert octets(rendered) == b""


def test_a_resolution_comes_from_the_zone_that_was_named() -> None:
    older = zone(simple("www.example.com", "A", "192.0.2.1"))
    younger = zone(simple("www.example.com", "A", "192.0.2.2"), zone_id="Z2")
    desk = Desk(older, younger)
    assert holds(desk.ask("www.example.com"), "192.0.2.1")
    assert values(desk.book.resolve(HostedZoneId("Z2"), name("www.example.com"), A).answer) == ["192.0.2.2"]
    outside = desk.book.resolve(HostedZoneId("Z2"), name("example.org"), A)
    assert outside == Resolution(Rcode.REFUSED, authoritative=False)
    with pytest.raises(KeyError):
        desk.book.resolve(HostedZoneId("Z3"), name("example.com"), A)


def test_answers_are_there_before_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(zone(*PAIR))
    desk.put(simple("new.example.com", "A", "192.0.2.9"))
    desk.set_down("p")
    monkeypatch.delattr(book_module, "resolve")
    assert holds(desk.ask("www.example.com"), "192.0.2.2")
    assert holds(desk.ask("new.example.com"), "192.0.2.9")
    assert desk.ask("example.com", NS).rcode is Rcode.NOERROR


def test_a_status_change_swaps_exactly_the_dependent_answers() -> None:
    desk = Desk(zone(*PAIR, simple("other.example.com", "A", "192.0.2.3")))
    before, other = desk.ask("www.example.com"), desk.ask("other.example.com")
    desk.set_down("p")
    assert holds(desk.ask("www.example.com"), "192.0.2.2")
    assert desk.ask("other.example.com") is other
    desk.set_down()
    assert desk.ask("www.example.com") == before


@pytest.mark.slow
def test_a_status_change_reaches_more_answers_than_are_rendered_at_once() -> None:
    pairs = [replace(each, name=name(f"n{number}.example.com")) for number in range(100) for each in PAIR]
    desk = Desk(zone(*pairs))
    for down, address in [((), "192.0.2.1"), (("p",), "192.0.2.2"), ((), "192.0.2.1")]:
        desk.set_down(*down)
        assert all(holds(desk.ask(f"n{number}.example.com"), address) for number in range(100))


def test_statuses_that_change_together_are_seen_together() -> None:
    """No step in between: neither answer is rendered while only one of the two is known."""
    secondary = failover(simple("www.example.com", "A", "192.0.2.2"), SECONDARY, "s")
    desk = Desk(zone(PAIR[0], secondary))
    desk.set_down("p", "s")
    assert holds(desk.ask("www.example.com"), "192.0.2.1"), "both are down: the primary, by table 2.1"
    desk.set_down("p")
    assert holds(desk.ask("www.example.com"), "192.0.2.2")


def test_a_record_change_leaves_unrelated_answers_alone() -> None:
    desk = Desk(zone(*PAIR, simple("other.example.com", "A", "192.0.2.3")))
    other = desk.ask("other.example.com")
    desk.put(simple("www.example.com", "A", "192.0.2.4"))
    desk.put(simple("a.b.c.example.com", "A", "192.0.2.4"))
    desk.put(simple("example.com", "TXT", '"apex"'), *apex_defaults())
    assert desk.ask("other.example.com") is other
    assert holds(desk.ask("www.example.com"), "192.0.2.4")


def apex_defaults(*, server: str = "ns-1.awsdns-1.com.") -> tuple[RecordSet, ...]:
    untouched = zone().nodes[name("example.com")]
    servers = simple("example.com", "NS", server, ttl=172800)
    return tuple(servers if each.type is servers.type else each for each in untouched)


def test_new_name_servers_are_in_every_answer_at_once() -> None:
    desk = Desk(zone(simple("www.example.com", "A", "192.0.2.1")))
    desk.put(*apex_defaults(server="ns.elsewhere.net."))
    assert b"elsewhere" in octets(desk.ask("www.example.com"))


def test_the_sequence_is_that_of_the_newest_world() -> None:
    desk = Desk(zone())
    desk.put(simple("www.example.com", "A", "192.0.2.1"))
    desk.change(ZoneCommentSet(ZONE_ID, "new"), ZoneCommentSet(ZONE_ID, "newer"))
    assert desk.book.applied_sequence() == desk.world.sequence == 3


def test_a_zone_takes_its_names_from_the_zone_above_and_gives_them_back() -> None:
    desk = Desk(zone(simple("www.sub.example.com", "A", "192.0.2.1")))
    child = zone(simple("www.sub.example.com", "A", "192.0.2.2"), apex="sub.example.com", zone_id="Z2")
    assert holds(desk.ask("www.sub.example.com"), "192.0.2.1")
    desk.change(ZoneCreated(child, SUBMISSION))
    assert holds(desk.ask("www.sub.example.com"), "192.0.2.2")
    desk.change(ZoneDeleted(child.id, SUBMISSION))
    assert holds(desk.ask("www.sub.example.com"), "192.0.2.1")


def test_a_delegation_takes_the_names_below_it_and_gives_them_back() -> None:
    desk = Desk(zone(simple("www.cut.example.com", "A", "192.0.2.1")))
    own = desk.ask("www.cut.example.com")
    desk.put(simple("cut.example.com", "NS", "ns.example.net."))
    assert not holds(desk.ask("www.cut.example.com"), "192.0.2.1")
    desk.remove("cut.example.com")
    assert desk.ask("www.cut.example.com") == own


def test_an_answer_follows_every_name_that_it_was_led_to() -> None:
    desk = Desk(
        zone(
            simple("shop.example.com", "CNAME", "www.example.com."),
            alias("www.example.com", "host.example.com"),
            simple("host.example.com", "A", "192.0.2.1"),
            simple("example.com", "MX", "10 host.example.com."),
        )
    )
    asked = [("shop.example.com", A), ("www.example.com", A), ("example.com", MX)]
    assert all(holds(desk.ask(*each), "192.0.2.1") for each in asked)
    desk.put(simple("host.example.com", "A", "192.0.2.2"))
    assert all(holds(desk.ask(*each), "192.0.2.2") for each in asked)


def test_a_zone_that_is_gone_is_refused() -> None:
    desk = Desk(zone(*PAIR))
    desk.change(ZoneDeleted(ZONE_ID, SUBMISSION))
    assert desk.ask("www.example.com").rcode is Rcode.REFUSED


@pytest.mark.parametrize("owner", ["a.example.com", "x.a.example.com", "a.w.example.com"])
def test_passing_answers_follow_changes_too(owner: str) -> None:
    desk = Desk(zone(simple("*.w.example.com", "A", "192.0.2.1")))
    desk.ask(owner)
    desk.put(simple(owner, "A", "192.0.2.77"))
    assert holds(desk.ask(owner), "192.0.2.77")
    desk.remove(owner)
    assert not holds(desk.ask(owner), "192.0.2.77")


def test_random_names_share_one_answer() -> None:
    desk = Desk(zone(simple("*.w.example.com", "A", "192.0.2.1")))
    absent = {id(desk.ask(f"{number:08x}.example.com")) for number in range(100)}
    covered = {id(desk.ask(f"{number:08x}.w.example.com")) for number in range(100)}
    assert len(absent) == len(covered) == 1
    assert desk.ask("ffffffff.example.com").rcode is Rcode.NXDOMAIN
    assert holds(desk.ask("ffffffff.w.example.com"), "192.0.2.1")


@pytest.mark.slow
def test_no_flood_makes_the_book_grow_beyond_its_bound() -> None:
    desk = Desk(zone(simple("*.w.example.com", "CNAME", "www.example.com."), *PAIR))
    for number in range(PASSING_LIMIT + 100):
        desk.book.answer(name(f"{number}.w.example.com").to_wire(), A)
        desk.book.answer(name("www.example.com").to_wire(), 1000 + number)
    assert len(desk.book._passing) <= PASSING_LIMIT
    assert len(desk.book._kept) <= 17 * 2

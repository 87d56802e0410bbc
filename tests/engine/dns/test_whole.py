"""From a world to what dnspython reads off the wire: the real book behind the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import dns.asyncquery
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.clock import SystemDie
from stillup.engine.dns.book import AnswerBook
from stillup.engine.dns.counters import DnsCounters
from stillup.engine.dns.responder import Responder
from stillup.engine.dns.server import DnsServer
from stillup.engine.ports import StatusChange
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId
from stillup.rules.names import DomainName
from stillup.rules.resolution import SiteAddresses
from stillup.rules.world import World
from tests.by_hand import PRIMARY, SECONDARY, ZONE_ID, failover, multivalue, simple, website_alias, zone

SITE = SiteAddresses(v4=("198.51.100.80",))
ZONE = zone(
    failover(simple("www.example.com", "A", "203.0.113.10", ttl=60), PRIMARY, "primary"),
    failover(website_alias("www.example.com"), SECONDARY),
    *(multivalue("many.example.com", "A", f"192.0.2.{n}") for n in range(1, 13)),
    simple("shop.example.com", "CNAME", "www.example.com."),
    simple("*.wild.example.com", "TXT", '"anything"'),
    simple("child.example.com", "NS", "ns.child.example.com."),
    simple("ns.child.example.com", "A", "192.0.2.53"),
    simple("long.example.com", "TXT", *(f'"{n}{"x" * 200}"' for n in range(20))),
)


class Statuses:
    """All healthy but for those that a test has put down."""

    def __init__(self) -> None:
        self.down: set[HealthCheckId] = set()

    def status(self, check_id: HealthCheckId) -> Status:
        return Status.UNHEALTHY if check_id in self.down else Status.HEALTHY


WHOLE = Responder(AnswerBook(World(zones={ZONE_ID: ZONE}), Statuses(), SITE), SystemDie(), DnsCounters())


@pytest.fixture
def statuses() -> Statuses:
    return Statuses()


@pytest.fixture
def book(statuses: Statuses) -> AnswerBook:
    return AnswerBook(World(zones={ZONE_ID: ZONE}), statuses, SITE)


@pytest.fixture
async def port(book: AnswerBook) -> AsyncIterator[int]:
    server = DnsServer(book, SystemDie())
    [(_, port)] = await server.start([("127.0.0.1", 0)])
    yield port
    await server.close()
    assert server.counters.failures == 0


async def ask(port: int, name: str, record_type: str = "A") -> dns.message.Message:
    query = dns.message.make_query(name, record_type, use_edns=0)
    response, _ = await dns.asyncquery.udp_with_fallback(query, "127.0.0.1", port=port, timeout=5)
    return response


def values(response: dns.message.Message) -> list[str]:
    return [rdata.to_text() for rrset in response.answer for rdata in rrset]


async def test_a_failover_is_in_the_very_next_answer(port: int, book: AnswerBook, statuses: Statuses) -> None:
    check_id = HealthCheckId("primary")
    assert values(await ask(port, "shop.example.com")) == ["www.example.com.", "203.0.113.10"]
    for status, address in ((Status.UNHEALTHY, "198.51.100.80"), (Status.HEALTHY, "203.0.113.10")):
        statuses.down = {check_id} if status is Status.UNHEALTHY else set()
        book.apply([StatusChange(check_id, status, at=0.0)])
        assert values(await ask(port, "www.example.com")) == [address]
        assert values(await ask(port, "shop.example.com")) == ["www.example.com.", address]


async def test_a_multivalue_answer_has_eight_of_twelve_addresses_and_not_always_the_same(port: int) -> None:
    answers = [frozenset(values(await ask(port, "many.example.com"))) for _ in range(50)]
    assert {len(answer) for answer in answers} == {8}
    assert len(set(answers)) > 1


async def test_a_delegation_has_its_glue_and_no_authority(port: int) -> None:
    response = await ask(port, "host.child.example.com")
    assert not response.flags & dns.flags.AA
    assert response.authority[0].to_text() == "child.example.com. 300 IN NS ns.child.example.com."
    assert response.additional[0].to_text() == "ns.child.example.com. 300 IN A 192.0.2.53"


@pytest.mark.parametrize(
    "name", ["a.wild.example.com", "a.b.c.wild.example.com", f"{'x' * 63}.wild.example.com"]
)
async def test_a_wildcard_answers_under_the_name_that_was_asked(port: int, name: str) -> None:
    response = await ask(port, name, "TXT")
    assert response.answer[0].name.to_text() == f"{name}."
    assert values(response) == ['"anything"']
    assert response.authority[0].name.to_text() == "example.com."


@pytest.mark.parametrize(
    ("name", "record_type", "rcode"),
    [
        ("gone.example.com", "A", dns.rcode.NXDOMAIN),
        (f"{'x' * 63}.{'y' * 63}.gone.example.com", "A", dns.rcode.NXDOMAIN),
        ("www.example.com", "AAAA", dns.rcode.NOERROR),
        ("wild.example.com", "TXT", dns.rcode.NOERROR),
    ],
)
async def test_what_is_not_there_is_denied_with_the_soa(
    port: int, name: str, record_type: str, rcode: dns.rcode.Rcode
) -> None:
    response = await ask(port, name, record_type)
    assert response.rcode() == rcode
    assert response.flags & dns.flags.AA
    [soa] = response.authority
    assert soa.name.to_text() == "example.com."


async def test_names_outside_our_zones_are_refused(port: int) -> None:
    response = await ask(port, "www.evilexample.com")
    assert response.rcode() == dns.rcode.REFUSED


async def test_a_long_answer_comes_over_tcp(port: int) -> None:
    assert len(values(await ask(port, "long.example.com", "TXT"))) == 20


@pytest.mark.slow
@given(
    st.lists(st.binary(min_size=1, max_size=63), max_size=3),
    st.sampled_from([*ZONE.nodes, DomainName.from_text("wild.example.com")]),
    st.sampled_from([1, 2, 5, 6, 15, 16, 28, 255, 1000]),
)
def test_every_answer_points_to_whole_names_however_long_the_question(
    labels: list[bytes], below: DomainName, record_type: int
) -> None:
    """One rendering serves many names: a pointer that is off by an octet would read another name."""
    name = dns.name.Name([*labels, *below.labels, b""])
    query = dns.message.make_query(name, dns.rdatatype.RdataType.make(record_type), use_edns=0)
    octets = WHOLE.respond_tcp(query.to_wire())
    assert octets is not None
    response = dns.message.from_wire(octets)
    assert response.question == query.question
    assert response.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
    owners = {dns.name.Name([*owner.labels, b""]) for owner in ZONE.nodes}
    for rrset in (*response.answer, *response.authority, *response.additional):
        assert rrset.name in owners | {name.canonicalize()}

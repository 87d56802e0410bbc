"""Which side an answer leads to, and what a plan becomes within the sandbox."""

from __future__ import annotations

import pytest

from stillup.drill.browser import Place
from stillup.drill.sandbox.mapping import left_out, mapped, zone_of
from stillup.drill.sides import Sides
from stillup.drill.target import CannotDrill, parse_server
from stillup.plan.address import Address
from stillup.plan.file.plan_file import Failover
from stillup.plan.file.read import Document, read_plan
from stillup.provision.lookup import Answer

SIDES = Sides(frozenset({"203.0.113.10", "lb.example.net"}))


@pytest.mark.parametrize(
    ("answer", "is_primary"),
    [
        (None, None),
        (Answer("NXDOMAIN"), None),
        (Answer("NOERROR", ("203.0.113.10", "203.0.113.11")), True),
        (Answer("NOERROR", names=("lb.example.net",)), True),
        (Answer("NOERROR", ("198.51.100.7",)), False),
    ],
)
def test_an_answer_leads_to_one_side_or_nowhere(answer: Answer | None, is_primary: bool | None) -> None:
    assert SIDES.is_primary(answer) is is_primary


def _failover(primary: str, standby: str, more: str = "") -> Failover:
    text = (
        "version: 1\nfailovers:\n  - name: www.example.com\n    zone: example.com\n"
        f"    primary: {primary}\n    standby: {standby}\n{more}"
    )
    document = read_plan(text, source="stillup.yaml")
    assert isinstance(document, Document), document
    (failover,) = document.plan.failovers
    return failover


def test_nothing_real_is_left_of_a_plan_in_the_sandbox() -> None:
    failover = _failover(
        "{name: lb.example.net, check: {type: https, path: /up, string: fine, interval: 10s, failures: 2}}",
        "{address: 198.51.100.7}",
        "    alert: {emails: [a@example.com], webhooks: ['https://hooks.example.com/1']}\n",
    )
    inside = mapped(failover, port=8123, zone="example.com")

    assert [str(each) for each in inside.primary.all_addresses] == ["127.0.0.2"]
    assert inside.primary.name is None
    assert inside.primary.check is not None
    assert (inside.primary.check.type, inside.primary.check.port) == ("http", 8123)
    assert (inside.primary.check.string, inside.primary.check.interval) == ("fine", 10.0)
    assert inside.standby.address is None
    assert inside.alert is not None
    assert (inside.alert.emails, inside.alert.webhooks) == (("a@example.com",), ())
    assert len(list(left_out(failover))) == 3


@pytest.mark.parametrize(
    ("zone", "name"), [("example.com", "example.com"), ("Z0123456789ABC", "example.com")]
)
def test_the_sandboxs_zone_is_the_plans_or_the_names_parent(zone: str, name: str) -> None:
    failover = _failover("{address: 203.0.113.10}", "{folder: maintenance}").model_copy(update={"zone": zone})

    assert zone_of(failover) == name


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", Address("192.0.2.53", 53)),
        ("192.0.2.53:5300", Address("192.0.2.53", 5300)),
        ("2001:db8::53", Address("2001:db8::53", 53)),
        ("[2001:db8::53]:5300", Address("2001:db8::53", 5300)),
    ],
)
def test_a_server_is_written_with_or_without_its_port(text: str, server: Address) -> None:
    assert parse_server(text) == server


@pytest.mark.parametrize("text", ["192.0.2.53:dns", "192.0.2.53:0", "192.0.2.53:65536", "ns.example.net", ""])
def test_what_is_no_address_and_port_is_no_server(text: str) -> None:
    with pytest.raises(CannotDrill, match="write IP or IP:PORT"):
        parse_server(text)


def test_a_url_is_taken_apart() -> None:
    assert Place.parse("https://www.example.com/a?b=c") == Place("https", "www.example.com", 443, "/a?b=c")
    assert Place.parse("http://www.example.com:8080").host_header == "www.example.com:8080"
    assert Place.parse("http://www.example.com").host_header == "www.example.com"
    assert Place.parse("http://[2001:db8::1]/").host_header == "[2001:db8::1]"
    assert Place.parse("http://[2001:db8::1]:8080/").host_header == "[2001:db8::1]:8080"
    with pytest.raises(ValueError, match="no URL of a web page"):
        Place.parse("ftp://www.example.com")

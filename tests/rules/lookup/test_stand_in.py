"""Stand-ins: one name asked in place of many."""

from __future__ import annotations

import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.lookup import ZoneTree, stand_in_for
from stillup.rules.names import DomainName
from stillup.wire.dns.answer import assemble_response, render
from stillup.wire.dns.question import Question
from tests.asking import ask
from tests.by_hand import name, simple, zone

HOSTED = zone(
    simple("*.wild.example.com", "A", "192.0.2.1"),
    simple("*.wild.example.com", "MX", "10 mail.example.com."),
    simple("*.other.example.com", "CNAME", "x.y.other.example.com."),
    simple("a.deep.example.com", "A", "192.0.2.2"),
    simple("mail.example.com", "A", "192.0.2.25"),
    simple("sub.example.com", "NS", "ns.sub.example.com."),
    simple("ns.sub.example.com", "A", "192.0.2.53"),
)
TREE = ZoneTree.of(HOSTED)


@pytest.mark.parametrize(
    "owner",
    ["example.com", "deep.example.com", "a.deep.example.com", "ns.sub.example.com", "z.other.example.com"],
)
def test_a_name_that_exists_or_has_a_wildcard_cname_stands_for_itself(owner: str) -> None:
    assert stand_in_for(TREE, name(owner)) == name(owner)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("aaaa.example.com", "b.cc.example.com"),
        ("aa.bb.cc.wild.example.com", "xx.yyyyy.wild.example.com"),
        ("x" * 63 + ".example.com", "x.y.z." + "u" * 57 + ".example.com"),
    ],
)
def test_names_of_one_length_below_one_encloser_share_a_stand_in(one: str, another: str) -> None:
    assert stand_in_for(TREE, name(one)) == stand_in_for(TREE, name(another))


def test_names_of_other_length_or_encloser_do_not() -> None:
    owners = ["aa.example.com", "aaa.example.com", "a.a.deep.example.com", "z.a.deep.example.com"]
    assert len({stand_in_for(TREE, name(owner)) for owner in owners}) == 3


def test_a_name_is_its_own_stand_in_where_the_made_up_one_exists() -> None:
    made_up = stand_in_for(TREE, name("abc.example.com"))
    taken = zone(simple(made_up.to_text(), "A", "192.0.2.1"))
    assert stand_in_for(ZoneTree.of(taken), name("abc.example.com")) == name("abc.example.com")


LABELS = st.sampled_from([b"a", b"deep", b"wild", b"other", b"sub", b"ns", b"*", b"y", b"x" * 62, b"x" * 63])
BELOW = st.lists(LABELS, max_size=3).map(lambda labels: DomainName((*labels, b"example", b"com")))


@pytest.mark.slow
@given(owner=BELOW, qtype=st.sampled_from(["A", "MX", "TXT", "CNAME", "DS", "ANY"]))
def test_what_is_rendered_for_the_stand_in_answers_the_name(owner: DomainName, qtype: str) -> None:
    stand_in = stand_in_for(TREE, owner)
    assert len(stand_in.to_wire()) == len(owner.to_wire())

    def response(asked: DomainName) -> dns.message.Message:
        resolution = ask(HOSTED, asked.to_text().replace("\\052", "*"), qtype)
        section = owner.to_wire() + b"\0\1\0\1"
        question = Question(b"\0\0", False, section, owner.to_wire(), 1, None)
        return dns.message.from_wire(assemble_response(question, render(resolution, asked), max_size=65535))

    assert response(stand_in).to_text() == response(owner).to_text()

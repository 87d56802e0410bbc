"""What weighted groups resolve to: how often each answer, through aliases and CNAME records too."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.lookup.data import DRAWS
from stillup.rules.records import RecordSet
from stillup.rules.resolution import Rcode, Resolution, RoutingRule
from stillup.rules.zones.zone import HostedZone
from tests.asking import ask, lines, values
from tests.by_hand import PRIMARY, alias, failover, multivalue, simple, website_alias, weighted, zone

WWW = "www.example.com"
GOOD, BAD = "192.0.2.1", "192.0.2.2"


def one(owner: str, address: str, weight: int, health_check: str | None = None) -> RecordSet:
    return weighted(simple(owner, "A", address), weight, health_check)


def branch(target: str, weight: int, *, evaluate: bool = True) -> RecordSet:
    return weighted(alias(WWW, target, evaluate=evaluate), weight, identifier=target)


def shares(resolution: Resolution) -> dict[str, Fraction]:
    """How often each value stands first."""
    answers = (resolution.answer, *resolution.alternatives)
    weights = resolution.weights or (1,) * len(answers)
    found: Counter[str] = Counter()
    for answer, weight in zip(answers, weights, strict=True):
        found[values(answer)[0] if answer else "nothing"] += weight
    return {value: Fraction(weight, sum(weights)) for value, weight in found.items()}


def shares_of(hosted: HostedZone, **options: set[str]) -> dict[str, Fraction]:
    return shares(ask(hosted, WWW, "A", **options))  # type: ignore[arg-type]


def test_members_answer_by_their_weights() -> None:
    resolution = ask(zone(one(WWW, GOOD, 10), one(WWW, BAD, 30)), WWW, "A")
    assert (resolution.weights, resolution.reasons[0].rule) == ((1, 3), RoutingRule.WEIGHTED_HEALTHY)
    assert [values(each) for each in (resolution.answer, *resolution.alternatives)] == [[GOOD], [BAD]]


def test_what_is_never_answered_is_not_there() -> None:
    resolution = ask(zone(one(WWW, GOOD, 10), one(WWW, BAD, 0)), WWW, "A")
    assert (values(resolution.answer), resolution.alternatives, resolution.weights) == ([GOOD], (), ())


def test_equal_weights_need_no_mention() -> None:
    assert ask(zone(one(WWW, GOOD, 10), one(WWW, BAD, 10)), WWW, "A").weights == ()


@given(st.lists(st.integers(0, 255), min_size=1, max_size=100), st.data())
def test_the_share_of_each_healthy_member_is_its_weight_over_all_their_weights(
    weights: list[int], data: st.DataObject
) -> None:
    addresses = [f"192.0.2.{number}" for number in range(len(weights))]
    down = data.draw(st.sets(st.sampled_from(addresses), max_size=len(addresses) - 1))
    members = [one(WWW, address, weight, address) for address, weight in zip(addresses, weights, strict=True)]
    healthy = {
        address: weight for address, weight in zip(addresses, weights, strict=True) if address not in down
    }
    if not any(healthy.values()):
        healthy = dict.fromkeys(healthy, 1)
    whole = sum(healthy.values())
    assert shares_of(zone(*members), down=down) == {
        address: Fraction(weight, whole) for address, weight in healthy.items() if weight
    }


NESTED = zone(
    branch("a.example.com", 1),
    branch("b.example.com", 3),
    one("a.example.com", "192.0.2.10", 1, "a0"),
    one("a.example.com", "192.0.2.11", 1, "a1"),
    one("b.example.com", "192.0.2.20", 2, "b0"),
    one("b.example.com", "192.0.2.21", 1, "b1"),
)


@pytest.mark.parametrize(
    ("down", "expected"),
    [
        (set(), {"10": (1, 8), "11": (1, 8), "20": (1, 2), "21": (1, 4)}),
        ({"a0"}, {"11": (1, 4), "20": (1, 2), "21": (1, 4)}),
        ({"b0", "b1"}, {"10": (1, 2), "11": (1, 2)}),
        ({"a0", "a1", "b1"}, {"20": (1, 1)}),
        ({"a0", "a1", "b0", "b1"}, {"10": (1, 8), "11": (1, 8), "20": (1, 2), "21": (1, 4)}),
    ],
)
def test_shares_multiply_along_aliases(down: set[str], expected: dict[str, tuple[int, int]]) -> None:
    """RT-7, RT-8."""
    resolution = ask(NESTED, WWW, "A", down=down)
    assert shares(resolution) == {f"192.0.2.{key}": Fraction(*each) for key, each in expected.items()}
    assert resolution.depends_on == {"a0", "a1", "b0", "b1"}


def test_shares_add_up_where_branches_meet() -> None:
    hosted = zone(
        branch("a.example.com", 1),
        branch("b.example.com", 1),
        branch("c.example.com", 2),
        alias("a.example.com", "c.example.com"),
        alias("b.example.com", "d.example.com"),
        simple("c.example.com", "A", GOOD),
        simple("d.example.com", "A", BAD),
    )
    assert shares_of(hosted) == {GOOD: Fraction(3, 4), BAD: Fraction(1, 4)}


def test_the_values_of_a_branch_take_turns_and_keep_their_ttl() -> None:
    hosted = zone(
        branch("a.example.com", 1),
        branch("b.example.com", 3),
        simple("a.example.com", "A", GOOD, BAD, ttl=20),
        multivalue("b.example.com", "A", "192.0.2.3"),
    )
    resolution = ask(hosted, WWW, "A")
    assert shares(resolution) == {GOOD: Fraction(1, 8), BAD: Fraction(1, 8), "192.0.2.3": Fraction(3, 4)}
    assert {tuple(lines(each)) for each in (resolution.answer, *resolution.alternatives)} == {
        (f"{WWW}. 20 A {GOOD}", f"{WWW}. 20 A {BAD}"),
        (f"{WWW}. 20 A {BAD}", f"{WWW}. 20 A {GOOD}"),
        (f"{WWW}. 300 A 192.0.2.3",),
    }


def test_a_website_may_have_a_share() -> None:
    site = weighted(website_alias(WWW), 1, identifier="site")
    assert shares_of(zone(one(WWW, GOOD, 3), site)) == {GOOD: Fraction(3, 4), "198.51.100.7": Fraction(1, 4)}


def test_several_values_in_a_member_take_turns() -> None:
    members = weighted(simple(WWW, "A", GOOD, BAD), 1), one(WWW, "192.0.2.3", 1)
    assert shares_of(zone(*members)) == {
        GOOD: Fraction(1, 4), BAD: Fraction(1, 4), "192.0.2.3": Fraction(1, 2)
    }  # fmt: skip


@pytest.mark.parametrize("evaluate", [True, False])
def test_a_branch_without_data_takes_no_share(evaluate: bool) -> None:
    assert shares_of(zone(one(WWW, GOOD, 1), branch("gone.example.com", 9, evaluate=evaluate))) == {
        GOOD: Fraction(1)
    }


@pytest.mark.parametrize("back", [WWW, "a.example.com"])
def test_a_circle_gives_no_data(back: str) -> None:
    hosted = zone(one(WWW, GOOD, 1), branch("a.example.com", 1, evaluate=False), alias("a.example.com", back))
    assert ask(hosted, WWW, "A").answer == ()


def test_a_deep_tree_is_no_deeper_for_the_stack_nor_wider_for_the_answer() -> None:
    """A hundred steps of two branches each that meet again: 2^100 ways, two answers."""
    steps = [
        weighted(alias(f"s{step}.example.com", f"s{step + 1}.example.com"), weight, identifier=str(weight))
        for step in range(100)
        for weight in (1, 2)
    ]
    hosted = zone(*steps, one("s100.example.com", GOOD, 1), one("s100.example.com", BAD, 2))
    resolution = ask(hosted, "s0.example.com", "A")
    assert shares(resolution) == {GOOD: Fraction(1, 3), BAD: Fraction(2, 3)}


def test_many_branches_are_served_in_fewer_orders() -> None:
    targets = [f"b{number}.example.com" for number in range(100)]
    hosted = zone(
        *(branch(target, 1) for target in targets),
        *(
            simple(target, "A", *(f"192.0.{number}.{host}" for host in range(8)))
            for number, target in enumerate(targets)
        ),
    )
    resolution = ask(hosted, WWW, "A")
    assert 1 + len(resolution.alternatives) == DRAWS
    assert resolution.weights == ()


TARGETS = [
    weighted(simple(WWW, "CNAME", f"{label}.example.com."), weight, health_check)
    for label, weight, health_check in (("here", 1, "h"), ("gone", 3, "g"))
]


def test_chance_ends_a_chain_of_cnames() -> None:
    hosted = zone(
        *TARGETS, simple("here.example.com", "A", GOOD), simple("one.example.com", "CNAME", f"{WWW}.")
    )
    resolution = ask(hosted, "one.example.com", "A")
    assert resolution.rcode is Rcode.NOERROR
    assert resolution.weights == (3, 1)
    assert [lines(each)[1:] for each in (resolution.answer, *resolution.alternatives)] == [
        [f"{WWW}. 300 CNAME gone.example.com."],
        [f"{WWW}. 300 CNAME here.example.com."],
    ]
    assert lines(resolution.authority)[0].startswith("example.com. 172800 NS")


def test_a_cname_that_is_the_only_one_left_is_followed() -> None:
    hosted = zone(*TARGETS, simple("here.example.com", "A", GOOD))
    assert values(ask(hosted, WWW, "A", down={"g"}).answer) == ["here.example.com.", GOOD]
    assert ask(hosted, WWW, "A", down={"h"}).rcode is Rcode.NXDOMAIN


def test_a_pool_of_octodns_answers_with_its_values_while_any_is_healthy() -> None:
    """octoDNS's tree: a default location → failover → weighted values, or the default pool."""
    hosted = zone(
        failover(alias(WWW, "values.example.com"), PRIMARY),
        one("values.example.com", GOOD, 1, "a"),
        one("values.example.com", BAD, 3, "b"),
    )
    assert shares_of(hosted) == {GOOD: Fraction(1, 4), BAD: Fraction(3, 4)}
    assert shares_of(hosted, down={"b"}) == {GOOD: Fraction(1)}


@pytest.mark.parametrize(("fraction", "answer"), [(0.0, GOOD), (0.249, GOOD), (0.25, BAD), (0.999, BAD)])
def test_a_throw_of_the_die_picks_the_answer(fraction: float, answer: str) -> None:
    resolution = ask(zone(one(WWW, GOOD, 1), one(WWW, BAD, 3)), WWW, "A")
    assert values(resolution.answer_at(fraction)) == [answer]

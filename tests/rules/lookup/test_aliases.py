"""Alias records: what they answer with (2.4), and how branches are chosen (RT-7 … RT-9)."""

from __future__ import annotations

import pytest

from stillup.rules.resolution import Rcode, RoutingRule, SiteAddresses
from tests.asking import ask, lines, values
from tests.by_hand import PRIMARY, SECONDARY, alias, failover, multivalue, simple, website_alias, zone

WWW = "www.example.com"


def test_an_alias_answers_under_its_own_name_with_the_targets_ttl() -> None:
    """AL-2."""
    hosted = zone(alias("example.com", WWW), simple(WWW, "A", "192.0.2.1", "192.0.2.2", ttl=42))
    resolution = ask(hosted, "example.com", "A")
    assert lines(resolution.answer) == ["example.com. 42 A 192.0.2.1", "example.com. 42 A 192.0.2.2"]
    assert len(resolution.alternatives) == 1
    assert [reason.rule for reason in resolution.reasons] == [RoutingRule.SIMPLE, RoutingRule.SIMPLE]


def test_an_alias_answers_its_own_type_only() -> None:
    hosted = zone(
        alias("example.com", WWW), simple(WWW, "A", "192.0.2.1"), simple(WWW, "AAAA", "2001:db8::1")
    )
    assert ask(hosted, "example.com", "AAAA").answer == ()


@pytest.mark.parametrize(
    ("qtype", "answer"),
    [
        ("A", ["www.example.com. 60 A 198.51.100.7"]),
        ("AAAA", ["www.example.com. 60 AAAA 2001:db8::7"]),
    ],
)
@pytest.mark.parametrize(
    "endpoint",
    ["s3-website-us-east-1.amazonaws.com", "www.example.com.s3-website-us-east-1.amazonaws.com"],
)
def test_an_alias_to_an_s3_website_answers_with_the_sites_addresses(
    qtype: str, answer: list[str], endpoint: str
) -> None:
    hosted = zone(alias(WWW, endpoint, record_type=qtype, evaluate=False, zone_id="Z3AQBSTGFYJSTF"))
    assert lines(ask(hosted, WWW, qtype).answer) == answer


def test_the_ttl_of_a_website_alias_is_a_setting_and_its_addresses_take_turns() -> None:
    site = SiteAddresses(("198.51.100.7", "198.51.100.8"), ttl=5)
    resolution = ask(zone(website_alias(WWW)), WWW, "A", site=site)
    assert lines(resolution.answer) == [
        "www.example.com. 5 A 198.51.100.7",
        "www.example.com. 5 A 198.51.100.8",
    ]
    assert len(resolution.alternatives) == 1


@pytest.mark.parametrize(
    "record_set",
    [
        website_alias(WWW, "AAAA"),
        alias(WWW, "lb.us-east-1.elb.amazonaws.com", record_type="AAAA", zone_id="Z35SXDOTRQ7X7K"),
        alias(WWW, "nothing.example.com", record_type="AAAA"),
        alias(WWW, WWW, record_type="AAAA"),
    ],
    ids=["a site without such an address", "a load balancer", "a target that is gone", "itself"],
)
def test_an_alias_that_leads_to_nothing_gives_no_data(record_set) -> None:  # type: ignore[no-untyped-def]
    resolution = ask(zone(record_set), WWW, "AAAA", site=SiteAddresses(("198.51.100.7",)))
    assert (resolution.rcode, resolution.answer) == (Rcode.NOERROR, ())
    assert lines(resolution.authority)[0].startswith("example.com. 900 SOA ")


GUIDE = zone(
    failover(simple(WWW, "A", "203.0.113.10", ttl=60), PRIMARY, "primary"),
    failover(website_alias(WWW), SECONDARY),
)


@pytest.mark.parametrize(
    ("down", "answer", "rule", "against"),
    [
        (set(), "203.0.113.10", RoutingRule.FAILOVER_PRIMARY_HEALTHY, ()),
        ({"primary"}, "198.51.100.7", RoutingRule.FAILOVER_SECONDARY_HEALTHY, ("primary",)),
    ],
)
def test_the_guides_pair_fails_over_to_the_site(
    down: set[str], answer: str, rule: RoutingRule, against: tuple[str, ...]
) -> None:
    resolution = ask(GUIDE, WWW, "A", down=down)
    assert values(resolution.answer) == [answer]
    (reason,) = resolution.reasons
    assert (reason.rule, reason.unhealthy) == (rule, against)
    assert resolution.depends_on == {"primary"}


def nested(*, evaluate: bool) -> object:
    """www: primary → an alias to a multivalue group of a and b; secondary: a value without a check."""
    return zone(
        failover(alias(WWW, "fleet.example.com", evaluate=evaluate), PRIMARY),
        failover(simple(WWW, "A", "192.0.2.99"), SECONDARY),
        multivalue("fleet.example.com", "A", "192.0.2.1", "a"),
        multivalue("fleet.example.com", "A", "192.0.2.2", "b"),
    )


@pytest.mark.parametrize(
    ("evaluate", "down", "answer"),
    [
        (True, set(), {"192.0.2.1", "192.0.2.2"}),
        (True, {"a"}, {"192.0.2.2"}),
        (True, {"a", "b"}, {"192.0.2.99"}),
        (False, {"a"}, {"192.0.2.2"}),
        (False, {"a", "b"}, {"192.0.2.1", "192.0.2.2"}),
    ],
)
def test_only_an_evaluated_branch_is_backed_out_of(evaluate: bool, down: set[str], answer: set[str]) -> None:
    """RT-7; the last row is RT-8's fail-open within the branch."""
    resolution = ask(nested(evaluate=evaluate), WWW, "A", down=down)  # type: ignore[arg-type]
    assert set(values(resolution.answer)) == answer
    assert resolution.depends_on == {"a", "b"}


def test_a_wholly_unhealthy_tree_fails_open_at_each_level() -> None:
    """RT-8: the primary by table 2.1, and in its group all members by 2.3."""
    hosted = zone(
        failover(alias(WWW, "fleet.example.com"), PRIMARY),
        failover(simple(WWW, "A", "192.0.2.99"), SECONDARY, "s"),
        multivalue("fleet.example.com", "A", "192.0.2.1", "a"),
        multivalue("fleet.example.com", "A", "192.0.2.2", "b"),
    )
    resolution = ask(hosted, WWW, "A", down={"a", "b", "s"})
    assert set(values(resolution.answer)) == {"192.0.2.1", "192.0.2.2"}
    assert [reason.rule for reason in resolution.reasons] == [
        RoutingRule.FAILOVER_NOBODY_HEALTHY,
        RoutingRule.MULTIVALUE_NOBODY_HEALTHY,
    ]
    assert set(resolution.reasons[0].unhealthy) == {"a", "b", "s"}


def test_evaluating_the_target_of_a_simple_alias_changes_nothing() -> None:
    """RT-10."""
    hosted = zone(
        alias("example.com", WWW),
        failover(simple(WWW, "A", "192.0.2.1"), PRIMARY, "p"),
    )
    assert values(ask(hosted, "example.com", "A", down={"p"}).answer) == ["192.0.2.1"]


def test_additional_addresses_fail_over_too() -> None:
    hosted = zone(
        simple("example.com", "MX", "10 mail.example.com."),
        failover(simple("mail.example.com", "A", "192.0.2.1"), PRIMARY, "p"),
        failover(simple("mail.example.com", "A", "192.0.2.2"), SECONDARY),
    )
    resolution = ask(hosted, "example.com", "MX", down={"p"})
    assert values(resolution.additional) == ["192.0.2.2"]
    assert resolution.depends_on == {"p"}


@pytest.mark.parametrize(("v4", "v6"), [(("localhost",), ()), (("::1",), ()), ((), ("127.0.0.1",))])
def test_a_site_address_that_is_none_is_refused_before_anybody_asks(
    v4: tuple[str, ...], v6: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError):
        SiteAddresses(v4, v6)

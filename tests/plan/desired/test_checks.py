"""Which checks a failover asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.plan.ownership import caller_reference, owner, role_of, slug
from stillup.plan.setup import Check, CheckConfig
from stillup.rules.health.refinements import Refinements, parse_refinements
from tests.plan.typed import asked, typed

ADDRESS = {"address": "203.0.113.10"}
NAME = {"name": "origin.example.net"}

TABLE: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (
        ADDRESS,
        {},
        {
            "type": "HTTP",
            "ip_address": "203.0.113.10",
            "port": 80,
            "fqdn": "www.example.com",
            "enable_sni": False,
        },
    ),
    (ADDRESS, {"path": "health?deep=1"}, {"resource_path": "/health?deep=1"}),
    (ADDRESS, {"host": "origin.example.com", "port": 8080}, {"fqdn": "origin.example.com", "port": 8080}),
    (ADDRESS, {"address": "198.51.100.9"}, {"ip_address": "198.51.100.9"}),
    (ADDRESS, {"string": "fine"}, {"type": "HTTP_STR_MATCH", "search_string": "fine"}),
    (ADDRESS, {"type": "https"}, {"type": "HTTPS", "port": 443, "enable_sni": True}),
    (
        ADDRESS,
        {"type": "https", "sni": False, "string": "x"},
        {"type": "HTTPS_STR_MATCH", "enable_sni": False},
    ),
    (ADDRESS, {"type": "tcp", "port": 22}, {"type": "TCP", "port": 22, "fqdn": None, "resource_path": None}),
    (NAME, {}, {"ip_address": None, "fqdn": "origin.example.net"}),
    (NAME, {"host": "www.example.net"}, {"ip_address": None, "fqdn": "www.example.net"}),
    (NAME, {"type": "tcp", "port": 22}, {"ip_address": None, "fqdn": "origin.example.net"}),
    (
        {"alias": {"zone-id": "Z1", "name": "lb.example.net"}},
        {},
        {"ip_address": None, "fqdn": "lb.example.net"},
    ),
    (ADDRESS, {"interval": "10s", "failures": 2}, {"request_interval": 10, "failure_threshold": 2}),
    (ADDRESS, {"interval": "2s"}, {"request_interval": 10}),
    (ADDRESS, {"interval": "1m"}, {"request_interval": 30}),
    (
        ADDRESS,
        {"regions": ["us-east-1", "eu-west-1", "sa-east-1"]},
        {"regions": ("us-east-1", "eu-west-1", "sa-east-1")},
    ),
    (
        ADDRESS,
        {"inverted": True, "disabled": True, "measure-latency": True},
        {"inverted": True, "disabled": True, "measure_latency": True},
    ),
]


@pytest.mark.parametrize(("target", "check", "expected"), TABLE)
def test_what_is_typed_becomes_a_config_of_route_53(
    target: dict[str, Any], check: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Table 1.5, HC-10, HC-11, HC-22."""
    config = asked(typed(primary=target | {"check": check})).checks["primary"].config
    assert config is not None
    assert {field: getattr(config, field) for field in expected} == expected


def test_a_wildcard_is_no_host() -> None:
    config = asked(typed(name="*.example.com", standby={"address": "198.51.100.7"})).checks["primary"].config
    assert config is not None
    assert config.fqdn is None


def test_a_check_of_the_standby_probes_the_website_as_visitors_do() -> None:
    check = asked(typed(standby={"folder": "site", "check": {}})).checks["standby"]
    assert check.config is not None
    assert check.config.fqdn == "www.example.com.s3-website-us-east-1.amazonaws.com"


def test_a_check_that_is_kept_elsewhere_is_only_an_id() -> None:
    setup = asked(
        typed(primary=ADDRESS | {"check": {"existing": "abc"}}, alert={"emails": ["a@example.com"]})
    )
    assert setup.checks == {"primary": Check("primary", None, id="abc")}
    assert setup.alarms[0].dimensions == {"HealthCheckId": "abc"}


def test_without_a_check_in_the_plan_none_is_made() -> None:
    assert asked(typed(primary=ADDRESS)).checks == {}


def test_what_route_53_lacks_is_asked_for_by_tags_that_an_engine_accepts() -> None:
    check = {
        "interval": "2s",
        "confirm-interval": "500ms",
        "timeout": "1s",
        "verify-tls": True,
        "expect": "200-299, 418",
        "fall": 4,
        "rise": 20,
    }
    tags = asked(typed(primary=ADDRESS | {"check": check}, failback={"after": "5m"})).checks["primary"].tags
    assert parse_refinements(tags) == Refinements(
        interval=2,
        confirm_interval=0.5,
        timeout=1,
        verify_tls=True,
        expect=(range(200, 300), range(418, 419)),
        fall=4,
        rise=20,
        recover_after=300,
    )
    assert "," not in "".join(tags.values()), "AWS takes no comma in a tag"


def test_held_failback_is_a_latch_on_the_primarys_check_alone() -> None:
    setup = asked(typed(failback="held", standby={"folder": "site", "check": {}}))
    assert setup.checks["primary"].tags["stillup:latch"] == "true"
    assert "stillup:latch" not in setup.checks["standby"].tags


def test_the_guides_check_needs_no_tag_but_the_owners() -> None:
    tags = asked().checks["primary"].tags
    assert tags == {
        "stillup-failover": "www.example.com",
        "stillup-role": "primary",
        "Name": "www.example.com primary",
    }


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABEL, min_size=1, max_size=11).map(".".join)
CONFIG = CheckConfig("HTTP", ip_address="203.0.113.10", request_interval=30)


@given(NAMES, NAMES)
def test_a_caller_reference_says_whose_check_it_is(name: str, other: str) -> None:
    reference = caller_reference(name, "standby", CONFIG, attempt=99)
    assert len(reference) <= 64
    check = Check("id", CONFIG, id="id", caller_reference=reference)
    assert role_of(check, name) == "standby"
    assert (role_of(check, other) is None) is (name != other)


def test_only_what_cannot_be_changed_changes_the_caller_reference() -> None:
    """A run after a crash finds what the crashed one made (HC-43)."""

    def reference(**changes: Any) -> str:
        return caller_reference("www.example.com", "primary", replace(CONFIG, **changes))

    assert reference(port=81, failure_threshold=9, ip_address="203.0.113.11") == reference()
    for changes in (
        {"type": "TCP"},
        {"request_interval": 10},
        {"measure_latency": True},
        {"ip_address": None},
    ):
        assert reference(**changes) != reference()


@given(NAMES, NAMES)
def test_names_of_two_failovers_do_not_meet(name: str, other: str) -> None:
    assert (slug(name) == slug(other)) is (name == other)


def test_the_owner_of_a_wildcard_can_be_written_in_a_tag() -> None:
    assert owner("\\052.example.com") == "+052.example.com"

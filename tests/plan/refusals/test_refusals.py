"""What is not done, and why."""

from __future__ import annotations

from typing import Any

import pytest

from stillup.plan.difference import difference
from stillup.plan.make import Knowledge, Wish, combined, make_plan
from stillup.plan.refusals import mass_deletion
from stillup.plan.setup import Setup, Zone
from stillup.rules.health.check import Status
from tests.plan.folding import NOTHING, carried_out
from tests.plan.typed import asked, typed

ADDRESS = {"address": "203.0.113.10"}
PAIR = {
    "primary": ADDRESS | {"check": {}},
    "standby": {"address": "198.51.100.1", "check": {}},
}
HEALTHY, UNHEALTHY = Status.HEALTHY, Status.UNHEALTHY


def account(wanted: Setup) -> Setup:
    return carried_out(difference(wanted, NOTHING))


def refused(wanted: Setup, actual: Setup, wish: Wish | None = None, **statuses: Status) -> list[str]:
    """Ids of refusals, where the checks of the records, by role, are known to stand so."""
    known = {
        record.check: statuses[record.failover]
        for record in actual.records
        if record.check and record.failover in statuses
    }
    plan = make_plan(wanted, actual, wish or Wish(), Knowledge(statuses=known))
    return [each.id for each in plan.refusals]


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"name": "example.com", "primary": {"name": "a.example.net", "check": {}}}, "cname-at-apex"),
    ({"standby": {"name": "other.example.net"}}, "no-common-type"),
    ({"standby": {"address": "2001:db8::1"}}, "no-common-type"),
    ({"primary": ADDRESS}, "primary-without-check"),
    ({"standby": {"folder": "site", "region": "mars-north-1"}}, "unknown-website-region"),
]


@pytest.mark.parametrize(("keys", "id_"), IMPOSSIBLE, ids=[row[1] for row in IMPOSSIBLE])
def test_what_route_53_would_refuse_is_said_before_anything_is_made(keys: dict[str, Any], id_: str) -> None:
    wanted = asked(typed(**keys))
    plan = make_plan(wanted, Setup(wanted.name, wanted.zone), Wish(force=True), Knowledge())
    assert id_ in [each.id for each in plan.refusals]
    assert all(each.text and each.remedy for each in plan.refusals)


def test_a_zone_given_by_its_id_turns_out_to_be_another_one() -> None:
    elsewhere = Setup("www.example.com", Zone("example.org", id="Z0123456789ABC"))
    assert refused(asked(typed(zone="Z0123456789ABC")), elsewhere) == ["name-outside-zone"]


def test_a_sound_plan_is_not_refused() -> None:
    assert refused(asked(), NOTHING) == []


@pytest.mark.parametrize(
    ("there", "gone", "refuses"), [(6, 4, False), (15, 5, False), (14, 5, True), (5, 5, True)]
)
def test_more_than_a_third_and_at_least_five_are_too_many(there: int, gone: int, refuses: bool) -> None:
    pages = [f"page-{number}" for number in range(there)]
    before = account(asked(None, *pages))
    wanted = asked(None, *(pages[gone:] or ["index.html"]))
    found = list(mass_deletion(wanted, before, difference(wanted, before).steps))
    assert bool(found) is refuses
    if refuses:
        assert f"{gone} of {there} objects" in found[0].text
        assert refused(wanted, before, Wish(force=True)) == []


STANDBY_ELSEWHERE = {**PAIR, "standby": {"address": "198.51.100.2", "check": {}}}
PRIMARY_ELSEWHERE = {**PAIR, "primary": {"address": "203.0.113.11", "check": {"address": "203.0.113.10"}}}
NEW_CHECK = {**PAIR, "primary": ADDRESS | {"check": {"interval": "10s"}}, "ttl": 30}
NEW_TTL = {**PAIR, "ttl": 5}

ANSWERS: list[tuple[str, dict[str, Any], Status, Status, list[str]]] = [
    ("the standby serves and would change", STANDBY_ELSEWHERE, UNHEALTHY, HEALTHY, ["standby-serves"]),
    ("the primary is ill and would count as healthy", NEW_CHECK, UNHEALTHY, HEALTHY, ["dead-primary"]),
    ("the primary is ill and gets another address", PRIMARY_ELSEWHERE, UNHEALTHY, HEALTHY, []),
    ("the primary is ill and nothing of weight changes", NEW_TTL, UNHEALTHY, HEALTHY, []),
    ("all is well", STANDBY_ELSEWHERE, HEALTHY, HEALTHY, []),
    ("all is well, and the primary moves", PRIMARY_ELSEWHERE, HEALTHY, HEALTHY, []),
    (
        "the standby is ill and the primary would change",
        PRIMARY_ELSEWHERE,
        HEALTHY,
        UNHEALTHY,
        ["last-healthy-answer"],
    ),
    ("the standby is ill and is changed", STANDBY_ELSEWHERE, HEALTHY, UNHEALTHY, []),
]


@pytest.mark.parametrize(
    ("keys", "primary", "standby", "expected"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
def test_the_last_healthy_answer_stays(
    keys: dict[str, Any], primary: Status, standby: Status, expected: list[str]
) -> None:
    before = account(asked(typed(**PAIR)))
    wanted = asked(typed(**keys))
    assert refused(wanted, before, PRIMARY=primary, SECONDARY=standby) == expected
    assert refused(wanted, before, Wish(force=True), PRIMARY=primary, SECONDARY=standby) == []


def test_nothing_is_refused_for_what_is_not_known() -> None:
    assert refused(asked(typed(**STANDBY_ELSEWHERE)), account(asked(typed(**PAIR)))) == []


def test_a_standby_that_serves_is_not_destroyed() -> None:
    before = account(asked())
    assert refused(asked(), before, Wish(destroy=True), PRIMARY=UNHEALTHY) == ["standby-serves"]
    assert refused(asked(), before, Wish(destroy=True, force=True), PRIMARY=UNHEALTHY) == []
    assert refused(asked(), before, Wish(destroy=True), PRIMARY=HEALTHY) == []


def test_a_check_that_a_drill_left_inverted_is_turned_back_although_it_says_unhealthy() -> None:
    inverted = account(asked(typed(primary=ADDRESS | {"check": {"path": "/health", "inverted": True}})))
    assert refused(asked(), inverted, PRIMARY=UNHEALTHY) == []


@pytest.mark.parametrize("key", ["inverted", "disabled"])
def test_a_dead_primary_is_not_made_to_look_well(key: str) -> None:
    wanted = asked(typed(primary=ADDRESS | {"check": {"path": "/health", key: True}}))
    assert refused(wanted, account(asked()), PRIMARY=UNHEALTHY) == ["dead-primary"]


def test_several_failovers_make_one_plan_that_is_refused_where_one_of_them_is() -> None:
    sound = make_plan(asked(), NOTHING, Wish(), Knowledge())
    unsound = make_plan(asked(typed(primary=ADDRESS)), NOTHING, Wish(), Knowledge())
    whole = combined([sound, unsound])
    assert len(whole.failovers) == 2
    assert whole.refusals == unsound.refusals != ()
    assert whole.steps[: len(sound.steps)] == sound.steps

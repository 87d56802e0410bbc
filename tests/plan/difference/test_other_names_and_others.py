"""What is not called as before, and what other failovers of the file have to do with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stillup.plan.difference import difference
from stillup.plan.make import Knowledge, Wish, combined, make_plan
from stillup.plan.others import Others, in_order, with_shared_topics
from stillup.plan.places import PLACES_TAG, noted_places
from stillup.plan.setup import Bucket, Setup
from stillup.plan.step import Plan
from tests.plan.folding import NOTHING, carried_out
from tests.plan.typed import asked, typed

ADDRESS = {"address": "203.0.113.10"}
ODD = {
    "standby": {"folder": "site", "bucket": "maintenance"},
    "alert": {"emails": ["a@example.com"], "topic": "ops", "alarm": {"region": "eu-west-1"}},
    "primary": ADDRESS | {"check": {}},
}
USUAL = {"primary": ADDRESS | {"check": {}}, "alert": {"emails": ["a@example.com"]}}
PAGES = [f"page{number}.html" for number in range(9)]


def note(setup: Setup) -> str | None:
    (check,) = setup.checks.values()
    return check.tags.get(PLACES_TAG)


def done(plan: Plan) -> list[str]:
    assert plan.refusals == ()
    return [f"{step.action} {step.address}" for step in plan.steps]


def bucket_left(setup: Setup) -> Setup:
    """As it is read where the plan names another bucket."""
    assert setup.bucket is not None
    return replace(setup, bucket=None, other_buckets=(setup.bucket,))


def test_what_the_name_does_not_tell_is_noted_on_the_check() -> None:
    assert note(asked(typed(**USUAL))) is None
    setup = asked(typed(**ODD))
    assert note(setup) == "bucket/maintenance topic/eu-west-1/ops alarms/eu-west-1"
    assert noted_places(setup.checks.values(), setup.name) == [
        ("bucket", "maintenance"),
        ("topic", "eu-west-1", "ops"),
        ("alarms", "eu-west-1"),
    ]


def test_a_note_is_widened_for_what_is_new_and_stays_when_it_says_enough() -> None:
    account = carried_out(difference(asked(typed(**ODD)), NOTHING))
    other = ODD | {"standby": {"folder": "site", "bucket": "elsewhere"}}
    wanted, left = asked(typed(**other)), bucket_left(account)
    plan = difference(wanted, left)
    (check,) = [step for step in plan.steps if step.address == "check/primary"]
    assert [(each.attribute, each.after) for each in check.differences] == [
        (f"tag {PLACES_TAG}", "bucket/elsewhere topic/eu-west-1/ops alarms/eu-west-1 bucket/maintenance")
    ]
    usual = difference(asked(typed(**USUAL)), left)
    assert "update check/primary" not in done(usual)


def test_a_bucket_of_another_name_goes_after_the_new_one_is_there_and_its_pages_are_not_lost() -> None:
    keys = USUAL | {"standby": {"folder": "site", "bucket": "maintenance"}}
    account = bucket_left(carried_out(difference(asked(typed(**keys), *PAGES), NOTHING)))
    plan = make_plan(asked(typed(**USUAL), *PAGES), account, Wish(), Knowledge())
    steps = done(plan)
    assert steps.index("create object/page0.html") < steps.index("delete object/page0.html")
    assert steps[-1] == "delete bucket"
    lost = make_plan(asked(typed(**USUAL), "index.html"), account, Wish(), Knowledge())
    assert [each.id for each in lost.refusals] == ["mass-deletion"]


def test_a_bucket_that_visitors_are_still_sent_to_does_not_go() -> None:
    """AL-7: the website endpoint goes by the visitors' name, whatever the plan calls the bucket."""
    account = bucket_left(carried_out(difference(asked(typed(**USUAL)), NOTHING)))
    keys = USUAL | {"standby": {"folder": "site", "bucket": "maintenance"}}
    (refusal,) = difference(asked(typed(**keys)), account).refusals
    assert (refusal.id, "standby.bucket" in refusal.remedy) == ("in-use", True)


def both(**keys: Any) -> list[Setup]:
    names = ("www.example.com", "api.example.com")
    alert = {"emails": ["a@example.com"], "topic": "ops"}
    return with_shared_topics([asked(typed(name=each, **USUAL | {"alert": alert} | keys)) for each in names])


def test_what_two_would_make_is_made_by_the_first_and_deleted_by_the_last() -> None:
    def others(setup: Setup, setups: list[Setup], *, stay: bool) -> Others:
        rest = tuple(each for each in setups if each is not setup)
        return Others(frozenset(each.name for each in rest), rest if stay else ())

    setups = both()
    made = combined(
        difference(each, replace(NOTHING, name=each.name), others=others(each, setups, stay=True))
        for each in setups
    )
    first, second = ([step.address for step in each.steps] for each in made.failovers)
    assert ("topic" in first, "topic" in second) == (True, False)
    topics = carried_out(Plan(made.failovers[:1])).topics
    gone = combined(
        difference(
            each,
            replace(NOTHING, name=each.name, topics=topics),
            destroy=True,
            others=others(each, setups, stay=False),
        )
        for each in setups
    )
    assert [[step.address for step in each.steps] for each in gone.failovers] == [[], ["topic"]]


def test_a_bucket_that_another_points_at_is_made_first_and_taken_away_last() -> None:
    points = asked(typed(name="api.example.com", **USUAL, standby={"bucket": "www.example.com"}))
    publishes = asked(typed(**USUAL))
    assert isinstance(publishes.bucket, Bucket)
    assert in_order([points, publishes], destroy=False) == [publishes, points]
    assert in_order([publishes, points], destroy=True) == [points, publishes]

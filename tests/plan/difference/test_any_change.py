"""What is true of every Plan, whatever there is and whatever is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.plan.desired import desired
from stillup.plan.difference import difference
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.ownership import owns_check, owns_tags
from stillup.plan.setup import OWNER_TAG, Bucket, Check, Setup
from stillup.plan.step import Action, Kind
from stillup.rules.names import DomainName
from stillup.rules.zones.s3_endpoints import website_endpoint
from tests.plan.folding import NOTHING, carried_out, stages
from tests.plan.typed import page

CHECKS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["http", "https"]),
        "path": st.sampled_from(["/", "/health"]),
        "string": st.just("fine"),
        "interval": st.sampled_from(["10s", "30s", "2s"]),
        "failures": st.integers(1, 4),
        "regions": st.just(["us-east-1", "eu-west-1", "sa-east-1"]),
        "sni": st.booleans(),
        "inverted": st.booleans(),
        "fall": st.integers(1, 3),
    },
)
CHECKED = CHECKS | st.just({"existing": "kept-elsewhere"})
V4, V6 = "203.0.113.10", "2001:db8::10"
ADDRESSES = st.sampled_from([[V4], [V4, "203.0.113.11"], [V4, V6]])
TARGETS = st.builds(lambda addresses: {"addresses": addresses}, ADDRESSES)
PRIMARIES = st.builds(lambda target, check: target | {"check": check}, TARGETS, CHECKED) | st.builds(
    lambda check: {"name": "origin.example.net", "check": check}, CHECKS
)
STANDBYS = (
    st.just({"folder": "site"})
    | st.just({"folder": "site", "check": {}})
    | st.just({"bucket": "www.example.com"})
    | TARGETS
)
ALERTS = st.none() | st.fixed_dictionaries(
    {"emails": st.lists(st.sampled_from(["a@example.com", "b@example.com"]), max_size=2, unique=True)},
    optional={"topic": st.sampled_from(["ops", "arn:aws:sns:us-east-1:123456789012:elsewhere"])},
)
FILES = st.dictionaries(
    st.sampled_from(["index.html", "error.html", "style.css", "logo.svg"]),
    st.sampled_from(["aa", "bb"]),
    max_size=4,
)


@st.composite
def askings(draw: st.DrawFn) -> Setup:
    """What some failover asks for."""
    keys = {
        "name": "www.example.com",
        "zone": "example.com",
        "primary": draw(PRIMARIES),
        "standby": draw(STANDBYS),
        "alert": draw(ALERTS),
        "ttl": draw(st.sampled_from([5, 60])),
        "failback": draw(st.sampled_from(["auto", "held"])),
    }
    files = {key: page(key, digest) for key, digest in draw(FILES).items()}
    return desired(Failover.model_validate(keys), Where(), files=files)


def is_ours(step_resource: object) -> bool:
    if isinstance(step_resource, Check):
        return owns_check(step_resource, NOTHING.name)
    tags: Mapping[str, str] | None = getattr(step_resource, "tags", None)
    return tags is None or owns_tags(tags, NOTHING.name)


def another_hands(setup: Setup) -> Setup:
    """The same resources, as if somebody else had made them."""
    return replace(
        setup,
        records=tuple(replace(each, set_identifier=f"their {each.failover}") for each in setup.records),
        checks={
            key: replace(each, tags=_without_owner(each.tags), caller_reference="theirs")
            for key, each in setup.checks.items()
        },
        bucket=None if setup.bucket is None else replace(setup.bucket, tags={"owner": "them"}),
        topics=tuple(replace(each, tags={}) for each in setup.topics),
        alarms=tuple(replace(each, tags={}) for each in setup.alarms),
    )


def _without_owner(tags: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in tags.items() if name not in (OWNER_TAG, "stillup-role", "Name")}


@given(askings())
@settings(max_examples=40)
def test_what_was_carried_out_is_not_to_be_done_again(asked: Setup) -> None:
    account = carried_out(difference(asked, NOTHING))
    again = difference(asked, account)
    assert again.steps == ()
    assert again.refusals == ()


@pytest.mark.slow
@given(askings(), askings())
@settings(max_examples=60)
def test_every_change_of_a_plan_is_carried_out_at_once_and_in_a_safe_order(
    before: Setup, after: Setup
) -> None:
    """At no moment does a record name a check or a bucket that is not there."""
    account = carried_out(difference(before, NOTHING))
    plan = difference(after, account)
    assert plan.refusals == ()
    for stage in stages(plan, account):
        assert_nothing_dangles(stage, [before.bucket, after.bucket])
    assert difference(after, carried_out(plan, account)).steps == ()


def assert_nothing_dangles(stage: Setup, buckets: list[Bucket | None]) -> None:
    kept_elsewhere = {bucket.name for bucket in buckets if bucket is not None and not bucket.is_published}
    for record in stage.records:
        assert record.check in (None, "kept-elsewhere", *stage.checks)
        for target in (*record.values, *((record.alias.dns_name,) if record.alias else ())):
            if record.type == "AAAA" or target[0].isdigit():
                continue
            if (
                website_endpoint(DomainName.from_text(target)) is not None
                and record.name not in kept_elsewhere
            ):
                assert stage.bucket is not None
                assert stage.bucket.website is not None


@pytest.mark.slow
@given(askings(), askings())
@settings(max_examples=40)
def test_a_run_that_ends_anywhere_is_completed_by_the_next(before: Setup, after: Setup) -> None:
    account = carried_out(difference(before, NOTHING))
    for stage in stages(difference(after, account), account):
        rest = difference(after, stage)
        assert rest.refusals == ()
        assert difference(after, carried_out(rest, stage)).steps == ()


@pytest.mark.slow
@given(askings(), askings())
@settings(max_examples=40)
def test_what_another_hand_made_is_never_changed(theirs: Setup, asked: Setup) -> None:
    account = another_hands(carried_out(difference(theirs, NOTHING)))
    plan = difference(asked, account)
    for step in plan.steps:
        assert step.before is None or (step.kind is not Kind.RECORD and is_ours(step.before)), step
    assert difference(asked, account, destroy=True).steps == ()


@pytest.mark.slow
@given(askings(), askings())
@settings(max_examples=40)
def test_with_adoption_it_becomes_as_planned(theirs: Setup, asked: Setup) -> None:
    account = another_hands(carried_out(difference(theirs, NOTHING)))
    plan = difference(asked, account, adopt=True)
    assert plan.refusals == ()
    again = difference(asked, carried_out(plan, account))
    assert again.steps == ()
    assert again.refusals == ()


@given(askings())
@settings(max_examples=40)
def test_destroying_takes_away_all_that_was_made_and_nothing_else(asked: Setup) -> None:
    account = carried_out(difference(asked, NOTHING))
    plan = difference(asked, account, destroy=True)
    assert plan.refusals == ()
    assert {step.action for step in plan.steps} <= {Action.DELETE}
    *_, left = (account, *stages(plan, account))
    assert left == NOTHING

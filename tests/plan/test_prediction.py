"""How long a failover takes, by arithmetic and by trying."""

from __future__ import annotations

import heapq
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.plan.detection import (
    ANSWER,
    AWS,
    ENGINE,
    Checkers,
    Span,
    falling,
    longest_probe,
    needed,
    pace_of,
)
from stillup.plan.prediction import Prediction, guide_table, predict
from stillup.plan.setup import CheckConfig
from stillup.rules.health.check import Status
from stillup.rules.health.verdict import Verdict, count, interval_after, observe
from tests.plan.typed import asked, typed

GUIDE = CheckConfig("HTTP", ip_address="203.0.113.10", request_interval=30, failure_threshold=3)


def predicted(checkers: Checkers = AWS, **keys: Any) -> Prediction:
    found = predict(asked(typed(**keys)), checkers)
    assert found is not None
    return found


def checked(**check: Any) -> dict[str, Any]:
    return {"primary": {"address": "203.0.113.10", "check": check}}


@pytest.mark.parametrize(("checkers", "well"), [(16, 3), (15, 3), (6, 2), (3, 1), (2, 1), (1, 1)])
def test_more_than_18_percent_of_the_checkers_must_say_healthy(checkers: int, well: int) -> None:
    """HC-27's counts, as `verdict.count` has them."""
    assert needed(Checkers(checkers, honour_tags=False)) == well
    verdicts = [Verdict(Status.HEALTHY)] * well + [Verdict(Status.UNHEALTHY)] * (checkers - well)
    assert count(verdicts) is Status.HEALTHY
    assert count([Verdict(Status.UNHEALTHY), *verdicts[1:]]) is Status.UNHEALTHY


@pytest.mark.parametrize(
    ("interval", "each_probe", "expected"),
    [(30, 0.0, Span(60, 85, 90)), (30, 4.0, Span(72, 97, 102)), (10, 0.0, Span(20, 28, 30))],
)
def test_going_down_is_as_derived(interval: int, each_probe: float, expected: Span) -> None:
    """HC-27: 85 s refused, 97 s (72 to 102) black-holed, 28 s with the fast interval."""
    pace = pace_of(replace(GUIDE, request_interval=interval), {})
    found = falling(pace, 16, 14, each_probe=each_probe)
    assert Span(*(round(each) for each in (found.best, found.expected, found.worst))) == expected


@pytest.mark.parametrize(("interval", "down", "up"), [("30s", 85, 65), ("10s", 28, 22)])
def test_the_prediction_expects_what_is_derived(interval: str, down: int, up: int) -> None:
    """HC-27: recovery is faster than detection although the threshold is the same."""
    found = predicted(**checked(interval=interval))
    assert round(found.detection.expected) == down
    assert round(found.recovery.expected) == up


def test_the_whole_way_is_what_a_resolver_that_honours_the_ttl_sees() -> None:
    found = predicted(ttl=60, **checked())
    assert found.cache == Span(0, 30, 60)
    assert found.down == found.detection + found.switch + found.cache
    assert found.detection.worst == 60 + 30 + 3 * (4 + 2) + ANSWER
    assert found.down.worst < 5 * 60, "the guide's own worst case holds"


def test_fewer_regions_mean_fewer_checkers() -> None:
    """Six checkers: the fifth unhealthy verdict decides (HC-27)."""
    regions = ["us-east-1", "eu-west-1", "sa-east-1"]
    assert predicted(**checked(regions=regions)).detection.expected == pytest.approx(60 + 30 * 5 / 7)


def test_tags_act_on_an_engine_alone() -> None:
    fast = checked(interval="2s", **{"confirm-interval": "500ms", "timeout": "1s"})
    assert predicted(ENGINE, **fast).detection == Span(1.0, 1.0 + 2 * 3 / 4, 1.0 + 2 + 3 * 2 + ANSWER)
    assert predicted(AWS, **fast).detection.best == 20


def test_a_calm_time_and_a_latch_belong_to_the_way_back() -> None:
    calm = predicted(ENGINE, failback={"after": "5m"})
    assert calm.recovery.best > 240
    assert calm.recovery.worst >= 300
    assert not calm.is_held
    assert predicted(ENGINE, failback="held").is_held
    assert not predicted(AWS, failback="held").is_held


@pytest.mark.parametrize("check", [{"disabled": True}, {"existing": "abc"}])
def test_nothing_is_predicted_of_what_cannot_be_told(check: dict[str, Any]) -> None:
    assert predict(asked(typed(**checked(**check)))) is None


def test_nothing_is_predicted_without_a_check() -> None:
    assert predict(asked(typed(primary={"address": "203.0.113.10"}))) is None


def test_the_alarm_follows_the_status_minute_by_minute() -> None:
    found = predicted(ENGINE, alert={"emails": ["a@example.com"]})
    assert found.alarm == found.detection + Span(0, 30, 120)
    assert predicted(ENGINE, alert={"alarm": {"evaluation-periods": 3}}).alarm == found.detection + Span(
        120, 150, 240
    )
    assert found.alarm_back == found.recovery + Span(0, 30, 120)
    two_of_three = {"alarm": {"evaluation-periods": 3, "datapoints-to-alarm": 2}}
    assert predicted(ENGINE, alert=two_of_three).alarm_back == found.recovery + Span(60, 90, 180)
    assert predicted(ENGINE, alert={"alarm": {"statistic": "Average"}}).alarm is None
    assert predicted(ENGINE).alarm is None


def test_the_guides_own_figures_are_at_hand() -> None:
    assert next((line.phase, line.duration) for line in guide_table()) == (
        "Health check detection",
        "~90 sec",
    )


# --- by trying ------------------------------------------------------------------------------------

PHASES = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20)
CHECKS = st.builds(
    lambda type_, interval, threshold: CheckConfig(
        type_, fqdn="x.example", request_interval=interval, failure_threshold=threshold
    ),
    st.sampled_from(["TCP", "HTTP", "HTTPS_STR_MATCH"]),
    st.sampled_from([10, 30]),
    st.integers(1, 5),
)
TAGS = st.fixed_dictionaries(
    {},
    optional={
        "stillup:interval": st.just("2s"),
        "stillup:confirm-interval": st.just("500ms"),
        "stillup:fall": st.just("4"),
        "stillup:rise": st.just("2"),
    },
)


def tried(
    config: CheckConfig, tags: dict[str, str], begun: list[float], goal: Status, *, probe: float
) -> float:
    """When the checkers agree on the goal: their first probe that sees it begins at `begun`, each takes `probe`."""
    pace = pace_of(config, tags)
    verdicts = [Verdict(goal.opposite)] * len(begun)
    due = [(at, index) for index, at in enumerate(begun)]
    heapq.heapify(due)
    while True:
        at, index = heapq.heappop(due)
        verdicts[index] = observe(verdicts[index], goal, fall=pace.fall, rise=pace.rise)
        if count(verdicts) is goal:
            return at + probe
        heapq.heappush(due, (at + probe + interval_after(verdicts[index], pace), index))


def of(config: CheckConfig, tags: dict[str, str], checkers: int) -> Prediction:
    setup = asked()
    check = replace(setup.checks["primary"], config=config, tags=tags)
    found = predict(replace(setup, checks={"primary": check}), Checkers(checkers, honour_tags=True))
    assert found is not None
    return found


@given(PHASES, CHECKS, TAGS, st.floats(0, 1))
@settings(max_examples=60)
def test_no_failure_is_detected_outside_of_the_bounds(
    phases: list[float], config: CheckConfig, tags: dict[str, str], slowness: float
) -> None:
    pace = pace_of(config, tags)
    probe = slowness * longest_probe(config, pace)
    took = tried(config, tags, [phase * pace.interval for phase in phases], Status.UNHEALTHY, probe=probe)
    bounds = of(config, tags, len(phases)).detection
    assert bounds.best - 1e-9 <= took <= bounds.worst + 1e-9


@given(PHASES, CHECKS, TAGS, st.floats(0, 1), st.floats(0, ANSWER))
@settings(max_examples=60)
def test_no_recovery_is_outside_of_the_bounds(
    phases: list[float], config: CheckConfig, tags: dict[str, str], slowness: float, answer: float
) -> None:
    pace = pace_of(config, tags)
    cycle = pace.interval + slowness * longest_probe(config, pace)
    took = tried(config, tags, [phase * cycle for phase in phases], Status.HEALTHY, probe=answer)
    bounds = of(config, tags, len(phases)).recovery
    assert bounds.best - 1e-9 <= took <= bounds.worst + 1e-9


@given(st.integers(1, 20), CHECKS, TAGS)
@settings(max_examples=40)
def test_evenly_spread_checkers_take_as_long_as_expected(
    checkers: int, config: CheckConfig, tags: dict[str, str]
) -> None:
    pace, found = pace_of(config, tags), of(config, tags, checkers)
    spread = [pace.interval * number / (checkers + 1) for number in range(1, checkers + 1)]
    assert tried(config, tags, spread, Status.UNHEALTHY, probe=0) == pytest.approx(found.detection.expected)
    assert tried(config, tags, spread, Status.HEALTHY, probe=0) == pytest.approx(found.recovery.expected)

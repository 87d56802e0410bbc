"""Recorded observations, judged as the check was and as it might have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from stillup.plan.otherwise import Otherwise, as_planned, unlike, untold
from stillup.plan.replay import Outage, replay, shortest_interval, without_counterpart
from stillup.plan.setup import CheckConfig
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId

CHECK = HealthCheck(
    HealthCheckId("a"),
    "ref",
    HealthCheckConfig(
        HealthCheckType.HTTP, ip_address="203.0.113.10", port=80, request_interval=30, failure_threshold=3
    ),
)
ERAS = (CheckEra(CHECK.id, 0.0, CHECK),)


def seen(*stretches: tuple[str, int]) -> list[Run]:
    """Three vantages, a second apart, each seeing these outcomes for so many probes every 30 s."""
    runs = []
    for place, vantage in enumerate("uvw"):
        at = 1.0 + place
        for outcome, probes in stretches:
            status = Status.HEALTHY if outcome == "up" else Status.UNHEALTHY
            runs.append(Run(CHECK.id, vantage, status, at, at + 30 * (probes - 1), probes))
            at += 30 * probes
    return sorted(runs, key=lambda run: run.first_at)


SHAKY = seen(("up", 9), *(("down", 2), ("up", 9)) * 4, ("down", 3), ("up", 9))
"""Four times two failures in a row, then three."""


def outages(runs: Sequence[Run], change: Otherwise | None = None) -> tuple[Outage, ...]:
    return replay(runs, ERAS, since=0.0, until=1e6, change=change or Otherwise()).outages


def test_two_failures_instead_of_three_would_have_switched_four_times_more() -> None:
    assert len(outages(SHAKY)) == 1
    changed = outages(SHAKY, Otherwise(failures=2))
    assert len(changed) == 5
    assert len(without_counterpart(changed, outages(SHAKY))) == 4
    assert without_counterpart(outages(SHAKY), changed) == ()


def test_a_check_turns_with_the_last_vantage_s_last_failure_and_back_with_the_first_that_is_well() -> None:
    (outage,) = outages(seen(("up", 4), ("down", 5), ("up", 5)))
    assert outage == Outage(began=1 + 30 * 6 + 2, ended=1 + 30 * 11)


def test_an_outage_at_the_end_of_the_recording_has_no_end() -> None:
    replayed = replay(seen(("up", 4), ("down", 5)), ERAS, since=0.0, until=300.0)
    assert [each.ended for each in replayed.outages] == [None]
    assert replayed.seconds_on_standby == 300 - replayed.outages[0].began


@pytest.mark.parametrize(
    ("change", "switches"),
    [
        (Otherwise(), 1),
        (Otherwise(failures=1), 5),
        (Otherwise(failures=4), 0),
        (Otherwise(interval=60.0), 0),
        (Otherwise(interval=60.0, failures=1), 5),
        (Otherwise(disabled=True), 0),
        (Otherwise(inverted=True), 2),
        (Otherwise(regions=("v",)), 1),
        (Otherwise(tags={"stillup:fall": "2"}), 5),
        (Otherwise(tags={"stillup:latch": "true"}), 1),
        (Otherwise(tags={"stillup:fall": "2", "stillup:recover-after": "10m"}), 1),
    ],
    ids=str,
)
def test_what_is_changed_changes_the_switches(change: Otherwise, switches: int) -> None:
    assert len(outages(SHAKY, change)) == switches


def test_a_deleted_check_sends_nobody_away() -> None:
    runs = seen(("up", 4), ("down", 20))
    eras = (*ERAS, CheckEra(CHECK.id, 400.0, None), CheckEra(CHECK.id, 500.0, CHECK))
    first, second = replay(runs, eras, since=0.0, until=1e6).outages
    assert first.ended == 400.0
    assert second.began > 500.0
    assert second.ended is None


def test_a_longer_interval_asks_less() -> None:
    runs = seen(("up", 40))
    asked = replay(runs, ERAS, since=0.0, until=1e6, change=Otherwise(interval=120.0))
    assert asked.probes == 30
    assert replay(runs, ERAS, since=0.0, until=1e6).probes == 120


def test_a_closer_interval_than_was_recorded_is_said_to_be_unknown() -> None:
    runs = seen(("up", 4))
    assert shortest_interval(runs) == 30.0
    (note,) = untold(Otherwise(interval=10.0), CHECK, runs)
    assert "probes were made every 30 s" in note
    assert list(untold(Otherwise(interval=30.0), CHECK, runs)) == []
    assert list(untold(Otherwise(regions=("x", "y", "z")), CHECK, runs)) != []


def test_what_the_plan_probes_otherwise_is_said_to_be_unknown() -> None:
    same = CheckConfig("HTTP", ip_address="203.0.113.10", port=80, request_interval=30, failure_threshold=3)
    assert list(unlike(same, CHECK)) == []
    assert len(list(unlike(replace(same, type="HTTPS", port=None, resource_path="/health"), CHECK))) == 3


def test_a_plan_s_thresholds_intervals_and_tags_are_replayed_and_options_win() -> None:
    config = CheckConfig("HTTP", ip_address="203.0.113.10", request_interval=10, failure_threshold=2)
    planned = as_planned(config, {"stillup:fall": "4", "stillup-failover": "www.example.com"})
    assert planned.tags == {"stillup:fall": "4", "stillup:interval": "10s"}
    assert len(outages(SHAKY, planned)) == 0
    assert len(outages(SHAKY, planned.but(failures=2, interval=None))) == 5

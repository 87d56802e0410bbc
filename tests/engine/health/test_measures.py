"""What CloudWatch and Prometheus learn of the checks (1.12), and what checks learn from CloudWatch (1.9)."""

from __future__ import annotations

from stillup.engine.health.probe import Timings
from stillup.engine.ports import HealthFigures
from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.health.check import (
    AlarmIdentifier,
    HealthCheck,
    HealthCheckConfig,
    HealthCheckType,
    InsufficientData,
    Status,
)
from stillup.rules.ids import HealthCheckId
from tests.engine.health.theatre import DOWN, Theatre, calculated, check

A, P, M = HealthCheckId("192.0.2.1"), HealthCheckId("parent"), HealthCheckId("metric")
UP, FAILING = Status.HEALTHY, Status.UNHEALTHY


def follower(insufficient: InsufficientData = InsufficientData.LAST_KNOWN_STATUS) -> HealthCheck:
    return HealthCheck(
        M,
        "m",
        HealthCheckConfig(
            HealthCheckType.CLOUDWATCH_METRIC,
            alarm_identifier=AlarmIdentifier("us-east-1", "a"),
            insufficient_data_health_status=insufficient,
        ),
    )


async def test_a_minute_has_every_status_that_was_taken_on_and_the_next_only_the_last() -> None:
    async with Theatre(check(A), calculated(P, A, threshold=1)) as theatre:
        await theatre.pass_time(20)
        assert theatre.fleet.take() == {A: HealthFigures((UP,), 100.0), P: HealthFigures((UP,), None, 1)}
        theatre.prober.endpoints[A] = DOWN
        await theatre.pass_time(60)
        assert theatre.fleet.take() == {
            A: HealthFigures((FAILING,), 0.0),
            P: HealthFigures((FAILING,), None, 0),
        }
        del theatre.prober.endpoints[A]
        await theatre.pass_time(60)
        theatre.prober.endpoints[A] = DOWN
        await theatre.pass_time(60)
        assert theatre.fleet.take()[A] == HealthFigures((UP, FAILING), 0.0)
        assert theatre.fleet.take()[A] == HealthFigures((FAILING,), 0.0)


async def test_nothing_is_said_of_a_check_before_anybody_has_seen_anything() -> None:
    async with Theatre(check(A), check("192.0.2.2", disabled=True)) as theatre:
        assert theatre.fleet.take() == {HealthCheckId("192.0.2.2"): HealthFigures((UP,))}


async def test_latency_is_taken_of_good_probes_where_it_is_asked_for() -> None:
    """1.12: by Region; HTTPS has a handshake, HTTP a connection; nothing while failing."""
    other = HealthCheckId("192.0.2.2")
    async with Theatre(check(A, measure_latency=True), check(other)) as theatre:
        theatre.prober.timings = Timings(connect=3.0, first_byte=9.0)
        await theatre.pass_time(1)
        taken = theatre.fleet.take()
        assert set(taken[A].timings) == {
            (metric, region, value)
            for region in ("us-east-1", "us-west-2", "eu-west-1")
            for metric, value in (("ConnectionTime", 3.0), ("TimeToFirstByte", 9.0))
        }
        assert taken[other].timings == ()
        theatre.prober.endpoints[A] = DOWN
        await theatre.pass_time(60)
        assert theatre.fleet.take()[A].timings == ()


async def test_a_check_follows_its_metric_and_its_parents_follow_it() -> None:
    """HC-38; children of CALCULATED may be of this type (HC-36)."""
    async with Theatre(follower(), calculated(P, M, threshold=1)) as theatre:
        assert theatre.status(M) is UP
        for state, status in (
            (AlarmState.ALARM, FAILING),
            (AlarmState.INSUFFICIENT_DATA, FAILING),
            (AlarmState.OK, UP),
            (AlarmState.INSUFFICIENT_DATA, UP),
        ):
            theatre.fleet.hear(M, state)
            assert (theatre.status(M), theatre.status(P)) == (status, status)


async def test_what_a_metric_said_outlives_a_restart() -> None:
    async with Theatre(follower()) as before:
        before.fleet.hear(M, AlarmState.ALARM)
    async with Theatre(follower(), archive=before.archive) as after:
        assert after.status(M) is FAILING
        after.fleet.hear(HealthCheckId("gone"), AlarmState.ALARM)


async def test_prometheus_is_told_of_probes_transitions_and_every_check() -> None:
    async with Theatre(check(A, tags={"Name": "web"}), calculated(P, A, threshold=1)) as theatre:
        theatre.prober.endpoints[A] = DOWN
        await theatre.pass_time(60)
        figures = {(each.name, *sorted(each.labels.values())): each.value for each in theatre.fleet.figures()}
        assert figures["stillup_health_check_status", A, "web"] == 0
        assert figures["stillup_health_check_percentage_healthy", A, "web"] == 0
        assert figures["stillup_health_check_healthy_children", "", P] == 0
        assert figures["stillup_health_transitions_total", "unhealthy"] == 2
        assert figures["stillup_probes_total", "failure"] == len(theatre.prober.probes)

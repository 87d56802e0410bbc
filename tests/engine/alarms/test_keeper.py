"""The alarms' minute: datapoints in, changes of state out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from stillup.engine.alarms.keeper import AlarmKeeper
from stillup.engine.ports import HealthFigures
from stillup.rules.alarms.alarm import Alarm, AlarmState, MissingData
from stillup.rules.alarms.transition import standing_after
from stillup.rules.changes import (
    AlarmPut,
    AlarmsDeleted,
    AlarmStateSet,
    Change,
    HealthCheckPut,
    SubscriptionPut,
)
from stillup.rules.health.check import (
    AlarmIdentifier,
    HealthCheck,
    HealthCheckConfig,
    HealthCheckType,
    Status,
)
from stillup.rules.ids import Arn, HealthCheckId
from stillup.rules.metrics.metric import Metric, sample_of
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic
from stillup.rules.world import World
from tests.engine.alarms.fakes import Disk, DiskWorlds, FakeHealth, FakeMetrics
from tests.fakes import FakeClock, FakeDie
from tests.rules.alarms.making import CHECK, MINUTE, STATUS, TOPIC, alarm, arn_of, trigger

OK, ALARM, UNKNOWN = AlarmState
UP, DOWN = Status.HEALTHY, Status.UNHEALTHY
ID = HealthCheckId(CHECK)
PRIMARY = HealthCheck(ID, "1", HealthCheckConfig(HealthCheckType.TCP, ip_address="203.0.113.10", port=22))
ALERTS = Topic(TOPIC, "alerts", "us-east-1", "123456789012", 0.0)


class Engine:
    """An alarm keeper at 08:08:00, and all that it meets. Its minutes pass when a test says so."""

    def __init__(self, *alarms: Alarm, checks: Sequence[HealthCheck] = (PRIMARY,)) -> None:
        self.disk = Disk()
        self.clock = FakeClock(MINUTE)
        world = World(
            alarms={each.arn: each for each in alarms},
            topics={TOPIC: ALERTS},
            health_checks={each.id: each for each in checks},
        )
        self.worlds = DiskWorlds(world, self.disk)
        self.metrics = FakeMetrics(self.disk)
        self.health = FakeHealth()
        self.keeper = self.restarted()

    def restarted(self) -> AlarmKeeper:
        """Another process, in the same world."""
        return AlarmKeeper(
            worlds=self.worlds,
            clock=self.clock,
            die=FakeDie(),
            metrics=self.metrics,
            measures=self.health,
            verdicts=self.health,
            statuses=self.health,
            reports=self.health,
            resolver=self.health,
            account_id="123456789012",
        )

    async def run(self) -> None:
        """Start, and do what is due at once."""
        self.keeper.start()
        await self.keeper.run_due()

    async def close(self) -> None:
        await self.keeper.close()

    async def minute(self, *statuses: Status) -> None:
        """A minute passes in which the check has these statuses."""
        if statuses:
            self.health.next[ID] = HealthFigures(statuses)
        self.clock.instant += 60
        await self.keeper.run_due()

    async def change(self, change: Change) -> None:
        """Somebody calls the API; the keeper does what follows at once."""
        await self.worlds.commit(lambda _: change)
        await self.keeper.run_due()

    def state(self, name: str = "primary-down") -> AlarmState:
        return self.worlds.current.alarms[arn_of(name)].standing.state

    def transitions(self) -> list[AlarmState]:
        return [each.standing.state for each in self.worlds.changes if isinstance(each, AlarmStateSet)]

    def figure(self, name: str, **labels: str) -> float:
        return next(
            each.value for each in self.keeper.figures() if each.name == name and dict(each.labels) == labels
        )


async def test_a_failing_check_is_told_of_at_the_next_minute_and_so_is_its_recovery() -> None:
    engine = Engine(alarm())
    await engine.run()

    await engine.minute(UP)
    assert engine.transitions() == []
    await engine.minute(DOWN)
    await engine.minute(DOWN)
    await engine.minute(UP)

    told = [each for each in engine.worlds.changes if isinstance(each, AlarmStateSet)]
    assert [each.standing.state for each in told] == [ALARM, OK]
    assert [each.messages[0].subject for each in told] == [
        'ALARM: "primary-down" in US East (N. Virginia)',
        'OK: "primary-down" in US East (N. Virginia)',
    ]
    assert told[0].standing.updated_at == MINUTE + 120
    assert told[0].messages[0].briefing is not None
    assert "203.0.113.10:22" in told[0].messages[0].briefing.headline
    assert len({each.messages[0].id for each in told}) == 2
    await engine.close()


async def test_the_datapoint_of_a_minute_is_at_its_beginning_in_us_east_1() -> None:
    """1.12, CW-22."""
    engine = Engine()
    await engine.run()
    engine.clock.instant += 3.5
    await engine.minute(DOWN, UP)

    assert engine.metrics.samples == {"us-east-1": [sample_of(STATUS, MINUTE, 0.0, 1.0)]}
    assert engine.figure("stillup_datapoints_total") == 1
    assert engine.figure("stillup_alarm_last_minute_timestamp_seconds") == MINUTE + 60
    await engine.close()


async def test_a_minute_without_measures_is_missing() -> None:
    engine = Engine(alarm(trigger=trigger(evaluation_periods=1, treat_missing_data=MissingData.BREACHING)))
    await engine.run()
    for _ in range(4):
        await engine.minute()

    assert engine.metrics.samples == {}
    assert engine.transitions() == [ALARM]
    await engine.close()


async def test_nothing_is_done_twice_in_a_minute() -> None:
    engine = Engine(alarm())
    await engine.run()
    await engine.minute(UP)
    engine.health.next[ID] = HealthFigures((DOWN,))
    engine.clock.instant += 30
    await engine.keeper.run_due()

    assert len(engine.metrics.samples["us-east-1"]) == 1
    await engine.close()


async def test_a_new_alarm_is_evaluated_at_once() -> None:
    """CW-2."""
    engine = Engine()
    await engine.run()
    await engine.minute(DOWN)
    await engine.change(AlarmPut(alarm(state=UNKNOWN, configured_at=engine.clock.now())))

    assert engine.state() is ALARM
    await engine.close()


async def test_an_alarm_that_is_configured_anew_is_evaluated_at_once() -> None:
    engine = Engine(alarm())
    await engine.run()
    await engine.minute(UP)
    stricter = trigger(evaluation_periods=1, threshold=2.0)
    await engine.change(AlarmPut(alarm(trigger=stricter, configured_at=engine.clock.now())))

    assert engine.state() is ALARM
    await engine.close()


async def test_a_state_that_was_set_holds_until_the_next_minute() -> None:
    """CW-9."""
    engine = Engine(alarm())
    await engine.run()
    await engine.minute(UP)
    standing = standing_after(alarm(), ALARM, reason="a test", reason_data=None, at=engine.clock.now())
    await engine.change(AlarmStateSet(arn_of("primary-down"), standing))
    assert engine.state() is ALARM

    await engine.minute(UP)
    assert engine.state() is OK
    await engine.close()


async def test_alarms_of_other_regions_see_their_own_metrics() -> None:
    far = alarm("far", arn=arn_of("far", "eu-west-1"), region="eu-west-1", state=UNKNOWN)
    engine = Engine(far)
    await engine.run()
    await engine.minute(DOWN)
    assert engine.transitions() == []

    await engine.metrics.put("eu-west-1", [sample_of(STATUS, MINUTE + 60, 1.0)])
    await engine.minute(DOWN)
    assert engine.transitions() == [OK]
    await engine.close()


async def test_high_resolution_alarms_are_evaluated_every_ten_seconds() -> None:
    """CW-13."""
    fast = alarm("fast", trigger=trigger(period=10, evaluation_periods=1))
    engine = Engine(fast, alarm())
    await engine.run()
    await engine.metrics.put("us-east-1", [sample_of(STATUS, MINUTE + 5, 0.0)])
    engine.clock.instant += 10
    await engine.keeper.run_due()

    assert engine.state("fast") is ALARM
    assert engine.state() is OK
    await engine.close()


async def test_composite_alarms_follow_in_the_same_minute_each_once() -> None:
    engine = Engine(
        alarm(alarm_actions=(), ok_actions=()),
        alarm("top", rule="ALARM(middle) AND ALARM(primary-down)"),
        alarm("middle", rule="ALARM(primary-down)"),
        alarm("never", rule="OK(middle) AND ALARM(primary-down)"),
    )
    await engine.run()
    await engine.minute(DOWN)

    assert [engine.state(name) for name in ("middle", "top", "never")] == [ALARM, ALARM, OK]
    assert len(engine.transitions()) == 3
    assert engine.worlds.changes[-1].standing.reason.startswith(  # type: ignore[union-attr]
        f"{arn_of('middle')} transitioned to ALARM at "
    )
    await engine.close()


async def test_a_composite_alarm_is_evaluated_when_it_is_put_and_when_a_child_goes() -> None:
    engine = Engine(alarm(state=ALARM))
    await engine.run()
    await engine.change(AlarmPut(alarm("both", UNKNOWN, rule="ALARM(primary-down)")))
    assert engine.state("both") is ALARM

    await engine.change(AlarmsDeleted((arn_of("primary-down"),)))
    assert engine.state("both") is OK
    await engine.close()


async def test_a_composite_state_that_was_set_holds_until_a_child_changes() -> None:
    """CW-9."""
    both = alarm("both", rule="ALARM(primary-down)")
    engine = Engine(alarm(), both)
    await engine.run()
    standing = standing_after(both, ALARM, reason="a test", reason_data=None, at=MINUTE)
    await engine.change(AlarmStateSet(both.arn, standing))
    await engine.minute(UP)
    assert engine.state("both") is ALARM

    await engine.minute(DOWN)
    await engine.minute(UP)
    assert engine.state("both") is OK
    await engine.close()


def _metric_check(state: str = "1") -> HealthCheck:
    return HealthCheck(
        HealthCheckId("metric"),
        state,
        HealthCheckConfig(
            HealthCheckType.CLOUDWATCH_METRIC, alarm_identifier=AlarmIdentifier("us-east-1", "primary-down")
        ),
        trigger=trigger(evaluation_periods=1),
    )


async def test_the_stream_of_a_metric_check_is_heard_every_minute_whatever_the_alarm_is_set_to() -> None:
    """HC-38."""
    engine = Engine(checks=(PRIMARY, _metric_check()))
    await engine.run()
    for status in (UP, DOWN):
        await engine.minute(status)

    assert engine.health.heard == [("metric", OK), ("metric", ALARM)]
    await engine.close()


async def test_a_new_metric_check_is_told_at_once_and_none_that_keeps_its_state() -> None:
    engine = Engine()
    await engine.run()
    await engine.change(HealthCheckPut(_metric_check()))
    assert engine.health.heard == [("metric", UNKNOWN)]

    ignoring = trigger(evaluation_periods=1, treat_missing_data=MissingData.IGNORE)
    await engine.change(HealthCheckPut(replace(_metric_check(), trigger=ignoring)))
    assert len(engine.health.heard) == 1
    await engine.close()


async def test_while_the_disk_is_full_nothing_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(alarm(), alarm("top", rule="ALARM(primary-down)"))
    await engine.run()
    await engine.minute(UP)
    engine.disk.is_full = True
    await engine.minute(DOWN)
    await engine.minute(UP)
    assert engine.transitions() == []
    assert "datapoints wait" in caplog.text

    engine.disk.is_full = False
    await engine.minute(UP)
    assert engine.transitions()[:2] == [ALARM, OK]
    assert engine.state("top") is OK
    assert len(engine.metrics.samples["us-east-1"]) == 4
    await engine.close()


async def test_a_change_of_state_that_could_not_be_written_is_written_later() -> None:
    engine = Engine(alarm(), alarm("top", rule="ALARM(primary-down)"))
    await engine.run()
    await engine.metrics.put(
        "us-east-1", [sample_of(STATUS, MINUTE, 0.0), sample_of(STATUS, MINUTE + 60, 1.0)]
    )
    engine.disk.is_full = True
    await engine.minute()
    engine.disk.is_full = False
    await engine.minute()

    assert engine.transitions()[:2] == [ALARM, OK]
    await engine.close()


async def test_what_was_missed_between_two_starts_is_told_after_the_second() -> None:
    """No transition is lost by a kill between the datapoint and the alarm's change."""
    engine = Engine(alarm())
    await engine.metrics.put(
        "us-east-1", [sample_of(STATUS, MINUTE, 0.0), sample_of(STATUS, MINUTE + 120, 1.0)]
    )
    engine.clock.instant += 185
    await engine.run()

    assert engine.transitions() == [ALARM, OK]
    await engine.close()


async def test_no_alarm_changes_only_because_the_engine_was_down() -> None:
    """Until a whole minute has passed, what is missing does not count."""
    strict = trigger(evaluation_periods=1, treat_missing_data=MissingData.BREACHING)
    engine = Engine(alarm(), alarm("strict", trigger=strict), checks=(PRIMARY, _metric_check()))
    engine.clock.instant += 30
    engine.keeper = engine.restarted()
    await engine.run()
    engine.clock.instant += 30
    await engine.keeper.run_due()
    assert (engine.transitions(), engine.health.heard) == ([], [])

    await engine.minute()
    assert (engine.state(), engine.state("strict")) == (UNKNOWN, ALARM)
    assert engine.health.heard == [("metric", UNKNOWN)]
    await engine.close()


async def test_an_alarm_goes_on_from_its_saved_state() -> None:
    engine = Engine(alarm())
    await engine.run()
    await engine.minute(DOWN)
    await engine.close()
    engine.keeper = engine.restarted()
    await engine.run()
    await engine.minute(DOWN)

    assert engine.transitions() == [ALARM]
    await engine.close()


async def test_an_alarm_that_cannot_be_evaluated_is_not_in_the_way_of_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Metric("Shop", "Broken")
    engine = Engine(alarm("broken", trigger=trigger(metric=broken)), alarm())
    engine.metrics.breaks_for = broken
    await engine.run()
    await engine.minute(DOWN)

    assert engine.state() is ALARM
    assert "an alarm could not be evaluated" in caplog.text
    await engine.close()


@pytest.mark.parametrize(
    ("quicker", "states"),
    [
        (AlarmsDeleted((arn_of("primary-down"),)), []),
        (AlarmPut(alarm(trigger=trigger(evaluation_periods=2))), []),
        (AlarmStateSet(arn_of("primary-down"), alarm(state=ALARM).standing), [ALARM]),
    ],
)
async def test_what_somebody_else_decided_meanwhile_stands(quicker: Change, states: list[AlarmState]) -> None:
    """A state is put only where the alarm is still the one that was evaluated, and not yet in it."""
    engine = Engine(alarm())
    await engine.run()
    engine.worlds.quicker = quicker
    await engine.minute(DOWN)

    assert engine.transitions() == states
    await engine.close()


async def test_a_composite_state_that_could_not_be_written_is_written_within_ten_seconds() -> None:
    engine = Engine()
    await engine.run()
    await engine.worlds.commit(lambda _: AlarmPut(alarm("yes", UNKNOWN, rule="TRUE")))
    engine.disk.is_full = True
    await engine.keeper.run_due()
    assert engine.state("yes") is UNKNOWN

    engine.disk.is_full = False
    engine.clock.instant += 10
    await engine.keeper.run_due()
    assert engine.state("yes") is ALARM
    await engine.close()


async def test_an_alarm_over_very_many_samples_is_evaluated_as_any_other() -> None:
    engine = Engine(alarm(trigger=trigger(period=10, evaluation_periods=1)))
    await engine.run()
    many = [sample_of(STATUS, MINUTE + number / 100, 0.0) for number in range(1000)]
    await engine.metrics.put("us-east-1", many)
    engine.clock.instant += 10
    await engine.keeper.run_due()

    assert engine.transitions() == [ALARM]
    await engine.close()


async def test_alarms_that_nobody_hears_are_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(
        alarm(), alarm("lost", alarm_actions=(Arn("arn:aws:sns:us-east-1:1:gone"),), ok_actions=())
    )
    with caplog.at_level(logging.WARNING):
        await engine.run()
        await engine.minute(UP)
    assert [each.message for each in caplog.records] == [
        "an alarm tells nobody: no topic",
        "an alarm tells nobody: no confirmed subscription",
    ]
    assert engine.figure("stillup_alarm_actions_unheard", reason="no confirmed subscription") == 1

    subscription = Subscription(
        Arn(f"{TOPIC}:1"), TOPIC, DeliveryProtocol.EMAIL, "oncall@example.com", "1", 0.0, "t", 0.0, True
    )
    await engine.change(SubscriptionPut(subscription))
    await engine.minute(UP)
    assert engine.figure("stillup_alarm_actions_unheard", reason="no confirmed subscription") == 0
    assert engine.figure("stillup_alarm_actions_unheard", reason="no topic") == 1
    await engine.close()


async def test_of_thousands_of_unheard_alarms_a_few_are_named(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(*(alarm(f"a{number}", ok_actions=()) for number in range(50)))
    await engine.run()

    assert len(caplog.records) == 21
    assert caplog.records[-1].message == "more alarms tell nobody"
    assert engine.figure("stillup_alarm_actions_unheard", reason="no confirmed subscription") == 50
    await engine.close()


async def test_the_figures_count_alarms_and_their_changes() -> None:
    engine = Engine(alarm(), alarm("other", UNKNOWN, alarm_actions=(), trigger=trigger(period=300)))
    await engine.run()
    await engine.minute(DOWN)

    assert engine.figure("stillup_alarms", state="ALARM") == 1
    assert engine.figure("stillup_alarms", state="INSUFFICIENT_DATA") == 1
    assert engine.figure("stillup_alarm_transitions_total", to="ALARM") == 1
    await engine.close()


async def test_the_keeper_wakes_by_itself_when_an_alarm_is_put() -> None:
    engine = Engine()
    engine.keeper.start()
    changed = asyncio.Event()
    engine.worlds.subscribe(
        lambda _, changes: changed.set() if isinstance(changes[0], AlarmStateSet) else None
    )
    await engine.worlds.commit(lambda _: AlarmPut(alarm("yes", UNKNOWN, rule="TRUE")))
    await changed.wait()

    assert engine.state("yes") is ALARM
    await engine.close()


@pytest.mark.slow
async def test_thousands_of_alarms_leave_the_event_loop_its_turns() -> None:
    engine = Engine(*(alarm(f"a{number}", alarm_actions=(), ok_actions=()) for number in range(1000)))
    await engine.run()
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await engine.minute(UP)
    task.cancel()

    assert turns >= 1000 / 16
    await engine.close()


async def test_it_says_what_keeps_alarms_from_going_off() -> None:
    engine = Engine()
    await engine.run()
    assert engine.keeper.ailment() is None
    engine.disk.is_full = True
    await engine.minute(UP)
    assert engine.keeper.ailment() == "datapoints cannot be kept"
    engine.disk.is_full = False
    await engine.minute(UP)
    assert engine.keeper.ailment() is None
    engine.clock.instant += 200
    assert engine.keeper.ailment() == "the alarms' minute is overdue"
    await engine.close()

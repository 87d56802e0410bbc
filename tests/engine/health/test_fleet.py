"""From what vantages see to statuses that others hear of, in virtual time."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import pytest

from stillup.engine.clock import EngineClock, SystemDie
from stillup.engine.health import texts
from stillup.engine.health.fleet import Fleet
from stillup.engine.health.prober import Prober
from stillup.engine.health.resolver import SystemResolver
from stillup.engine.ports import JournalUnavailable, SavedStatus, StatusChange
from stillup.rules.health.check import Status
from stillup.rules.ids import HealthCheckId
from stillup.rules.world import World
from tests.engine.health.peers import OK, peer, saying
from tests.engine.health.theatre import DOWN, UP, FakeArchive, Theatre, calculated, check
from tests.fakes import FakeWorlds


async def test_an_endpoint_that_dies_turns_the_check_unhealthy_and_back() -> None:
    async with Theatre(check("a")) as theatre:
        await theatre.pass_time(60)
        assert theatre.heard == []
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(20)
        assert theatre.status("a") is UP
        await theatre.pass_time(10)
        assert theatre.status("a") is DOWN
        theatre.prober.endpoints["a"] = UP
        await theatre.pass_time(30)
        assert theatre.heard == [("a", DOWN), ("a", UP)]


async def test_after_a_start_every_vantage_probes_every_check_within_a_second() -> None:
    async with Theatre(check("a"), check("b")) as theatre:
        await theatre.pass_time(1)
        assert len(theatre.fleet.latest(HealthCheckId("a"))) == 3
        assert len(theatre.fleet.latest(HealthCheckId("b"))) == 3
        assert len({at for at, _ in theatre.prober.probes}) == len(theatre.prober.probes)


async def test_a_new_check_is_probed_at_once_and_then_each_vantage_has_a_phase_of_its_own() -> None:
    async with Theatre() as theatre:
        await theatre.pass_time(5)
        created = theatre.clock.now()
        await theatre.put(check("a"))
        await theatre.pass_time(100)
        instants = [at - created for at, _ in theatre.prober.probes]
        assert max(instants[:3]) < 1
        later = instants[3:]
        assert all(b - a == pytest.approx(10.0) for a, b in zip(later, later[3:], strict=False))
        phases = sorted({round(at % 10, 3) for at in later})
        assert len(phases) == 3
        assert phases[-1] - phases[0] > 1


async def test_sixteen_vantages_take_as_long_as_route_53_to_notice_and_to_recover() -> None:
    """HC-27: between two and three intervals, with refused connections."""
    vantages = [f"checker-{number}" for number in range(16)]
    async with Theatre(check("a", request_interval=30), vantages=vantages) as theatre:
        await theatre.pass_time(100)
        for seen in (DOWN, UP):
            began = theatre.clock.now()
            theatre.prober.endpoints["a"] = seen
            await theatre.pass_time(200)
            assert theatre.batches[-1][0].status is seen
            assert 60 <= theatre.batches[-1][0].at - began <= 90


async def test_the_interval_runs_from_the_response() -> None:
    async with Theatre(check("a"), vantages=["us-east-1"]) as theatre:
        await theatre.pass_time(15)
        theatre.prober.probes.clear()
        theatre.prober.hold = asyncio.Event()
        theatre.clock.instant = theatre.fleet.next_at
        theatre.fleet.run_due()
        await asyncio.sleep(0)
        theatre.clock.instant += 3
        theatre.prober.hold.set()
        theatre.prober.hold = None
        await theatre.settle()
        answered = theatre.clock.now()
        await theatre.pass_time(15)
        assert [at - answered for at, _ in theatre.prober.probes] == pytest.approx([-3.0, 10.0])


async def test_after_a_first_failure_the_confirm_interval_holds_until_it_is_decided() -> None:
    tags = {"stillup:confirm-interval": "1s"}
    async with Theatre(check("a", tags=tags), vantages=["us-east-1"]) as theatre:
        await theatre.pass_time(30)
        theatre.prober.endpoints["a"] = DOWN
        theatre.prober.probes.clear()
        await theatre.pass_time(30)
        first, second, third, fourth = (at for at, _ in theatre.prober.probes[:4])
        assert [second - first, third - second, fourth - third] == pytest.approx([1, 1, 10])


async def test_a_check_is_probed_from_the_vantages_of_its_regions() -> None:
    vantages = ["us-east-1", "us-west-2", "eu-west-1"]
    named, unknown = check("a", regions=("eu-west-1", "sa-east-1")), check("b", regions=("sa-east-1",))
    async with Theatre(named, unknown, vantages=vantages) as theatre:
        await theatre.pass_time(1)
        assert [report.region for report in theatre.fleet.latest(named.id)] == ["eu-west-1"]
        assert [report.region for report in theatre.fleet.latest(unknown.id)] == vantages
        await theatre.configure("a", regions=("us-east-1",))
        await theatre.pass_time(1)
        assert [report.region for report in theatre.fleet.latest(named.id)] == ["us-east-1"]


async def test_a_calculated_check_changes_in_the_same_batch_as_its_child() -> None:
    parent = calculated("p", "a", "b", threshold=2)
    async with Theatre(check("a"), check("b"), parent) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(40)
        assert [[each.check_id for each in batch] for batch in theatre.batches] == [["a", "p"]]
        assert theatre.status("p") is DOWN


@pytest.mark.parametrize(
    ("disabled", "inverted", "status"),
    [(False, False, UP), (False, True, DOWN), (True, False, UP), (True, True, DOWN)],
)
async def test_inverted_and_disabled_take_effect_at_once(
    disabled: bool, inverted: bool, status: Status
) -> None:
    async with Theatre(check("a"), calculated("p", "a", threshold=1)) as theatre:
        await theatre.configure("a", disabled=disabled, inverted=inverted)
        assert (theatre.status("a"), theatre.status("p")) == (status, status)
        assert theatre.heard == ([] if status is UP else [("a", DOWN), ("p", DOWN)])
        await theatre.pass_time(20)
        assert (theatre.prober.probes == []) is disabled


async def test_a_check_that_is_enabled_again_is_probed_within_a_second() -> None:
    async with Theatre(check("a", disabled=True)) as theatre:
        await theatre.pass_time(30)
        assert theatre.prober.probes == []
        await theatre.configure("a", disabled=False)
        await theatre.pass_time(1)
        assert len(theatre.prober.probes) == 3


async def test_a_check_is_healthy_before_anything_is_known_and_inverted_unhealthy() -> None:
    async with Theatre(check("a"), check("b", inverted=True)) as theatre:
        assert (theatre.status("a"), theatre.status("b"), theatre.status("nobody")) == (UP, DOWN, UP)
        assert theatre.heard == [("b", DOWN)]


async def test_a_deleted_check_is_healthy_and_no_longer_probed() -> None:
    async with Theatre(check("a"), calculated("p", "a", threshold=1)) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(40)
        await theatre.delete("a")
        assert theatre.heard[-2:] == [("a", UP), ("p", UP)]
        assert theatre.fleet.standing(HealthCheckId("a")) is None
        theatre.prober.probes.clear()
        await theatre.pass_time(40)
        assert theatre.prober.probes == []


async def test_what_a_probe_of_a_deleted_check_sees_is_ignored() -> None:
    async with Theatre(check("a")) as theatre:
        theatre.prober.hold = asyncio.Event()
        theatre.clock.instant += 1
        theatre.fleet.run_due()
        await asyncio.sleep(0)
        await theatre.delete("a")
        assert theatre.fleet.is_idle
        theatre.prober.hold.set()
        await asyncio.sleep(0)
        assert theatre.heard == []


async def test_a_new_endpoint_is_judged_anew_and_the_status_stays_until_then() -> None:
    async with Theatre(check("a")) as theatre:
        theatre.prober.endpoints.update(a=DOWN, b=DOWN, c=UP)
        await theatre.pass_time(40)
        await theatre.configure("a", ip_address="b")
        assert theatre.status("a") is DOWN
        assert theatre.fleet.latest(HealthCheckId("a")) == ()
        await theatre.configure("a", ip_address="c")
        await theatre.pass_time(9.9)
        assert theatre.status("a") is DOWN
        await theatre.pass_time(12)
        assert theatre.status("a") is UP


async def test_a_change_that_does_not_touch_the_endpoint_keeps_the_verdicts() -> None:
    async with Theatre(check("a")) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(20.9)
        old = theatre.worlds.current.health_checks[HealthCheckId("a")]
        await theatre.put(replace(old, tags={"Name": "primary"}))
        await theatre.pass_time(1.2)
        assert theatre.status("a") is DOWN


async def test_recover_after_ends_when_its_time_has_come_and_not_with_a_probe() -> None:
    subject = check("a", tags={"stillup:recover-after": "100s", "stillup:rise": "1"})
    async with Theatre(subject, calculated("p", "a", threshold=1)) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(40)
        theatre.prober.endpoints["a"] = UP
        failed_at = max(report.checked_at for report in theatre.fleet.last_failures(subject.id))
        await theatre.pass_time(failed_at + 99.9 - theatre.clock.now())
        assert theatre.status("a") is DOWN
        await theatre.pass_time(0.1)
        assert theatre.heard == [("a", DOWN), ("p", DOWN), ("a", UP), ("p", UP)]


async def test_a_latch_holds_until_it_is_set_anew() -> None:
    async with Theatre(check("a", tags={"stillup:latch": "true"})) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(40)
        theatre.prober.endpoints["a"] = UP
        await theatre.pass_time(100)
        assert theatre.status("a") is DOWN
        old = theatre.worlds.current.health_checks[HealthCheckId("a")]
        await theatre.put(replace(old, latch_generation=old.latch_generation + 1))
        assert theatre.status("a") is UP


async def test_a_vantage_that_cannot_probe_is_not_counted(caplog: pytest.LogCaptureFixture) -> None:
    async with Theatre(check("a")) as theatre:
        await theatre.pass_time(60)
        theatre.prober.endpoints["a"] = None
        await theatre.pass_time(100)
        assert theatre.heard == []
        assert {report.text for report in theatre.fleet.latest(HealthCheckId("a"))} == {"saw None"}
    assert caplog.messages.count("a vantage cannot probe; it is not counted") == 3


async def test_a_probe_that_breaks_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async with Theatre(check("a"), vantages=["us-east-1"]) as theatre:
        theatre.prober.endpoints = None  # type: ignore[assignment]
        await theatre.pass_time(1)
        theatre.prober.endpoints = {"a": DOWN}
        await theatre.pass_time(40)
        assert theatre.status("a") is DOWN
    assert "a probe broke; nothing is known from it" in caplog.messages


async def test_no_more_probes_run_at_once_than_allowed_and_all_get_their_turn() -> None:
    checks = [check(str(number)) for number in range(10)]
    async with Theatre(*checks, probes_at_once=4) as theatre:
        theatre.prober.hold = asyncio.Event()
        theatre.clock.instant += 1
        theatre.fleet.run_due()
        await asyncio.sleep(0)
        assert len(theatre.prober.probes) == 4
        theatre.prober.hold.set()
        theatre.prober.hold = None
        await theatre.settle()
        assert len(theatre.prober.probes) == 30


async def test_probes_that_wait_take_the_place_of_those_of_a_deleted_check() -> None:
    async with Theatre(check("a"), vantages=["us-east-1"], probes_at_once=1) as theatre:
        theatre.prober.hold = asyncio.Event()
        await theatre.pass_time(2)
        await theatre.put(check("b"))
        await theatre.pass_time(2)
        await theatre.delete("a")
        await asyncio.sleep(0)
        assert [address for _, address in theatre.prober.probes] == ["a", "b"]


async def test_a_listener_that_fails_stops_neither_the_others_nor_the_probes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(batch: Sequence[StatusChange]) -> None:
        raise ValueError("a mistake")

    theatre = Theatre(check("a"), vantages=["us-east-1"])
    theatre.fleet.subscribe(fail)
    heard: list[StatusChange] = []
    theatre.fleet.subscribe(heard.extend)
    async with theatre:
        for seen in (DOWN, UP):
            theatre.prober.endpoints["a"] = seen
            await theatre.pass_time(40)
    assert [change.status for change in heard] == [DOWN, UP]
    assert all(record.exc_info for record in caplog.records if record.levelno >= logging.ERROR)


async def test_a_status_change_is_logged_with_who_saw_what(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with Theatre(check("a"), vantages=["us-east-1"]) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(40)
    record = next(each for each in caplog.records if each.message == "health status changed")
    fields = vars(record)
    assert (fields["check"], fields["was"], fields["is"]) == ("a", "healthy", "unhealthy")
    assert fields["saw"] == {"us-east-1": "saw unhealthy"}


async def test_a_status_survives_a_restart() -> None:
    archive = FakeArchive()
    subject = check("a"), calculated("p", "a", threshold=1)
    async with Theatre(*subject, archive=archive) as before:
        before.prober.endpoints["a"] = DOWN
        await before.pass_time(40)
        await asyncio.sleep(0)
        assert archive.kept[HealthCheckId("a")].status is DOWN
    async with Theatre(*subject, archive=archive) as after:
        assert after.heard == [("a", DOWN), ("p", DOWN)]
        await after.pass_time(19)
        assert after.status("a") is DOWN
        await after.pass_time(20)
        assert (after.status("a"), after.status("p")) == (UP, UP)


async def test_a_status_that_is_too_old_is_not_taken_up() -> None:
    archive = FakeArchive()
    theatre = Theatre(check("a"), archive=archive)
    a = HealthCheckId("a")
    archive.kept[a] = SavedStatus(a, DOWN, theatre.clock.now() - 3600)
    async with theatre:
        assert theatre.status("a") is UP


async def test_what_is_saved_says_when_it_was_last_confirmed() -> None:
    async with Theatre(check("a")) as theatre:
        await theatre.pass_time(200)
        await asyncio.sleep(0)
        kept = theatre.archive.kept[HealthCheckId("a")]
        assert kept.status is UP
        assert theatre.clock.now() - kept.at < 60 + 10


class FullDisk(FakeArchive):
    """Cannot save, until it can."""

    is_full = True

    async def save(self, statuses: Sequence[SavedStatus]) -> None:
        if self.is_full:
            raise JournalUnavailable("disk full")
        await super().save(statuses)


async def test_a_full_disk_does_not_stop_the_checks_and_is_written_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    archive = FullDisk()
    async with Theatre(check("a"), archive=archive) as theatre:
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(100)
        assert theatre.status("a") is DOWN
        archive.is_full = False
    assert archive.kept[HealthCheckId("a")].status is DOWN
    assert "health statuses are not saved: disk full" in caplog.messages


async def test_closing_ends_the_probes_under_way() -> None:
    theatre = Theatre(check("a"))
    async with theatre:
        theatre.prober.hold = asyncio.Event()
        theatre.clock.instant += 1
        theatre.fleet.run_due()
        await asyncio.sleep(0)
        await theatre.fleet.close()
        assert theatre.fleet.is_idle


async def test_reports_tell_the_latest_word_and_the_latest_failure_of_each_vantage() -> None:
    async with Theatre(check("127.0.0.1")) as theatre:
        check_id = HealthCheckId("127.0.0.1")
        theatre.prober.endpoints["127.0.0.1"] = DOWN
        await theatre.pass_time(5)
        theatre.prober.endpoints["127.0.0.1"] = UP
        await theatre.pass_time(10)
        latest, failures = (
            theatre.fleet.latest(check_id),
            theatre.fleet.last_failures(check_id),
        )
        assert [report.text for report in latest] == ["saw healthy"] * 3
        assert [report.text for report in failures] == ["saw unhealthy"] * 3
        assert {report.ip_address for report in latest} == {"127.0.0.1"}
        assert "127.0.0.1/32" in theatre.fleet.checker_ranges()


async def test_a_vantage_that_never_saw_a_failure_says_so() -> None:
    async with Theatre(check("a"), calculated("p", "a", threshold=1)) as theatre:
        await theatre.pass_time(5)
        failures = theatre.fleet.last_failures(HealthCheckId("a"))
        assert len(failures) == 3
        assert {report.text for report in failures} == {texts.never_failed(1_700_000_000.0)}
        assert theatre.fleet.last_failures(HealthCheckId("p")) == ()
        assert theatre.fleet.latest(HealthCheckId("p")) == ()


def test_the_word_that_there_was_no_failure_is_route_53s() -> None:
    assert texts.never_failed(1_414_119_312.106) == (
        "The health check endpoint has not failed since the Route 53 health checker for this endpoint"
        " restarted at 2014-10-24T02:55:12.106+00:00"
    )


@pytest.mark.slow
async def test_the_fleet_s_own_timer_drives_it_and_a_dying_server_is_noticed() -> None:
    clock = EngineClock(rate=10)
    heard: asyncio.Queue[StatusChange] = asyncio.Queue()
    async with peer(saying(OK)) as port:
        subject = check("127.0.0.1", port=port, tags={"stillup:interval": "1s"})
        fleet = Fleet(
            worlds=FakeWorlds(World(health_checks={subject.id: subject})),
            clock=clock,
            die=SystemDie(),
            prober=Prober(clock=clock, resolver=SystemResolver(), may_probe=lambda _: True),
            archive=FakeArchive(),
            recordings=FakeArchive(),
        )
        fleet.subscribe(lambda batch: deque(map(heard.put_nowait, batch)))
        fleet.start()
        async with asyncio.timeout(20):
            while len(fleet.latest(subject.id)) < 3:
                await asyncio.sleep(0.01)
    assert heard.empty()
    try:
        change = await asyncio.wait_for(heard.get(), 20)
        assert (change.check_id, change.status) == (subject.id, DOWN)
    finally:
        await fleet.close()

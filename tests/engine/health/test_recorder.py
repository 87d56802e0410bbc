"""What the vantages saw, on its way to the disk."""

from __future__ import annotations

from collections.abc import Sequence

from stillup.engine.health.recorder import Recorder
from stillup.engine.ports import JournalUnavailable
from stillup.rules.changes import HealthCheckDeleted
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId
from tests.engine.health.theatre import DOWN, UP, FakeArchive, Theatre, check


async def test_a_healthy_hour_is_one_run_of_each_vantage_after_its_first_probe() -> None:
    async with Theatre(check("a")) as theatre:
        await theatre.pass_time(3600)
    runs = theatre.archive.runs.values()
    assert {run.vantage for run in runs} == {"us-east-1", "us-west-2", "eu-west-1"}
    assert len(runs) <= 6
    assert sum(run.count for run in runs) == len(theatre.prober.probes)


async def test_an_outage_begins_other_runs_and_nothing_is_lost() -> None:
    async with Theatre(check("a")) as theatre:
        await theatre.pass_time(60)
        theatre.prober.endpoints["a"] = DOWN
        await theatre.pass_time(60)
        theatre.prober.endpoints["a"] = UP
        await theatre.pass_time(60)
    runs = sorted(theatre.archive.runs.values(), key=lambda run: run.first_at)
    assert {run.seen for run in runs} == {UP, DOWN}
    assert sum(run.count for run in runs) == len(theatre.prober.probes)


async def test_what_a_check_was_is_kept_from_its_making_to_its_end() -> None:
    async with Theatre(check("a")) as theatre:
        await theatre.pass_time(5)
        await theatre.configure("a", failure_threshold=1)
        await theatre.pass_time(5)
        await theatre.worlds.commit(lambda world: HealthCheckDeleted(HealthCheckId("a")))
    thresholds = [era.check and era.check.config.failure_threshold for era in theatre.archive.eras]
    assert thresholds == [3, 1, None]


class FullDisk(FakeArchive):
    """Takes nothing while it is full."""

    is_full = True

    async def record(self, runs: Sequence[Run], eras: Sequence[CheckEra]) -> None:
        if self.is_full:
            raise JournalUnavailable("no space left")
        await super().record(runs, eras)


async def test_what_a_full_disk_refuses_is_saved_when_there_is_room() -> None:
    disk = FullDisk()
    recorder = Recorder(disk)
    recorder.note_check(check("a"), 0.0)
    recorder.note_probe(HealthCheckId("a"), "v", UP, 1.0, interval=10.0)
    await recorder.flush()
    recorder.note_probe(HealthCheckId("a"), "v", UP, 11.0, interval=10.0)
    disk.is_full = False
    await recorder.flush()
    assert [run.count for run in disk.runs.values()] == [2]
    assert [era.check_id for era in disk.eras] == ["a"]

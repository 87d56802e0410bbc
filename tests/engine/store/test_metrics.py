"""Datapoints on disk: merged, rolled up, back after a restart, and never the reason for a stop (CW-11)."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from stillup.engine.ports import JournalUnavailable
from stillup.engine.store.metrics import SavedMetrics
from stillup.rules.metrics.metric import Metric, Sample, sample_of
from tests.engine.store.measurer import METRIC, MINUTE, REGION

HOUR, DAY = 3_600, 86_400
OTHER = Metric("shop", "orders", (("Site", "b"),))


@pytest.fixture
async def metrics(tmp_path: Path) -> AsyncIterator[SavedMetrics]:
    metrics = SavedMetrics(tmp_path / "metrics.db")
    yield metrics
    metrics.close()


async def everything(
    metrics: SavedMetrics, metric: Metric = METRIC, region: str = REGION
) -> Sequence[Sample]:
    return await metrics.read(region, metric, start=0, end=1e12)


async def test_samples_of_one_time_and_unit_become_one(metrics: SavedMetrics) -> None:
    at_once = [
        sample_of(METRIC, MINUTE, 3.0),
        sample_of(METRIC, MINUTE, 0.0),
        sample_of(METRIC, MINUTE, 9.0, unit="Count"),
    ]
    await metrics.put(REGION, at_once)
    await metrics.put(REGION, [sample_of(METRIC, MINUTE, 3.0)])
    assert await everything(metrics) == [
        sample_of(METRIC, MINUTE, 9.0, unit="Count"),
        sample_of(METRIC, MINUTE, 0.0, 3.0, 3.0),
    ]


async def test_metrics_and_regions_are_strangers_to_each_other(metrics: SavedMetrics) -> None:
    await metrics.put(REGION, [sample_of(METRIC, MINUTE, 1.0), sample_of(OTHER, MINUTE, 2.0)])
    await metrics.put("eu-west-1", [sample_of(METRIC, MINUTE, 3.0)])
    assert await everything(metrics) == [sample_of(METRIC, MINUTE, 1.0)]
    assert await everything(metrics, OTHER) == [sample_of(OTHER, MINUTE, 2.0)]
    assert await everything(metrics, region="eu-west-1") == [sample_of(METRIC, MINUTE, 3.0)]
    assert await everything(metrics, OTHER, "eu-west-1") == []


async def test_a_range_has_its_start_and_not_its_end(metrics: SavedMetrics) -> None:
    samples = [sample_of(METRIC, MINUTE + 60 * number, float(number)) for number in range(3)]
    await metrics.put(REGION, samples)
    assert await metrics.read(REGION, METRIC, start=MINUTE, end=MINUTE + 120) == samples[:2]


async def test_known_metrics_are_those_with_a_sample_since_then_in_order(metrics: SavedMetrics) -> None:
    await metrics.put(REGION, [sample_of(OTHER, MINUTE, 1.0), sample_of(METRIC, MINUTE - HOUR, 1.0)])
    assert await metrics.known(REGION, since=MINUTE - HOUR) == [METRIC, OTHER]
    assert await metrics.known(REGION, since=MINUTE) == [OTHER]
    assert await metrics.known("eu-west-1", since=0) == []


async def test_everything_is_back_after_a_restart(tmp_path: Path) -> None:
    metrics = SavedMetrics(tmp_path / "metrics.db")
    counted = Sample(METRIC, MINUTE, 10, 55, 1, 10, unit="Count")
    samples = [sample_of(METRIC, MINUTE, 1.0, 2.5), counted, sample_of(METRIC, MINUTE + 60, 0.0)]
    await metrics.put(REGION, samples)
    metrics.close()
    metrics = SavedMetrics(tmp_path / "metrics.db")
    assert sorted(await everything(metrics), key=repr) == sorted(samples, key=repr)
    metrics.close()


async def test_old_samples_are_rolled_up_a_little_with_each_put_and_go_in_the_end(
    metrics: SavedMetrics,
) -> None:
    async def pass_to(now: float) -> None:
        await metrics.put(REGION, [sample_of(OTHER, now + 2 * HOUR, 1.0)])

    seconds = [
        replace(sample_of(METRIC, MINUTE + second, float(second % 7)), resolution=1) for second in range(700)
    ]
    await metrics.put(REGION, seconds)
    await metrics.put("eu-west-1", seconds[:1])
    await pass_to(MINUTE + 4 * HOUR)
    assert {sample.resolution for sample in await everything(metrics)} == {1, 60}
    await pass_to(MINUTE + 4 * HOUR)
    minutes = await everything(metrics)
    assert [sample.sample_count for sample in minutes] == [60.0] * 11 + [40.0]
    assert {sample.resolution for sample in minutes} == {60}
    await pass_to(MINUTE + 16 * DAY)
    assert [sample.at % 300 for sample in await everything(metrics)] == [0.0, 0.0, 0.0]
    await pass_to(MINUTE + 64 * DAY)
    (hour,) = await everything(metrics)
    assert (hour.sample_count, hour.sum) == (700.0, sum(second % 7 for second in range(700)))
    assert sum(count for _, count in hour.distribution) == 700.0
    assert [sample.sample_count for sample in await everything(metrics, region="eu-west-1")] == [1.0]
    await pass_to(MINUTE + 456 * DAY)
    assert await everything(metrics) == []
    assert await metrics.known("eu-west-1", since=0) == []


def is_told(caplog: pytest.LogCaptureFixture) -> bool:
    return any(
        "datapoints cannot be used" in each.message and each.levelno >= logging.ERROR
        for each in caplog.records
    )


@pytest.mark.parametrize("contents", [b"no database" * 1_000, b"SQLite format 3\0" + b"\xff" * 9_000])
async def test_a_damaged_file_is_set_aside_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, contents: bytes
) -> None:
    path = tmp_path / "metrics.db"
    path.write_bytes(contents)
    metrics = SavedMetrics(path)
    await metrics.put(REGION, [sample_of(METRIC, MINUTE, 1.0)])
    assert await everything(metrics) == [sample_of(METRIC, MINUTE, 1.0)]
    metrics.close()
    assert (tmp_path / "metrics.db.damaged-1").read_bytes() == contents
    assert is_told(caplog)


async def test_a_file_that_turns_out_to_be_damaged_is_set_aside_under_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "metrics.db"
    metrics = SavedMetrics(path)
    samples = [sample_of(METRIC, MINUTE + 60 * minute, 1.0, unit="x" * 50) for minute in range(2_000)]
    await metrics.put(REGION, samples)
    metrics.close()
    (tmp_path / "metrics.db.damaged-1").write_bytes(b"an earlier one")
    with path.open("r+b") as file:
        file.seek(8_192)
        file.write(b"\xff" * (path.stat().st_size - 8_192))
    metrics = SavedMetrics(path)
    await metrics.put(REGION, samples[-1:])
    assert list(await everything(metrics)) == samples[-1:]
    metrics.close()
    assert (tmp_path / "metrics.db.damaged-1").read_bytes() == b"an earlier one"
    assert (tmp_path / "metrics.db.damaged-2").stat().st_size > 8_192
    assert is_told(caplog)


async def test_what_the_disk_refuses_is_not_kept_and_said(metrics: SavedMetrics) -> None:
    await metrics.put(REGION, [sample_of(METRIC, MINUTE, 1.0)])
    metrics._database._database.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalUnavailable, match="readonly"):
        await metrics.put(REGION, [sample_of(METRIC, MINUTE, 2.0)])
    metrics._database._database.connection.execute("PRAGMA query_only = OFF")
    assert await everything(metrics) == [sample_of(METRIC, MINUTE, 1.0)]


def run_and_kill(directory: Path, lines: int) -> int:
    """The number of the last put that was acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.engine.store.measurer", str(directory)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    ) as measurer:
        assert measurer.stdout is not None
        heard = [measurer.stdout.readline() for _ in range(lines)]
        measurer.send_signal(signal.SIGKILL)
        heard += [line for line in measurer.stdout if line.endswith("\n")]
    return int(heard[-1])


@pytest.mark.slow
async def test_no_kill_loses_an_acknowledged_datapoint(tmp_path: Path) -> None:
    for lines in (3, 40):
        acknowledged = run_and_kill(tmp_path, lines)
        metrics = SavedMetrics(tmp_path / "metrics.db")
        kept = [sample.sum for sample in await everything(metrics)]
        metrics.close()
        # Both samples of a put, or none; and perhaps a last put that nobody heard of.
        assert kept in ([2.0] * (acknowledged + 1), [2.0] * (acknowledged + 2))

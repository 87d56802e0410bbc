"""What datapoints are in SQL. Every function runs inside a transaction of its caller's.

A metric is one row, and its samples name it by number. A distribution is JSON, and left out where all values
are the same.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Connection
from typing import Any, Final

from stillup.rules.ids import Instant
from stillup.rules.metrics.merging import merge
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.metrics.retention import TIERS, roll_up

TABLES: Final = """
    CREATE TABLE IF NOT EXISTS metric (
        id INTEGER PRIMARY KEY,
        region TEXT NOT NULL,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        dimensions TEXT NOT NULL,
        newest REAL NOT NULL,
        UNIQUE (region, namespace, name, dimensions)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS metric_by_age ON metric (newest);
    CREATE TABLE IF NOT EXISTS sample (
        metric INTEGER NOT NULL,
        at REAL NOT NULL,
        unit TEXT NOT NULL,
        resolution INTEGER NOT NULL,
        sample_count REAL NOT NULL,
        sum REAL NOT NULL,
        minimum REAL NOT NULL,
        maximum REAL NOT NULL,
        distribution TEXT,
        PRIMARY KEY (metric, at, unit)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sample_by_age ON sample (resolution, at);
"""
_FIGURES: Final = "at, unit, resolution, sample_count, sum, minimum, maximum, distribution"


def newest(connection: Connection) -> Instant:
    """The time of the newest sample; 0 if there is none."""
    (at,) = connection.execute("SELECT coalesce(max(newest), 0) FROM metric").fetchone()
    return float(at)


def put(connection: Connection, region: str, samples: Sequence[Sample]) -> None:
    """Keep these, added to what is there of the same metric, time and unit."""
    ids = {}
    for sample in samples:
        if sample.metric not in ids:
            ids[sample.metric] = _metric_id(connection, region, sample.metric)
        _add(connection, ids[sample.metric], sample)
    connection.executemany(
        "UPDATE metric SET newest = max(newest, ?) WHERE id = ?",
        [(sample.at, ids[sample.metric]) for sample in samples],
    )


def read(
    connection: Connection, region: str, metric: Metric, *, start: Instant, end: Instant
) -> Sequence[Sample]:
    """Its samples with start <= at < end, oldest first."""
    found = connection.execute(
        f"SELECT {_FIGURES} FROM sample WHERE metric ="  # noqa: S608
        " (SELECT id FROM metric WHERE (region, namespace, name, dimensions) = (?, ?, ?, ?))"
        " AND at >= ? AND at < ? ORDER BY at, unit",
        (*_key(region, metric), start, end),
    )
    return [_sample(metric, row) for row in found]


def known(connection: Connection, region: str, *, since: Instant) -> Sequence[Metric]:
    """The metrics that have had a sample since then, in order."""
    found = connection.execute(
        "SELECT namespace, name, dimensions FROM metric WHERE region = ? AND newest >= ? ORDER BY 1, 2, 3",
        (region, since),
    )
    return [_metric(*row) for row in found]


def prune(connection: Connection, *, now: Instant, limit: int) -> None:
    """Roll up samples that are too old for their resolution, the oldest first, and forget the last of them."""
    for tier in TIERS:
        old = connection.execute(
            f"SELECT metric, {_FIGURES} FROM sample"  # noqa: S608
            " WHERE resolution = ? AND at < ? ORDER BY at LIMIT ?",
            (tier.resolution, now - tier.kept, limit),
        ).fetchall()
        connection.executemany(
            "DELETE FROM sample WHERE metric = ? AND at = ? AND unit = ?", [row[:3] for row in old]
        )
        if tier.then is not None:
            _roll_up(connection, old, tier.then)
    connection.execute(
        "DELETE FROM metric WHERE id IN (SELECT id FROM metric WHERE newest < ? AND NOT EXISTS"
        " (SELECT 1 FROM sample WHERE metric = metric.id) ORDER BY newest LIMIT ?)",
        (now - TIERS[-1].kept, limit),
    )


def _roll_up(connection: Connection, old: Sequence[tuple[Any, ...]], resolution: int) -> None:
    by_metric = defaultdict(list)
    for metric_id, *figures in old:
        by_metric[metric_id].append(_sample(_UNNAMED, figures))
    for metric_id, samples in by_metric.items():
        for sample in roll_up(samples, resolution):
            _add(connection, metric_id, sample)


_UNNAMED: Final = Metric("", "")
"""Whose samples they are, a row says by number."""


def _add(connection: Connection, metric_id: int, sample: Sample) -> None:
    row = connection.execute(
        f"SELECT {_FIGURES} FROM sample WHERE metric = ? AND at = ? AND unit = ?",  # noqa: S608
        (metric_id, sample.at, sample.unit),
    ).fetchone()
    whole = sample if row is None else merge([_sample(sample.metric, row), sample])
    is_uniform = whole.minimum == whole.maximum
    connection.execute(
        f"INSERT OR REPLACE INTO sample (metric, {_FIGURES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            metric_id,
            whole.at,
            whole.unit,
            whole.resolution,
            whole.sample_count,
            whole.sum,
            whole.minimum,
            whole.maximum,
            None if is_uniform or not whole.distribution else json.dumps(whole.distribution),
        ),
    )


def _metric_id(connection: Connection, region: str, metric: Metric) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO metric (region, namespace, name, dimensions, newest) VALUES (?, ?, ?, ?, 0)",
        _key(region, metric),
    )
    (metric_id,) = connection.execute(
        "SELECT id FROM metric WHERE (region, namespace, name, dimensions) = (?, ?, ?, ?)",
        _key(region, metric),
    ).fetchone()
    return int(metric_id)


def _key(region: str, metric: Metric) -> tuple[str, str, str, str]:
    return region, metric.namespace, metric.name, json.dumps(metric.dimensions, ensure_ascii=False)


def _metric(namespace: str, name: str, dimensions: str) -> Metric:
    return Metric(namespace, name, tuple((key, value) for key, value in json.loads(dimensions)))


def _sample(metric: Metric, row: Sequence[Any]) -> Sample:
    at, unit, resolution, sample_count, total, minimum, maximum, distribution = row
    sample = Sample(metric, at, sample_count, total, minimum, maximum, unit=unit, resolution=resolution)
    if distribution is not None:
        return replace(
            sample, distribution=tuple((value, count) for value, count in json.loads(distribution))
        )
    return replace(sample, distribution=((minimum, sample_count),)) if minimum == maximum else sample

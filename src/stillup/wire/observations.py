"""The file in which an engine keeps what its vantages saw: `observations.db`, SQLite, for `stillup replay`.

    run         one row for each `rules.health.recording.Run`; times are engine time, seconds since the epoch
    check_era   one row each time that a check was made, changed or deleted; `body` is the check as JSON

A reader opens it read-only, beside a running engine or from a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId

FILE_NAME: Final = "observations.db"

TABLES: Final = """
    CREATE TABLE IF NOT EXISTS run (
        check_id TEXT NOT NULL,
        vantage TEXT NOT NULL,
        first_at REAL NOT NULL,
        last_at REAL NOT NULL,
        probes INTEGER NOT NULL,
        is_healthy INTEGER NOT NULL,
        PRIMARY KEY (check_id, vantage, first_at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS run_by_age ON run (last_at);
    CREATE TABLE IF NOT EXISTS check_era (
        check_id TEXT NOT NULL,
        since REAL NOT NULL,
        body TEXT,
        PRIMARY KEY (check_id, since)
    ) STRICT, WITHOUT ROWID;
"""
PUT_RUN: Final = "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?, ?)"
RUNS: Final = (
    "SELECT * FROM run WHERE check_id = ? AND last_at >= ? AND first_at < ? ORDER BY first_at, vantage"
)
PUT_ERA: Final = (
    "INSERT OR REPLACE INTO check_era SELECT ?1, ?2, ?3 WHERE ?3 IS NOT"
    " (SELECT body FROM check_era WHERE check_id = ?1 ORDER BY since DESC LIMIT 1)"
)
"""Unless it says what is known: an engine that starts tells how its checks are."""
ERAS: Final = "SELECT * FROM check_era ORDER BY since, check_id"


def run_to_row(run: Run) -> tuple[str, str, float, float, int, bool]:
    """The columns of `run`, in order."""
    return run.check_id, run.vantage, run.first_at, run.last_at, run.count, run.seen is Status.HEALTHY


def run_from_row(row: Sequence[Any]) -> Run:
    """What `run_to_row` made."""
    check_id, vantage, first_at, last_at, count, is_healthy = row
    seen = Status.HEALTHY if is_healthy else Status.UNHEALTHY
    return Run(HealthCheckId(check_id), vantage, seen, first_at, last_at, count)


def era_to_row(era: CheckEra) -> tuple[str, float, str | None]:
    """The columns of `check_era`, in order."""
    body = None if era.check is None else msgspec.json.encode(era.check).decode()
    return era.check_id, era.since, body


def era_from_row(row: Sequence[Any]) -> CheckEra:
    """What `era_to_row` made. Raises msgspec.ValidationError for a body that is no check."""
    check_id, since, body = row
    check = None if body is None else msgspec.json.decode(body, type=HealthCheck)
    return CheckEra(HealthCheckId(check_id), since, check)

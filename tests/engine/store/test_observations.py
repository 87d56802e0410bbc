"""The file of what the vantages saw."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from stillup.engine.store.observations import KEPT, SavedObservations
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId
from stillup.wire.observations import ERAS, FILE_NAME, RUNS, era_from_row, run_from_row

CHECK = HealthCheck(
    HealthCheckId("a"), "ref", HealthCheckConfig(HealthCheckType.HTTP, port=80), tags={"Name": "é"}
)
RUN = Run(CHECK.id, "us-east-1", Status.UNHEALTHY, 100.0, 130.0, 4)


def read(path: Path) -> tuple[list[Run], list[CheckEra]]:
    """As another program reads it, beside the engine."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        runs = [run_from_row(row) for row in connection.execute(RUNS, (CHECK.id, 0.0, 1e12))]
        return runs, [era_from_row(row) for row in connection.execute(ERAS)]
    finally:
        connection.close()


async def test_what_is_recorded_is_read_beside_the_engine_and_after_it(tmp_path: Path) -> None:
    observations = SavedObservations(tmp_path / FILE_NAME)
    era = CheckEra(CHECK.id, 90.0, CHECK)
    await observations.record([RUN], [era])
    assert read(tmp_path / FILE_NAME) == ([RUN], [era])
    observations.close()
    assert read(tmp_path / FILE_NAME) == ([RUN], [era])


async def test_a_run_that_has_grown_takes_its_own_place(tmp_path: Path) -> None:
    observations = SavedObservations(tmp_path / FILE_NAME)
    longer = Run(CHECK.id, "us-east-1", Status.UNHEALTHY, 100.0, 140.0, 5)
    await observations.record([RUN], [])
    await observations.record([longer], [])
    observations.close()
    assert read(tmp_path / FILE_NAME) == ([longer], [])


async def test_a_check_that_is_told_again_as_it_was_takes_no_room(tmp_path: Path) -> None:
    observations = SavedObservations(tmp_path / FILE_NAME)
    for since in (1.0, 2.0):
        await observations.record([], [CheckEra(CHECK.id, since, CHECK)])
    await observations.record([], [CheckEra(CHECK.id, 3.0, None)])
    await observations.record([], [CheckEra(CHECK.id, 4.0, CHECK)])
    observations.close()
    assert [era.since for era in read(tmp_path / FILE_NAME)[1]] == [1.0, 3.0, 4.0]


async def test_what_is_older_than_two_months_goes_and_so_does_how_checks_were_then(tmp_path: Path) -> None:
    observations = SavedObservations(tmp_path / FILE_NAME)
    later = RUN.last_at + KEPT + 1
    await observations.record([RUN], [CheckEra(CHECK.id, 90.0, CHECK), CheckEra(CHECK.id, 95.0, None)])
    await observations.record([Run(CHECK.id, "v", Status.HEALTHY, later, later)], [])
    observations.close()
    runs, eras = read(tmp_path / FILE_NAME)
    assert [run.first_at for run in runs] == [later]
    assert [era.since for era in eras] == [95.0]

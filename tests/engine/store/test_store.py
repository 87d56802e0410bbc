"""The data directory as a whole: one engine at a time, and everything back after a restart."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.ports import SavedStatus
from stillup.engine.store import StoreUnusable, open_store
from stillup.rules.buckets.bucket import Bucket, StoredObject
from stillup.rules.changes import BucketCreated, HealthCheckDeleted, HealthCheckPut, ObjectPut
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType, Status

CHECKS = [HealthCheck(name, name, HealthCheckConfig(HealthCheckType.TCP)) for name in ("one", "two")]


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_everything_is_back_after_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data", SystemDie())
    blob = await store.blobs.write(stream(b"contents"))
    orphan = await store.blobs.write(stream(b"never put"))
    await store.worlds.commit(lambda world: BucketCreated(Bucket("b", "us-east-1", 0.0)))
    await store.worlds.commit(lambda world: ObjectPut("b", StoredObject("k", blob, 8, "e", 0.0)))
    before = store.worlds.current
    await store.close()

    store = open_store(tmp_path / "data", SystemDie())
    assert store.worlds.current == before
    assert [chunk async for chunk in store.blobs.read(blob, 0, 8)] == [b"contents"]
    with pytest.raises(FileNotFoundError):
        store.blobs.read(orphan, 0, 1)
    await store.close()


async def test_a_replaced_object_leaves_no_file(tmp_path: Path) -> None:
    store = open_store(tmp_path, SystemDie())
    await store.worlds.commit(lambda world: BucketCreated(Bucket("b", "us-east-1", 0.0)))
    for _ in range(3):
        blob = await store.blobs.write(stream(b"contents"))
        await store.worlds.commit(
            lambda world, blob=blob: ObjectPut("b", StoredObject("k", blob, 8, "e", 0.0))
        )
    await store.close()
    assert {path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()} == {blob}


async def test_statuses_of_known_checks_survive_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path, SystemDie())
    assert store.statuses.load() == ()
    for check in CHECKS:
        await store.worlds.commit(lambda world, check=check: HealthCheckPut(check))
    kept = [SavedStatus(check.id, Status.HEALTHY, 1.5) for check in CHECKS]
    await store.statuses.save(kept)
    newer = SavedStatus("one", Status.UNHEALTHY, 2.5)
    await store.statuses.save([newer])
    await store.worlds.commit(lambda world: HealthCheckDeleted("two"))
    await store.close()

    store = open_store(tmp_path, SystemDie())
    assert store.statuses.load() == (newer,)
    await store.close()


@pytest.mark.parametrize(
    "damage", ["status = 'maybe'", "status = CAST(x'ff' AS TEXT)", "check_id = CAST(x'ff' AS TEXT)"]
)
async def test_a_damaged_status_is_forgotten_and_keeps_nobody_from_starting(
    tmp_path: Path, damage: str
) -> None:
    store = open_store(tmp_path, SystemDie())
    for check in CHECKS:
        await store.worlds.commit(lambda world, check=check: HealthCheckPut(check))
    sound = SavedStatus("two", Status.UNHEALTHY, 1.5)
    await store.statuses.save([SavedStatus("one", Status.UNHEALTHY, 1.5), sound])
    await store.close()
    with closing(sqlite3.connect(tmp_path / "stillup.db", isolation_level=None)) as database:
        database.execute(f"UPDATE status SET {damage} WHERE check_id = 'one'")

    store = open_store(tmp_path, SystemDie())
    assert store.statuses.load() == (sound,)
    await store.close()


async def test_a_second_engine_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path, SystemDie())
    with pytest.raises(StoreUnusable, match=f"in use by another engine, process {os.getpid()}"):
        open_store(tmp_path, SystemDie())
    await store.close()
    await open_store(tmp_path, SystemDie()).close()


def test_a_directory_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnusable, match="a file is in its way"):
        open_store(tmp_path / "file" / "data", SystemDie())


def test_a_refused_start_lets_the_directory_go(tmp_path: Path) -> None:
    (tmp_path / "stillup.db").write_bytes(b"no database" * 1000)
    for _ in range(2):
        with pytest.raises(StoreUnusable, match="not a database"):
            open_store(tmp_path, SystemDie())


async def test_what_is_kept_is_ours_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data", SystemDie())
    try:
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").glob("stillup.db*")}
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        assert modes.keys() >= {"stillup.db", "stillup.db-wal"}
        assert set(modes.values()) == {0o600}
    finally:
        await store.close()

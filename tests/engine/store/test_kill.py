"""SIGKILL at any moment: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.store.blobs import FileBlobs
from stillup.engine.store.database import Database
from stillup.engine.store.garbage import referenced_blobs
from stillup.engine.store.journal import Journal
from stillup.engine.store.worlds import JournaledWorlds
from stillup.rules.buckets.bucket import Bucket, StoredObject
from stillup.rules.changes import BucketCreated, Node, ObjectPut, RecordsChanged, ZoneCreated
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from stillup.rules.world import World
from tests.histories import ZONE, submission, zone

KILLS = 40
CALLERS = 8
BUCKET = "bucket"
CONTENTS = b"whole" * 20_000


async def commit_until_killed(directory: Path, acknowledgements: int) -> None:
    """Eight callers change records, one puts objects; each number written is an acknowledged change."""
    worlds = JournaledWorlds(Database(directory / "stillup.db"), checkpoint_changes=25)
    blobs = FileBlobs(directory / "blobs", SystemDie())
    await worlds.commit(lambda world: ZoneCreated(zone(), submission(0)) if ZONE not in world.zones else None)
    await worlds.commit(
        lambda world: BucketCreated(Bucket(BUCKET, "r", 0.0)) if BUCKET not in world.buckets else None
    )
    numbers = itertools.count(worlds.current.sequence)

    async def change_records() -> None:
        for number in numbers:
            # Two nodes in one batch: both or none.
            names = [
                DomainName((f"{side}{number}".encode(), b"example", b"com")) for side in ("left", "right")
            ]
            nodes = tuple(Node(name, (RecordSet(name, RecordType.A, ttl=1),)) for name in names)
            await worlds.commit(lambda world, n=nodes, s=number: RecordsChanged(ZONE, n, submission(s)))
            os.write(acknowledgements, f"left{number}\n".encode())

    async def put_objects() -> None:
        async def chunks() -> AsyncIterator[bytes]:
            yield CONTENTS

        for number in numbers:
            stored = StoredObject(f"key{number}", await blobs.write(chunks()), len(CONTENTS), "", 0.0)
            await worlds.commit(lambda world, s=stored: ObjectPut(BUCKET, s))
            os.write(acknowledgements, f"key{number}\n".encode())

    await asyncio.gather(*(change_records() for _ in range(CALLERS)), put_objects())


def run_and_kill(directory: Path, dice: random.Random) -> set[str]:
    """What a child acknowledged before it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(commit_until_killed(directory, writer))
        finally:
            os._exit(1)
    os.close(writer)
    seen = b""
    wanted = dice.randrange(60)
    while seen.count(b"\n") < wanted and (octets := os.read(reader, 4096)):
        seen += octets
    time.sleep(dice.random() * 0.004)  # the moment of the kill is the input, not a wait
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    while octets := os.read(reader, 4096):
        seen += octets
    os.close(reader)
    return set(seen.decode().split())


def restarted(directory: Path) -> World:
    database = Database(directory / "stillup.db")
    try:
        return Journal(database).load()
    finally:
        database.close()


def there(world: World) -> tuple[set[str], set[str], set[str]]:
    """The left names, the right names and the keys of objects."""
    nodes = world.zones[ZONE].nodes if ZONE in world.zones else {}
    names = {name.labels[0].decode() for name in nodes}
    left = {name for name in names if name.startswith("left")}
    right = {f"left{name.removeprefix('right')}" for name in names - left}
    return left, right, set(world.buckets[BUCKET].objects) if BUCKET in world.buckets else set()


@pytest.mark.slow
def test_no_kill_loses_an_acknowledged_change_or_leaves_half_of_one(tmp_path: Path) -> None:
    dice = random.Random(2)
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        acknowledged |= run_and_kill(tmp_path, dice)
        world = restarted(tmp_path)
        left, right, keys = there(world)
        assert acknowledged <= left | keys
        assert left == right
        for blob in referenced_blobs(world):
            assert (tmp_path / "blobs" / blob).stat().st_size == len(CONTENTS)
    assert len(acknowledged) > KILLS

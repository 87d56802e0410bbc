"""Commits without end, to be killed: `python -m tests.engine.store.committer DIR`.

For each line of standard input a fresh process opens the store and commits; on standard output come its number,
a line for each change that was acknowledged, and `end` once it is gone.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from stillup.engine.clock import SystemDie
from stillup.engine.store.blobs import FileBlobs
from stillup.engine.store.database import Database
from stillup.engine.store.worlds import JournaledWorlds
from stillup.rules.buckets.bucket import Bucket, StoredObject
from stillup.rules.changes import BucketCreated, Node, ObjectPut, RecordsChanged, ZoneCreated
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordType
from tests.histories import ZONE, submission, zone

CALLERS = 8
BUCKET = "bucket"
CONTENTS = b"whole" * 20_000


async def commit_until_killed(directory: Path) -> None:
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
            os.write(1, f"left{number}\n".encode())

    async def put_objects() -> None:
        async def chunks() -> AsyncIterator[bytes]:
            yield CONTENTS

        for number in numbers:
            stored = StoredObject(f"key{number}", await blobs.write(chunks()), len(CONTENTS), "", 0.0)
            await worlds.commit(lambda world, s=stored: ObjectPut(BUCKET, s))
            os.write(1, f"key{number}\n".encode())

    await asyncio.gather(*(change_records() for _ in range(CALLERS)), put_objects())


def main() -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.write(1, f"{os.getpid()}\n".encode())
            try:
                asyncio.run(commit_until_killed(Path(sys.argv[1])))
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()

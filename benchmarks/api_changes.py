"""Changes per second, each on disk before it is answered: one caller at a time, and 32 at once.

`python -m benchmarks.api_changes`; a few seconds. A lone caller waits for one fsync per change; callers at once share
it. What the disk itself can do is printed beside it: writes of a page, each with its own fsync.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

import uvloop

from stillup.engine.clock import SystemDie
from stillup.engine.ports import Committed
from stillup.engine.store import Store, open_store
from stillup.rules.changes import Node, RecordsChanged, ZoneCreated
from stillup.rules.ids import ChangeId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.records import Rdata, RecordSet, RecordType
from stillup.rules.zones.zone import HostedZone, Submission

SECONDS = 3.0
CALLERS = (1, 32)
NAMES = 1000

ZONE = HostedZone(HostedZoneId("Z1"), DomainName.from_text("example.com"), "benchmark", "", (), {})


def change(number: int) -> RecordsChanged:
    """An UPSERT of one address."""
    name = DomainName.from_text(f"host{number % NAMES}.example.com")
    address = Rdata(f"203.0.113.{number % 256}", bytes((203, 0, 113, number % 256)))
    records = RecordSet(name, RecordType.A, ttl=60, records=(address,))
    return RecordsChanged(
        ZONE.id, (Node(name, (records,)),), Submission(ChangeId(f"C{number}"), float(number))
    )


async def changes_per_second(store: Store, callers: int) -> tuple[float, list[float]]:
    """How many, and how long each took in seconds."""
    took: list[float] = []
    began = time.perf_counter()
    until = began + SECONDS

    async def call() -> None:
        while (before := time.perf_counter()) < until:
            outcome = await store.worlds.commit(lambda _: change(len(took)))
            assert isinstance(outcome, Committed)
            took.append(time.perf_counter() - before)

    await asyncio.gather(*(call() for _ in range(callers)))
    return len(took) / (time.perf_counter() - began), sorted(took)


def fsyncs_per_second(directory: Path) -> float:
    """The disk's own pace."""
    descriptor = os.open(directory / "page", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        began = time.perf_counter()
        count = 0
        while time.perf_counter() < began + SECONDS / 3:
            os.pwrite(descriptor, bytes(4096), count * 4096)
            os.fsync(descriptor)
            count += 1
        return count / (time.perf_counter() - began)
    finally:
        os.close(descriptor)


async def main() -> None:
    """Print what this machine and its disk do."""
    # Beside the source and not in /tmp, which may be memory.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".benchmark-") as name:
        directory = Path(name)
        print(f"{'the disk alone':>16}  {fsyncs_per_second(directory):8,.0f} fsyncs/s")
        store = open_store(directory / "data", SystemDie())
        await store.worlds.commit(lambda world: ZoneCreated(ZONE, Submission(ChangeId("C"), 0.0)))
        for callers in CALLERS:
            pace, took = await changes_per_second(store, callers)
            middle, slow = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
            print(
                f"{callers:>9} caller{'s' if callers > 1 else ' '}"
                f"  {pace:8,.0f} changes/s  median {middle:.2f} ms, 99 % within {slow:.2f} ms"
            )
        await store.close()


if __name__ == "__main__":
    uvloop.run(main())

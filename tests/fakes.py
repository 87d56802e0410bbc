"""Stand-ins for the engine's ports, in memory: a real fold, no journal, no disk, no wall clock."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from stillup.engine.api.call import ApiPorts, ApiSettings
from stillup.engine.api.sqs.memory import QueueMemory
from stillup.engine.ports import Committed
from stillup.rules.changes import Change
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.ids import BlobId, Instant
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold


class FakeWorlds:
    """Commits at once. What was committed is in `changes`."""

    def __init__(self, world: World | None = None) -> None:
        self.current = world or World()
        self.changes: list[Change] = []
        self._listeners: list[Callable[[World, Sequence[Change]], None]] = []

    async def commit(self, decide: Callable[[World], Change | Refusal | None]) -> Committed | Refusal:
        await asyncio.sleep(0)
        decided = decide(self.current)
        if isinstance(decided, Refusal):
            return decided
        if decided is not None:
            self.current = fold(self.current, decided)
            self.changes.append(decided)
            for listener in self._listeners:
                listener(self.current, [decided])
        return Committed(self.current, decided)

    def subscribe(self, listener: Callable[[World, Sequence[Change]], None]) -> None:
        self._listeners.append(listener)


class FakeBlobs:
    """Blobs in a dict. `open_reads` counts the reads that nobody has finished or closed."""

    def __init__(self, *, chunk: int = 1 << 20) -> None:
        self.contents: dict[BlobId, bytes] = {}
        self.open_reads = 0
        self._chunk = chunk
        self._count = 0

    async def write(self, chunks: AsyncIterator[bytes]) -> BlobId:
        return self._keep(b"".join([chunk async for chunk in chunks]))

    async def join(self, blobs: Sequence[BlobId]) -> BlobId:
        if not self.contents.keys() >= set(blobs):
            raise FileNotFoundError(blobs)
        return self._keep(b"".join(self.contents[blob] for blob in blobs))

    def read(self, blob: BlobId, start: int, length: int) -> AsyncIterator[bytes]:
        if blob not in self.contents:
            raise FileNotFoundError(blob)
        return self._read(self.contents[blob][start : start + length])

    async def _read(self, octets: bytes) -> AsyncIterator[bytes]:
        self.open_reads += 1
        try:
            for at in range(0, len(octets), self._chunk):
                yield octets[at : at + self._chunk]
        finally:
            self.open_reads -= 1

    async def discard(self, blobs: Sequence[BlobId]) -> None:
        for blob in blobs:
            self.contents.pop(blob, None)

    def _keep(self, octets: bytes) -> BlobId:
        self._count += 1
        blob = BlobId(f"blob-{self._count}")
        self.contents[blob] = octets
        return blob


class FakeClock:
    """Time stands still until a test moves it; sleeping moves it."""

    def __init__(self, now: Instant = 1_700_000_000.0) -> None:
        self.instant = now

    def now(self) -> Instant:
        return self.instant

    async def sleep(self, seconds: float) -> None:
        self.instant += seconds
        await asyncio.sleep(0)

    def real(self, seconds: float) -> float:
        return seconds

    def wall(self) -> Instant:
        return self.instant


class FakeDie:
    """The same throws in every run, no two alike."""

    def __init__(self) -> None:
        self._throws = 0

    def fraction(self) -> float:
        return int.from_bytes(self.octets(4)) / (1 << 32)

    def octets(self, count: int) -> bytes:
        self._throws += 1
        return hashlib.shake_256(str(self._throws).encode()).digest(count)


ROOT = Principal(PrincipalKind.ROOT, "123456789012")


def api_ports(**given: Any) -> ApiPorts:
    """What operations may touch: these ports, a clock, a die, an empty world, and nothing else."""
    unused = dict.fromkeys(ApiPorts.__dataclass_fields__)
    usual = {
        "worlds": FakeWorlds(),
        "clock": FakeClock(),
        "die": FakeDie(),
        "settings": ApiSettings(),
        "queues": QueueMemory(),
    }
    return ApiPorts(**{**unused, **usual, **given})

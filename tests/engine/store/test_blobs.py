"""A blob is there whole, or not at all."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.store.blobs import CHUNK, FileBlobs


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "blobs", SystemDie())


def files(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()}


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def contents(blobs: FileBlobs, blob: str, start: int = 0, length: int = 2**40) -> bytes:
    return b"".join([chunk async for chunk in blobs.read(blob, start, length)])


@pytest.mark.parametrize(
    "chunks",
    [[], [b""], [b"one"], [b"one", b"", b"two"], [b"x" * (CHUNK - 1), b"yz"], [b"x" * CHUNK] * 3 + [b"end"]],
    ids=["nothing", "empty", "one", "two", "across", "large"],
)
async def test_what_was_written_is_read(blobs: FileBlobs, chunks: list[bytes]) -> None:
    assert await contents(blobs, await blobs.write(stream(*chunks))) == b"".join(chunks)


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 4, b"0123"), (3, 4, b"3456"), (8, 9, b"89"), (10, 5, b""), (0, 0, b"")],
)
async def test_a_range_is_read(blobs: FileBlobs, start: int, length: int, expected: bytes) -> None:
    blob = await blobs.write(stream(b"0123456789"))
    assert await contents(blobs, blob, start, length) == expected


async def test_chunks_are_at_most_a_mebibyte(blobs: FileBlobs) -> None:
    blob = await blobs.write(stream(b"x" * (2 * CHUNK + 1)))
    assert [len(chunk) async for chunk in blobs.read(blob, 0, 2**40)] == [CHUNK, CHUNK, 1]


async def test_an_unknown_blob_cannot_be_read(blobs: FileBlobs) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.read("00" * 16, 0, 1)


async def test_contents_leave_room_on_the_disk_for_the_journal(tmp_path: Path) -> None:
    part = await FileBlobs(tmp_path / "blobs", SystemDie()).write(stream(b"x"))
    filling = FileBlobs(tmp_path / "blobs", SystemDie(), keep_free=2**60)
    with pytest.raises(OSError, match="No space left"):
        await filling.write(stream(b"x"))
    with pytest.raises(OSError, match="No space left"):
        await filling.join([part])
    assert files(tmp_path) == {part}


async def test_a_broken_stream_leaves_nothing_behind(blobs: FileBlobs, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * (CHUNK + 1)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await blobs.write(broken())
    assert files(tmp_path) == set()


async def test_a_cancelled_writer_leaves_nothing_behind(blobs: FileBlobs, tmp_path: Path) -> None:
    began = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * CHUNK
            began.set()

    writing = asyncio.create_task(blobs.write(endless()))
    await began.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert files(tmp_path) == set()


async def test_a_full_disk_leaves_nothing_behind(blobs: FileBlobs, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            await blobs.write(stream(b"x" * 2048))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(tmp_path) == set()


async def test_blobs_are_joined_in_order(blobs: FileBlobs) -> None:
    parts = [await blobs.write(stream(text)) for text in (b"a" * CHUNK, b"", b"b", b"c" * 10)]
    assert await contents(blobs, await blobs.join(parts)) == b"a" * CHUNK + b"b" + b"c" * 10


async def test_blobs_are_joined_where_the_kernel_cannot_copy(
    blobs: FileBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> int:
        raise OSError(errno.EXDEV, "not on this file system")

    monkeypatch.setattr(os, "copy_file_range", cannot)
    parts = [await blobs.write(stream(text)) for text in (b"a" * CHUNK, b"b")]
    assert await contents(blobs, await blobs.join(parts)) == b"a" * CHUNK + b"b"


async def test_to_join_an_unknown_blob_leaves_nothing_behind(blobs: FileBlobs, tmp_path: Path) -> None:
    known = await blobs.write(stream(b"a"))
    with pytest.raises(FileNotFoundError):
        await blobs.join([known, "00" * 16])
    assert files(tmp_path) == {known}


async def test_a_discarded_blob_is_still_read_by_who_had_it_open(blobs: FileBlobs) -> None:
    blob = await blobs.write(stream(b"still there"))
    reading = blobs.read(blob, 0, 2**40)
    await blobs.discard([blob, "unknown"])
    assert [chunk async for chunk in reading] == [b"still there"]
    with pytest.raises(FileNotFoundError):
        blobs.read(blob, 0, 1)


async def test_a_reading_that_is_never_begun_closes_its_file(blobs: FileBlobs) -> None:
    blob = await blobs.write(stream(b"x"))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        blobs.read(blob, 0, 1)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


async def test_a_closed_reading_is_over(blobs: FileBlobs) -> None:
    reading = blobs.read(await blobs.write(stream(b"x" * (CHUNK + 1))), 0, 2**40)
    assert len(await anext(reading)) == CHUNK
    await reading.aclose()  # type: ignore[attr-defined]
    assert [chunk async for chunk in reading] == []


async def test_a_sweep_keeps_what_is_referred_to(blobs: FileBlobs, tmp_path: Path) -> None:
    kept = await blobs.write(stream(b"kept"))
    await blobs.write(stream(b"orphan"))
    (tmp_path / "blobs" / "incoming" / "half").write_bytes(b"written")
    assert blobs.sweep({kept}) == 2
    assert files(tmp_path) == {kept}

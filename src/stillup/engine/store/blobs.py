"""Object contents as files: `blobs/ID`, each written under `blobs/incoming/` and renamed once it is on disk.

A blob never changes. A file that is open can still be read after its blob was discarded.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec

from stillup.engine.files import sync_directory
from stillup.engine.ports import Die, Figure
from stillup.engine.store.counters import BlobCounters
from stillup.rules.ids import BlobId

CHUNK: Final = 2**20
"""What is read or written at once, and so what one transfer holds in memory."""
KEEP_FREE: Final = 64 * 2**20
"""Octets of the disk that contents leave to the journal and its checkpoints: whoever has filled the disk with objects
must be able to delete some."""
_NOT_HERE: Final = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}
"""copy_file_range(2) does not serve this kernel or these file systems."""


_P = ParamSpec("_P")


class FileBlobs:
    """The `Blobs` in a directory. Whatever waits for the disk is done in worker threads."""

    def __init__(self, directory: Path, die: Die, *, keep_free: int = KEEP_FREE) -> None:
        """Blocks. Raises OSError."""
        self._keep_free = keep_free
        self._directory = directory
        self._incoming = directory / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._die = die
        self._counters = BlobCounters()

    async def write(self, chunks: AsyncIterator[bytes]) -> BlobId:
        """Store the chunks, durably. Raises what `chunks` raises, or OSError, leaving nothing behind."""
        incoming = _Incoming(self._incoming / self._new_id(), self._keep_free)
        try:
            batch: list[bytes] = []
            size = total = 0
            async for chunk in chunks:
                batch.append(chunk)
                size += len(chunk)
                total += len(chunk)
                if size >= CHUNK:
                    await _in_thread(incoming.write, batch)
                    batch, size = [], 0
            await _in_thread(incoming.finish, batch, self._directory)
        except BaseException:
            incoming.abandon()
            raise
        self._counters.written += 1
        self._counters.written_bytes += total
        return BlobId(incoming.path.name)

    async def join(self, blobs: Sequence[BlobId]) -> BlobId:
        """Store the concatenation of these blobs, durably. Raises FileNotFoundError or OSError."""
        incoming = _Incoming(self._incoming / self._new_id(), self._keep_free)
        try:
            for blob in blobs:
                await _in_thread(incoming.copy, self._directory / blob)
            await _in_thread(incoming.finish, [], self._directory)
        except BaseException:
            incoming.abandon()
            raise
        return BlobId(incoming.path.name)

    def read(self, blob: BlobId, start: int, length: int) -> AsyncIterator[bytes]:
        """The octets of this range in chunks of at most 1 MiB. Raises FileNotFoundError.

        The file is opened here and now: to discard the blob does not disturb whoever reads it.
        """
        return _Reading(self._directory / blob, start, length)

    async def discard(self, blobs: Sequence[BlobId]) -> None:
        """Forget these blobs; unknown ones are ignored."""
        await asyncio.to_thread(self._unlink, [self._directory / blob for blob in blobs])

    def figures(self) -> Sequence[Figure]:
        """What was written since the directory was opened."""
        return self._counters.figures()

    def sweep(self, referenced: Collection[BlobId]) -> int:
        """Remove what a killed engine left: half-written files and blobs that nothing refers to.

        For the start, before anybody writes. Blocks. Returns how many files went.
        """
        orphans = [
            *self._incoming.iterdir(),
            *(path for path in self._directory.iterdir() if path.name not in referenced and path.is_file()),
        ]
        self._unlink(orphans)
        return len(orphans)

    def _new_id(self) -> str:
        return self._die.octets(16).hex()

    @staticmethod
    def _unlink(paths: Sequence[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)


async def _in_thread(function: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
    """As asyncio.to_thread, but a cancelled caller waits for the thread: nobody closes a file under it."""
    running = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise


class _Incoming:
    """A file that is being written, by one thread at a time."""

    def __init__(self, path: Path, keep_free: int) -> None:
        self.path = path
        self._keep_free = keep_free
        self._file = path.open("xb", buffering=CHUNK)

    def write(self, chunks: Sequence[bytes]) -> None:
        self._raise_if_no_room(sum(map(len, chunks)))
        self._file.writelines(chunks)

    def copy(self, source: Path) -> None:
        self._file.flush()
        with source.open("rb") as opened:
            self._raise_if_no_room(os.fstat(opened.fileno()).st_size)
            _copy(opened, self._file)

    def finish(self, chunks: Sequence[bytes], directory: Path) -> None:
        """The rest, then fsync, rename and fsync of the directory: it is there, and stays."""
        self.write(chunks)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self.path = self.path.rename(directory / self.path.name)
        sync_directory(directory)

    def _raise_if_no_room(self, size: int) -> None:
        disk = os.fstatvfs(self._file.fileno())
        if disk.f_bavail * disk.f_frsize < size + self._keep_free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def abandon(self) -> None:
        """Leave nothing behind."""
        self.path.unlink(missing_ok=True)
        with suppress(OSError):  # the disk may be full, which is why we are here
            self._file.close()


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    """In the kernel where it can, which shares the octets on file systems that know how."""
    try:
        while os.copy_file_range(source.fileno(), target.fileno(), 64 * CHUNK):
            pass
    except OSError as wrong:
        if wrong.errno not in _NOT_HERE:
            raise
        shutil.copyfileobj(source, target, CHUNK)


class _Reading:
    """An open blob, from one position to another. Closes itself when it is forgotten, read or not."""

    def __init__(self, path: Path, start: int, length: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._position = start
        self._end = start + length

    def __aiter__(self) -> _Reading:
        return self

    async def __anext__(self) -> bytes:
        count = min(CHUNK, self._end - self._position)
        chunk = await asyncio.to_thread(self._read, count) if count > 0 else b""
        if not chunk:
            raise StopAsyncIteration
        self._position += len(chunk)
        return chunk

    def _read(self, count: int) -> bytes:
        return os.pread(self._file.fileno(), count, self._position)

    async def aclose(self) -> None:
        """Read no further."""
        self._end = self._position
        self._file.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()

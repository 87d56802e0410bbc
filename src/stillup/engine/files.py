"""Files of the data folder that must be there whole, stay there, and be nobody else's to read."""

from __future__ import annotations

import os
from pathlib import Path


def keep_private(path: Path, octets: bytes) -> None:
    """Write the file, mode 0600, in place of one that is there. It survives a power cut whole, or is not there.

    Blocks. Raises OSError.
    """
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Have the directory's entries on disk. Blocks. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

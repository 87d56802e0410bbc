"""What can be wrong with the data directory.

StoreUnusable      the operator's: locked, damaged, or written by a later version; start-up ends
SequenceConflict   somebody else appended first; catch up and decide again
JournalUnavailable (engine/ports) the world's: disk full, I/O error; tell the caller, go on reading
"""

from __future__ import annotations


class StoreUnusable(Exception):
    """The engine cannot start on this data directory; the text says why and names the file or row."""


class SequenceConflict(Exception):
    """The journal does not end where the caller believed."""

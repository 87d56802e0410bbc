"""What is put on disk with a change, in its transaction: messages for the outbox, history of alarms.

So no state of an alarm is ever acknowledged whose message could be lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

import msgspec

from stillup.rules.changes import Change, history_of, messages_of

_ENCODER: Final = msgspec.json.Encoder()


def insert_riders(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Put what these changes carry into the tables `message` and `alarm_history`, inside the transaction."""
    for change in changes:
        connection.executemany(
            "INSERT INTO message (id, at, body) VALUES (?, ?, ?)",
            [(message.id, message.at, _ENCODER.encode(message).decode()) for message in messages_of(change)],
        )
        connection.executemany(
            "INSERT INTO alarm_history (region, at, body) VALUES (?, ?, ?)",
            [(item.region, item.at, _ENCODER.encode(item).decode()) for item in history_of(change)],
        )

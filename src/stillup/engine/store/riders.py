"""What is put on disk with a change, in its transaction: messages for the outbox, history of alarms.

So no state of an alarm is ever acknowledged whose message could be lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

import msgspec

from stillup.rules.alarms.alarm import HISTORY_KEPT
from stillup.rules.changes import Change, history_of, messages_of

_ENCODER: Final = msgspec.json.Encoder()


def insert_riders(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Put what these changes carry into the tables `message` and `alarm_history`, inside the transaction."""
    for change in changes:
        connection.executemany(
            "INSERT INTO message (id, at, body) VALUES (?, ?, ?)",
            [(message.id, message.at, _ENCODER.encode(message).decode()) for message in messages_of(change)],
        )
        history = history_of(change)
        connection.executemany(
            "INSERT INTO alarm_history (region, at, body) VALUES (?, ?, ?)",
            [(item.region, item.at, _ENCODER.encode(item).decode()) for item in history],
        )
        # Two go for each that comes, so that there are never many too old ones, and never much to do at once.
        connection.executemany(
            "DELETE FROM alarm_history WHERE id IN"
            " (SELECT id FROM alarm_history WHERE region = ? AND at < ? LIMIT 2)",
            [(item.region, item.at - HISTORY_KEPT) for item in history],
        )

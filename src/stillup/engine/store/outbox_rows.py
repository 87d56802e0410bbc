"""The outbox's rows: every statement on `message`, `delivery`, `dead_letter` and `delivery_report`.

Each function works inside the transaction that it is given, and blocks.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from sqlite3 import Connection
from typing import Final, TypeAlias

import msgspec

from stillup.engine.ports import Among, Attempted, DeadLetter, Delivery, DeliveryReport, DeliveryResult
from stillup.rules.ids import Arn, Instant, MessageId
from stillup.rules.topics.message import Message
from stillup.rules.topics.topic import DeliveryProtocol

MOST_ROWS: Final = 1_000
"""Touched in one transaction: some ten milliseconds for which the journal waits at worst."""

NewDelivery: TypeAlias = tuple[str, MessageId, Arn, str, Instant]
"""Id, message, subscription, lane, due."""

_DECODER: Final = msgspec.json.Decoder(Message)
_DAMAGED: Final = 2
"""The `is_addressed` of a message that cannot be read: kept for whoever looks, in nobody's way."""
_log: Final = logging.getLogger(__name__)


def unaddressed(connection: Connection, limit: int) -> Sequence[Message]:
    """Messages whose deliveries are not all there yet, oldest first."""
    rows = connection.execute(
        "SELECT id, body FROM message WHERE is_addressed = 0 ORDER BY rowid LIMIT ?", (limit,)
    ).fetchall()
    return list(_decoded(connection, rows).values())


def insert_deliveries(connection: Connection, rows: Iterable[NewDelivery]) -> Counter[Arn]:
    """How many each subscription has got that were not there before."""
    inserted: Counter[Arn] = Counter()
    statement = "INSERT OR IGNORE INTO delivery (id, message, subscription, lane, due) VALUES (?, ?, ?, ?, ?)"
    for row in rows:
        inserted[row[2]] += connection.execute(statement, row).rowcount
    return inserted


def mark_addressed(connection: Connection, message: MessageId) -> None:
    """Its deliveries may begin; if there are none, it goes."""
    connection.execute("UPDATE message SET is_addressed = 1 WHERE id = ?", (message,))
    _forget_done(connection, {message})


def due(connection: Connection, now: Instant, limit: int, among: Among) -> Sequence[Delivery]:
    """Deliveries that are due, longest first."""
    rows = connection.execute(
        f"SELECT delivery.id, message, subscription, lane, attempts, due{_from(among)}"
        " AND due <= :now ORDER BY due LIMIT :limit",
        {**_chosen_among(among), "now": now, "limit": limit},
    ).fetchall()
    wanted = {row[1] for row in rows}
    messages = _messages(connection, wanted)
    if len(messages) < len(wanted):  # some cannot be read and are in nobody's way from now on
        return due(connection, now, limit, among)
    return [
        Delivery(id_, messages[message], Arn(arn), lane, attempts, due_at)
        for id_, message, arn, lane, attempts, due_at in rows
    ]


def next_due(connection: Connection, among: Among) -> Instant | None:
    """When the first is due."""
    statement = f"SELECT due{_from(among)} ORDER BY due LIMIT 1"
    row = connection.execute(statement, _chosen_among(among)).fetchone()
    return None if row is None else float(row[0])


def record(
    connection: Connection, results: Sequence[DeliveryResult], reports: Mapping[Arn, DeliveryReport]
) -> None:
    """Keep what became of these deliveries, and the reports as they are from now on."""
    over = [each.delivery for each in results if each.outcome is not Attempted.FAILED]
    connection.executemany(
        "UPDATE delivery SET attempts = ?, due = ? WHERE id = ?",
        [
            (each.delivery.attempts + 1, each.due, each.delivery.id)
            for each in results
            if each.outcome is Attempted.FAILED
        ],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO dead_letter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_dead_row(each) for each in results if each.outcome is Attempted.GIVEN_UP],
    )
    connection.executemany("DELETE FROM delivery WHERE id = ?", [(each.id,) for each in over])
    connection.executemany(
        "INSERT OR REPLACE INTO delivery_report VALUES (?, ?, ?, ?, ?, ?)",
        [_report_row(arn, report) for arn, report in reports.items()],
    )
    _forget_done(connection, {each.message.id for each in over})


def dead_letters(connection: Connection, *, limit: int, after: str) -> Sequence[DeadLetter]:
    """In the order of their ids."""
    rows = connection.execute(
        "SELECT id, message, subscription, protocol, endpoint, attempts, died_at, reason FROM dead_letter"
        " WHERE id > ? ORDER BY id LIMIT ?",
        (after, limit),
    ).fetchall()
    messages = _messages(connection, {row[1] for row in rows})
    return [
        DeadLetter(id_, messages[message], Arn(arn), DeliveryProtocol(protocol), *rest)
        for id_, message, arn, protocol, *rest in rows
        if message in messages
    ]


def redrive(connection: Connection, ids: Sequence[str] | None) -> Counter[Arn]:
    """Make deliveries of these dead letters again, or of the next MOST_ROWS; how many each subscription has got."""
    chosen = _chosen(connection, ids)
    keys = [(id_,) for id_, _, _ in chosen]
    connection.executemany(
        "INSERT OR IGNORE INTO delivery (id, message, subscription, lane, due)"
        " SELECT id, message, subscription, lane, died_at FROM dead_letter WHERE id = ?",
        keys,
    )
    connection.executemany("DELETE FROM dead_letter WHERE id = ?", keys)
    return Counter(arn for _, _, arn in chosen)


def discard(connection: Connection, ids: Sequence[str]) -> Counter[Arn]:
    """Forget these dead letters; how many of each subscription are gone."""
    chosen = _chosen(connection, ids)
    connection.executemany("DELETE FROM dead_letter WHERE id = ?", [(id_,) for id_, _, _ in chosen])
    _forget_done(connection, {message for _, message, _ in chosen})
    return Counter(arn for _, _, arn in chosen)


def reports(connection: Connection, subscriptions: Collection[Arn]) -> dict[Arn, DeliveryReport]:
    """Those of these subscriptions; others are forgotten."""
    connection.execute(
        "DELETE FROM delivery_report WHERE subscription NOT IN (SELECT value FROM json_each(?))",
        (json.dumps([*subscriptions]),),
    )
    rows = connection.execute(
        "SELECT subscription, delivered, failed_attempts, last_delivered_at, last_failure_at, last_failure"
        " FROM delivery_report"
    )
    return {
        Arn(arn): DeliveryReport(
            delivered=delivered,
            failed_attempts=failed,
            last_delivered_at=delivered_at,
            last_failure_at=failed_at,
            last_failure=reason,
        )
        for arn, delivered, failed, delivered_at, failed_at, reason in rows
    }


def numbers(connection: Connection, table: str) -> Counter[Arn]:
    """How many rows of `delivery` or `dead_letter` each subscription has."""
    rows = connection.execute(f"SELECT subscription, count(*) FROM {table} GROUP BY subscription")  # noqa: S608
    return Counter({Arn(arn): number for arn, number in rows})


def _from(among: Among) -> str:
    """Only the conditions that there are, so that each question finds the index that answers it."""
    conditions = [
        *(["due > :after"] if among.after is not None else []),
        *(["lane = :lane"] if among.only_lane is not None else []),
        *(["lane NOT IN (SELECT value FROM json_each(:lanes))"] if among.without_lanes else []),
        "delivery.id NOT IN (SELECT value FROM json_each(:ids))",
    ]
    tables = " FROM delivery CROSS JOIN message ON message.id = message AND is_addressed = 1"
    return f"{tables} WHERE {' AND '.join(conditions)}"


def _chosen_among(among: Among) -> dict[str, str | float | None]:
    return {
        "after": among.after,
        "ids": json.dumps([*among.without]),
        "lanes": json.dumps([*among.without_lanes]),
        "lane": among.only_lane,
    }


def _chosen(connection: Connection, ids: Sequence[str] | None) -> list[tuple[str, MessageId, Arn]]:
    if ids is None:
        return connection.execute(
            "SELECT id, message, subscription FROM dead_letter LIMIT ?", (MOST_ROWS,)
        ).fetchall()
    return connection.execute(
        "SELECT id, message, subscription FROM dead_letter WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([*ids]),),
    ).fetchall()


def _messages(connection: Connection, ids: Collection[str]) -> dict[str, Message]:
    rows = connection.execute(
        "SELECT id, body FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*ids]),)
    ).fetchall()
    return _decoded(connection, rows)


def _decoded(connection: Connection, rows: Sequence[tuple[str, str]]) -> dict[str, Message]:
    """Without those that cannot be read, which are put aside."""
    messages = {}
    for id_, body in rows:
        try:
            messages[id_] = _DECODER.decode(body)
        except ValueError as wrong:
            _log.error("message %s cannot be read, nobody gets it: %s", id_, wrong)
            connection.execute("UPDATE message SET is_addressed = ? WHERE id = ?", (_DAMAGED, id_))
    return messages


def _forget_done(connection: Connection, messages: Collection[str]) -> None:
    connection.executemany(
        "DELETE FROM message WHERE id = ? AND is_addressed = 1"
        " AND NOT EXISTS (SELECT 1 FROM delivery WHERE message = message.id)"
        " AND NOT EXISTS (SELECT 1 FROM dead_letter WHERE message = message.id)",
        [(message,) for message in messages],
    )


def _dead_row(result: DeliveryResult) -> tuple[str | int | float, ...]:
    delivery = result.delivery
    return (
        delivery.id,
        delivery.message.id,
        delivery.subscription,
        delivery.lane,
        result.protocol.value,
        result.endpoint,
        delivery.attempts + 1,
        result.at,
        result.reason,
    )


def _report_row(arn: Arn, report: DeliveryReport) -> tuple[str | int | float | None, ...]:
    return (
        arn,
        report.delivered,
        report.failed_attempts,
        report.last_delivered_at,
        report.last_failure_at,
        report.last_failure,
    )

"""The outbox: messages, their deliveries, the dead letters and a report of each subscription.

```text
message ──┬── delivery ──▶ gone, when it is delivered or nobody wants it
          └── dead letter ◀── given up;  redrive ──▶ delivery
```

A message goes when nothing points to it any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from sqlite3 import Connection
from typing import Concatenate, Final, ParamSpec, TypeVar
from uuid import NAMESPACE_URL, uuid5

from stillup.engine.ports import (
    Among,
    Attempted,
    DeadLetter,
    Delivery,
    DeliveryReport,
    DeliveryResult,
    OutboxCounts,
)
from stillup.engine.store import outbox_rows as rows
from stillup.engine.store.database import Database
from stillup.rules.ids import Arn, Instant, MessageId
from stillup.rules.topics.message import Message

_NOTHING_SENT: Final = DeliveryReport()
_P = ParamSpec("_P")
_T = TypeVar("_T")


def delivery_id(message: MessageId, subscription: Arn) -> str:
    """A UUID, always the same for these two."""
    return str(uuid5(NAMESPACE_URL, f"{message} {subscription}"))


class SavedOutbox:
    """The `OutboxArchive`, `DeliveryReports` and `DeadLetters` of an engine.

    Reports and counts are in memory too, and change in the event loop once the disk has what they say.
    """

    def __init__(self, database: Database, subscriptions: Collection[Arn]) -> None:
        """Read the reports; those of subscriptions other than these are forgotten. Blocks.

        Raises JournalUnavailable.
        """
        self._database = database
        self._on_redrive: list[Callable[[], None]] = []
        self._reports = self._transact(rows.reports, subscriptions)
        self._pending = self._transact(rows.numbers, "delivery")
        self._dead = self._transact(rows.numbers, "dead_letter")

    def of(self, subscription: Arn) -> DeliveryReport:
        """How deliveries to this subscription went."""
        report = self._reports.get(subscription, _NOTHING_SENT)
        return replace(report, pending=self._pending[subscription], dead=self._dead[subscription])

    def counts(self) -> OutboxCounts:
        """How much there is, over all subscriptions."""
        return OutboxCounts(pending=self._pending.total(), dead=self._dead.total())

    async def unaddressed(self, *, limit: int) -> Sequence[Message]:
        """Messages whose deliveries are not all there yet, oldest first. Raises JournalUnavailable."""
        return await self._run(rows.unaddressed, limit)

    async def add_deliveries(
        self, message: Message, recipients: Sequence[tuple[Arn, str]], *, due: Instant
    ) -> None:
        """Make a delivery for each subscription, with its lane; those that are there stay as they are.

        None is due before `addressed`. Raises JournalUnavailable.
        """
        for start in range(0, len(recipients), rows.MOST_ROWS):
            made = await self._run(
                rows.insert_deliveries,
                [
                    (delivery_id(message.id, arn), message.id, arn, lane, due)
                    for arn, lane in recipients[start : start + rows.MOST_ROWS]
                ],
            )
            self._pending.update(made)

    async def addressed(self, message: Message) -> None:
        """Let the deliveries of this message begin. Raises JournalUnavailable."""
        await self._run(rows.mark_addressed, message.id)

    async def due(self, now: Instant, *, limit: int, among: Among) -> Sequence[Delivery]:
        """Those that are due, longest first. Raises JournalUnavailable."""
        return await self._run(rows.due, now, limit, among)

    async def next_due(self, *, among: Among) -> Instant | None:
        """When the first is due; None: there is none. Raises JournalUnavailable."""
        return await self._run(rows.next_due, among)

    async def record(self, results: Sequence[DeliveryResult]) -> None:
        """Keep what became of these, together. Raises JournalUnavailable."""
        reports: dict[Arn, DeliveryReport] = {}
        for result in results:
            if result.outcome is not Attempted.DROPPED:
                arn = result.delivery.subscription
                reports[arn] = _told(reports.get(arn, self._reports.get(arn, _NOTHING_SENT)), result)
        await self._run(rows.record, results, reports)
        self._reports |= reports
        for result in results:
            arn = result.delivery.subscription
            if result.outcome is not Attempted.FAILED:
                _take(self._pending, Counter((arn,)))
            if result.outcome is Attempted.GIVEN_UP:
                self._dead[arn] += 1

    def on_redrive(self, listener: Callable[[], None]) -> None:
        """Have `listener` called when dead letters are to be tried again."""
        self._on_redrive.append(listener)

    async def list(self, *, limit: int, after: str | None = None) -> Sequence[DeadLetter]:
        """In the order of their ids, from the one after `after`. Raises JournalUnavailable."""
        return await self._run(rows.dead_letters, limit=limit, after=after or "")

    async def redrive(self, ids: Sequence[str] | None = None) -> int:
        """Try these again from the first attempt on, or all; how many. Raises JournalUnavailable."""
        revived = 0
        while moved := await self._run(rows.redrive, ids):
            _take(self._dead, moved)
            self._pending.update(moved)
            revived += moved.total()
        for listener in self._on_redrive:
            listener()
        return revived

    async def discard(self, ids: Sequence[str]) -> None:
        """Forget these; unknown ones are ignored. Raises JournalUnavailable."""
        _take(self._dead, await self._run(rows.discard, ids))

    async def _run(
        self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        return await self._database.run(lambda: self._transact(work, *args, **kwargs))

    def _transact(
        self, work: Callable[Concatenate[Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        with self._database.transaction() as connection:
            return work(connection, *args, **kwargs)


def _take(counter: Counter[Arn], taken: Counter[Arn]) -> None:
    """Subtract, and keep no noughts: subscriptions come and go."""
    for arn, number in taken.items():
        counter[arn] -= number
        if counter[arn] <= 0:
            del counter[arn]


def _told(report: DeliveryReport, result: DeliveryResult) -> DeliveryReport:
    if result.outcome is Attempted.DELIVERED:
        return replace(report, delivered=report.delivered + 1, last_delivered_at=result.at)
    return replace(
        report,
        failed_attempts=report.failed_attempts + 1,
        last_failure_at=result.at,
        last_failure=result.reason,
    )

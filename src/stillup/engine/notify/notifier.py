"""The worker of the outbox: addresses messages, delivers what is due, records what became of it.

```text
unaddressed ──▶ deliveries ──due──▶ a place in a lane ──attempt──▶ results ──recorded together──▶ the place is free
                    ▲                                                 │ failed
                    └──────── due again, as the policy says ──────────┘
```

What is not recorded when the engine is killed is tried again: every message arrives at least once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final, Protocol

from stillup.engine.notify.addressing import MAIL, addressee, addressees, has_audience, lane_of
from stillup.engine.notify.attempt import DELIVERED, Attempt
from stillup.engine.notify.lanes import Lanes
from stillup.engine.notify.waiting import end, woken_or
from stillup.engine.ports import (
    Among,
    Attempted,
    Clock,
    Delivery,
    DeliveryResult,
    Die,
    Figure,
    JournalUnavailable,
    OutboxArchive,
    Worlds,
)
from stillup.rules.changes import Change, messages_of
from stillup.rules.ids import Instant
from stillup.rules.topics.delivery_policy import policy_of
from stillup.rules.topics.endpoints import shown_endpoint
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.retries import Outcome, delay_before
from stillup.rules.topics.topic import Subscription, Topic
from stillup.rules.world import World

PIECE: Final = 1_000
"""Recipients that are found, and put on disk, in one step."""
MESSAGES: Final = 16
"""Read at once."""
FEW_LANES: Final = 8
"""Lanes that are looked at one by one; more are looked at together."""
DISK_RETRY: Final = 5.0
"""Engine seconds after which a disk that said no is asked again."""
FINISH_WITHIN: Final = 3.0
"""Real seconds that attempts under way may take after `close`."""

_log: Final = logging.getLogger(__name__)


class Courier(Protocol):
    """Delivers by one protocol."""

    async def deliver(self, delivery: Delivery, subscription: Subscription, topic: Topic | None) -> Attempt:
        """One attempt. It ends within its time, whatever the endpoint does."""


class Notifier:
    """Delivers every message of the outbox to everybody whom it concerns, or gives it up by the policy."""

    def __init__(
        self,
        *,
        worlds: Worlds,
        clock: Clock,
        die: Die,
        outbox: OutboxArchive,
        mailer: Courier,
        webhooks: Courier,
        lanes: Lanes | None = None,
    ) -> None:
        self._worlds = worlds
        self._clock = clock
        self._die = die
        self._outbox = outbox
        self._mailer = mailer
        self._webhooks = webhooks
        self._lanes = Lanes() if lanes is None else lanes
        self._attempts: set[asyncio.Task[None]] = set()
        self._results: list[tuple[DeliveryResult, Attempt]] = []
        self._woken = asyncio.Event()
        self._has_results = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_news = True
        """Whether a delivery may be due that waits for nothing but to be looked at."""
        self._looked_at: Instant = 0.0
        self._next_due: Instant | None = None
        self._freed: set[str] = set()
        self._oldest_due: Instant | None = None
        self._troubled: set[str] = set()
        self._outcomes: Counter[tuple[str, str]] = Counter()
        self._to_nobody = 0

    def start(self) -> None:
        """Begin with what a former engine left."""
        self._worlds.subscribe(self._hear)
        self._outbox.on_redrive(self._look_again)
        self._tasks = [asyncio.create_task(self._work()), asyncio.create_task(self._record())]

    async def close(self) -> None:
        """Begin nothing more; give attempts under way a moment, and keep what became of them."""
        working, recording = self._tasks
        await end(working)
        if self._attempts:
            await asyncio.wait(self._attempts, timeout=FINISH_WITHIN)
        for attempt in tuple(self._attempts):
            await end(attempt)
        await end(recording)
        with suppress(JournalUnavailable):
            await self._record_batch()

    def figures(self) -> Sequence[Figure]:
        """What waits, how long, and how deliveries went."""
        counts = self._outbox.counts()
        lag = 0.0 if self._oldest_due is None else max(0.0, self._clock.now() - self._oldest_due)
        return [
            Figure("stillup_outbox_pending", "Deliveries that are not over.", counts.pending, {}),
            Figure("stillup_outbox_dead_letters", "Deliveries that were given up.", counts.dead, {}),
            Figure(
                "stillup_outbox_due_lag_seconds", "For how long the first delivery has been due.", lag, {}
            ),
            Figure(
                "stillup_messages_to_nobody_total",
                "Notifications of topics without a confirmed subscription.",
                self._to_nobody,
                {},
                is_counter=True,
            ),
            *(
                Figure(
                    "stillup_deliveries_total",
                    "Attempts to deliver, by what became of them.",
                    number,
                    {"protocol": protocol, "outcome": outcome},
                    is_counter=True,
                )
                for (protocol, outcome), number in sorted(self._outcomes.items())
            ),
        ]

    def _hear(self, _: World, changes: Sequence[Change]) -> None:
        if any(messages_of(change) for change in changes):
            self._woken.set()

    def _look_again(self) -> None:
        self._is_news = True
        self._woken.set()

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self._address()
                await self._begin()
                self._next_due = await self._look_ahead()
            except JournalUnavailable as reason:
                _log.error("the outbox cannot be read, deliveries wait: %s", reason)
                self._try_later()
            except Exception:  # noqa: BLE001 - our bug must not end all notices
                _log.exception("the outbox stumbled; it goes on")
                self._try_later()
            await woken_or(self._woken, self._clock, self._next_due)

    def _try_later(self) -> None:
        self._is_news = True
        self._next_due = self._clock.now() + DISK_RETRY

    # --- addressing -------------------------------------------------------------------------------

    async def _address(self) -> None:
        """Some messages; a flood of them keeps no delivery from its place."""
        messages = await self._outbox.unaddressed(limit=MESSAGES)
        for message in messages:
            await self._address_one(message)
            await self._begin()
        if len(messages) == MESSAGES:
            self._woken.set()

    async def _address_one(self, message: Message) -> None:
        world = self._worlds.current
        now = self._clock.now()
        found = addressees(world, message)
        while piece := [(each.arn, lane_of(each)) for each in islice(found, PIECE)]:
            await self._outbox.add_deliveries(message, piece, due=now)
        await self._outbox.addressed(message)
        self._is_news = True
        if message.type is MessageType.NOTIFICATION and not has_audience(world, message.topic_arn):
            self._to_nobody += 1
            _log.warning(
                "nobody is told: the topic has no confirmed subscription",
                extra={"topic": message.topic_arn, "subject": message.subject},
            )

    # --- delivering -------------------------------------------------------------------------------

    async def _begin(self) -> None:
        """Give what is due its place, until there is no place or nothing due.

        | since all deliveries were looked at               | looked at now             |
        |---------------------------------------------------|---------------------------|
        | there is news, or one has become due              | all                       |
        | neither: the others wait for places of their lanes | the lanes that have places |

        So ten thousand deliveries that wait for one host cost nothing each time that one of them is over.
        """
        freed, self._freed = self._freed, set()
        has_become_due = self._next_due is not None and self._next_due <= self._clock.now()
        if self._is_news or has_become_due or len(freed) > FEW_LANES:
            await self._begin_any()
            return
        for lane in freed:
            room = self._lanes.room_of(lane)
            if room is not None:
                await self._begin_some(*room)

    async def _begin_any(self) -> None:
        self._is_news = False
        self._looked_at = self._clock.now()
        seen_all = False
        while not seen_all and (room := self._lanes.room()) is not None:
            limit, among = room
            found = await self._begin_some(limit, among)
            if found < limit and among.only_lane is not None:
                break
            seen_all = found < limit
        if not seen_all:
            self._is_news = True

    async def _begin_some(self, limit: int, among: Among) -> int:
        """How many there were; those whose lanes have no place have not begun."""
        found = await self._outbox.due(self._clock.now(), limit=limit, among=among)
        for delivery in found:
            if self._lanes.take(delivery.id, delivery.lane):
                self._spawn(self._attempt(delivery))
                # Everybody else has a turn after each: DNS must not wait for two hundred and fifty-six of ours.
                await asyncio.sleep(0)
        return len(found)

    async def _look_ahead(self) -> Instant | None:
        """When the next delivery can begin that cannot now; None: when a place is free."""
        self._oldest_due = await self._outbox.next_due(among=Among())
        room = self._lanes.room()
        if room is None:
            return None
        if room[1].only_lane is not None:
            return await self._outbox.next_due(among=room[1])
        seen = min(self._looked_at, self._clock.now())  # the clock may have been put back
        return await self._outbox.next_due(among=Among(after=seen))

    def _spawn(self, attempt: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(attempt)
        self._attempts.add(task)
        task.add_done_callback(self._attempts.discard)

    async def _attempt(self, delivery: Delivery) -> None:
        world = self._worlds.current
        subscription = addressee(world, delivery.message, delivery.subscription)
        if subscription is None:
            self._came_to(DeliveryResult(delivery, Attempted.DROPPED, self._clock.now()), DELIVERED)
            return
        topic = world.topics.get(subscription.topic_arn)
        courier = self._mailer if delivery.lane == MAIL else self._webhooks
        try:
            attempt = await courier.deliver(delivery, subscription, topic)
        except Exception:  # noqa: BLE001 - our bug in one message must not keep others from theirs
            _log.exception("a delivery failed for a fault of stillup", extra={"delivery": delivery.id})
            attempt = Attempt(Outcome.FAILED, "A fault of stillup; its log says more.")
        self._came_to(self._judged(delivery, subscription, topic, attempt), attempt)

    def _judged(
        self, delivery: Delivery, subscription: Subscription, topic: Topic | None, attempt: Attempt
    ) -> DeliveryResult:
        """What an attempt means for its delivery.

        | attempt   | retries left | delivery  |
        |-----------|--------------|-----------|
        | delivered |              | delivered |
        | refused   |              | given up  |
        | failed    | no           | given up  |
        | failed    | yes          | due again |
        """
        now, due = self._clock.now(), None
        if attempt.outcome is Outcome.FAILED:
            policy = policy_of(topic, subscription).retry
            delay = delay_before(policy, delivery.attempts + 1, jitter=self._die.fraction())
            due = None if delay is None else now + delay
        if attempt.outcome is Outcome.DELIVERED:
            outcome = Attempted.DELIVERED
        else:
            outcome = Attempted.GIVEN_UP if due is None else Attempted.FAILED
        return DeliveryResult(
            delivery,
            outcome,
            now,
            reason=attempt.reason,
            due=due,
            protocol=subscription.protocol,
            endpoint=shown_endpoint(subscription.endpoint),
        )

    # --- recording --------------------------------------------------------------------------------

    def _came_to(self, result: DeliveryResult, attempt: Attempt) -> None:
        self._results.append((result, attempt))
        self._has_results.set()

    async def _record(self) -> None:
        while True:
            await self._has_results.wait()
            try:
                await self._record_batch()
            except JournalUnavailable as reason:
                _log.error("what became of deliveries cannot be kept: %s", reason)
                await self._clock.sleep(DISK_RETRY)
            except Exception:  # noqa: BLE001 - our bug must not end all notices
                _log.exception("the outbox stumbled; it goes on")
                await self._clock.sleep(DISK_RETRY)

    async def _record_batch(self) -> None:
        """Until they are on disk, their places stay taken: so memory is bounded, whatever the disk does."""
        self._has_results.clear()
        batch = self._results[:PIECE]
        try:
            await self._outbox.record([result for result, _ in batch])
        except BaseException:
            self._has_results.set()
            raise
        del self._results[: len(batch)]
        if self._results:
            self._has_results.set()
        for result, attempt in batch:
            self._lanes.leave(result.delivery.id, result.delivery.lane, hung=attempt.hung)
            self._freed.add(result.delivery.lane)
            self._outcomes[result.protocol.value, result.outcome.value] += 1
            self._tell(result)
        self._woken.set()

    def _tell(self, result: DeliveryResult) -> None:
        """The log has a line for each delivery that was given up, and for each lane when its luck turns."""
        lane = result.delivery.lane
        extra = {"subscription": result.delivery.subscription, "to": lane, "reason": result.reason}
        match result.outcome:
            case Attempted.GIVEN_UP:
                _log.warning("a message was given up and is a dead letter", extra=extra)
            case Attempted.FAILED if lane not in self._troubled:
                self._troubled.add(lane)
                _log.warning("a message was not delivered and will be tried again", extra=extra)
            case Attempted.DELIVERED if lane in self._troubled:
                self._troubled.remove(lane)
                _log.info("messages are delivered again", extra={"to": lane})
            case _:
                pass

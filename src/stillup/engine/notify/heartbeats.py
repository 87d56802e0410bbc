"""Heartbeats of topics: proof, from time to time, that a notice would arrive (tag `stillup:heartbeat`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from stillup.engine.notify.addressing import has_audience
from stillup.engine.notify.letters import moment
from stillup.engine.notify.waiting import end, woken_or
from stillup.engine.ports import Clock, Die, Figure, JournalUnavailable, Worlds
from stillup.engine.uuids import new_message_id
from stillup.rules.changes import Change, SubscriptionPut, TopicPut
from stillup.rules.ids import Arn, Instant, MessageId
from stillup.rules.topics.heartbeat import heartbeat_of
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import Topic
from stillup.rules.world import World

DISK_RETRY: Final = 60.0
"""Engine seconds after which a disk that said no is asked again."""

_log: Final = logging.getLogger(__name__)


def next_heartbeat(world: World, topic: Topic, now: Instant) -> Instant | None:
    """When this topic's next heartbeat is due; None: it has none.

    | tag | anybody confirmed | last one | due                      |
    |-----|-------------------|----------|--------------------------|
    | no  | any               | any      | never                    |
    | yes | no                | any      | never: nobody would hear |
    | yes | yes               | none     | now                      |
    | yes | yes               | then     | then and the interval    |
    """
    interval = heartbeat_of(topic)
    if interval is None or not has_audience(world, topic.arn):
        return None
    return now if topic.heartbeat_at is None else topic.heartbeat_at + interval


def beat(world: World, arn: Arn, now: Instant, message_id: MessageId) -> TopicPut | None:
    """The heartbeat, if it is due: the message and the time of it are one change, so that none is sent twice."""
    topic = world.topics.get(arn)
    due = None if topic is None else next_heartbeat(world, topic, now)
    if topic is None or due is None or due > now:
        return None
    interval = heartbeat_of(topic) or 0.0
    text = (
        f"Notices of the topic {topic.name} arrive: this one did.\n\n"
        f"The next is due on {moment(now + interval)}. If it does not come, nobody would be told of a failure "
        f"either: look at the engine and at the way that its messages take.\n\n"
        f"Topic: {topic.arn}"
    )
    message = Message(
        id=message_id,
        topic_arn=topic.arn,
        type=MessageType.NOTIFICATION,
        texts={"default": text},
        at=now,
        subject=f"Heartbeat: notices of {topic.name[:60]} arrive",
    )
    return TopicPut(replace(topic, heartbeat_at=now), (message,))


class Heartbeats:
    """Publishes each when it is due."""

    def __init__(self, *, worlds: Worlds, clock: Clock, die: Die) -> None:
        self._worlds = worlds
        self._clock = clock
        self._die = die
        self._woken = asyncio.Event()
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Publish what is due, and go on."""
        self._worlds.subscribe(self._hear)
        self._beating = asyncio.create_task(self._beat())

    async def close(self) -> None:
        """Publish no more."""
        await end(self._beating)

    def figures(self) -> Sequence[Figure]:
        """When each topic's last heartbeat was published."""
        return [
            Figure(
                "stillup_heartbeat_published_timestamp_seconds",
                "When the last heartbeat of a topic was published, in engine time.",
                topic.heartbeat_at,
                {"topic": topic.arn},
            )
            for topic in self._worlds.current.topics.values()
            if topic.heartbeat_at is not None and heartbeat_of(topic) is not None
        ]

    def _hear(self, world: World, changes: Sequence[Change]) -> None:
        if any(isinstance(change, TopicPut | SubscriptionPut) for change in changes):
            self._woken.set()

    async def _beat(self) -> None:
        while True:
            self._woken.clear()
            world, now = self._worlds.current, self._clock.now()
            moments = {
                topic.arn: due
                for topic in world.topics.values()
                if (due := next_heartbeat(world, topic, now)) is not None
            }
            try:
                for arn in [arn for arn, due in moments.items() if due <= now]:
                    await self._publish(arn, now)
            except JournalUnavailable as reason:
                _log.error("a heartbeat cannot be published: %s", reason)
                await self._clock.sleep(DISK_RETRY)
                continue
            except Exception:  # noqa: BLE001 - our bug must not end the proof that notices arrive
                _log.exception("the heartbeats stumbled; they go on")
                await self._clock.sleep(DISK_RETRY)
                continue
            later = [due for due in moments.values() if due > now]
            await woken_or(self._woken, self._clock, min(later, default=None))

    async def _publish(self, arn: Arn, now: Instant) -> None:
        message_id = new_message_id(self._die)
        await self._worlds.commit(lambda world: beat(world, arn, now, message_id))

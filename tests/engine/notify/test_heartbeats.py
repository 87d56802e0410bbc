"""Heartbeats of topics, and the dead man's switch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from stillup.engine.notify.dead_man import DeadMansSwitch
from stillup.engine.notify.heartbeats import Heartbeats, beat, next_heartbeat
from stillup.engine.notify.web import WebClient
from stillup.rules.changes import SubscriptionPut
from stillup.rules.ids import Instant, MessageId
from stillup.rules.topics.topic import Subscription
from stillup.rules.world import World, fold
from tests.engine.notify.peers import answering, serving
from tests.engine.notify.people import NOW, TOPIC, subscription, topic, until, world
from tests.fakes import FakeDie, FakeWorlds

DAILY = {"stillup:heartbeat": "1d"}
ANNA = subscription()
PENDING = subscription(is_confirmed=False)


class ManualClock:
    """Sleepers wait until a test moves the time."""

    def __init__(self) -> None:
        self.instant = NOW
        self._moved = asyncio.Condition()
        self.sleepers = 0

    def now(self) -> Instant:
        return self.instant

    async def sleep(self, seconds: float) -> None:
        until = self.instant + seconds
        self.sleepers += 1
        try:
            async with self._moved:
                await self._moved.wait_for(lambda: self.instant >= until)
        finally:
            self.sleepers -= 1

    def real(self, seconds: float) -> float:
        return seconds

    async def advance(self, seconds: float) -> None:
        """Once somebody sleeps."""
        await until(lambda: self.sleepers > 0)
        async with self._moved:
            self.instant += seconds
            self._moved.notify_all()


@pytest.mark.parametrize(
    ("tags", "subscriber", "last", "due"),
    [
        ({}, ANNA, None, None),
        (DAILY, PENDING, None, None),
        (DAILY, ANNA, None, NOW),
        (DAILY, ANNA, NOW - 3600, NOW - 3600 + 86400),
        (DAILY, ANNA, NOW - 90_000, NOW - 90_000 + 86400),
    ],
)
def test_a_heartbeat_is_due_an_interval_after_the_last(
    tags: dict[str, str], subscriber: Subscription, last: Instant | None, due: Instant | None
) -> None:
    there = world(subscriber, tags=tags, heartbeat_at=last)
    assert next_heartbeat(there, there.topics[TOPIC], NOW) == due


def test_a_heartbeat_and_the_time_of_it_are_one_change() -> None:
    there = world(ANNA, tags=DAILY)
    change = beat(there, TOPIC, NOW, MessageId("m1"))
    assert change is not None
    (sent,) = change.messages
    assert "15 November 2023, 22:13:20 UTC" in sent.texts["default"]
    assert beat(fold(there, change), TOPIC, NOW + 86_399, MessageId("m2")) is None
    assert beat(fold(there, change), TOPIC, NOW + 86_400, MessageId("m2")) is not None
    assert beat(World(), TOPIC, NOW, MessageId("m1")) is None


async def test_heartbeats_go_on_at_their_interval_and_across_a_restart() -> None:
    clock = ManualClock()
    worlds = FakeWorlds(world(PENDING, tags=DAILY))
    heartbeats = Heartbeats(worlds=worlds, clock=clock, die=FakeDie())
    heartbeats.start()
    await asyncio.sleep(0)
    assert not worlds.changes
    await worlds.commit(lambda _: SubscriptionPut(ANNA))
    await until(lambda: len(worlds.changes) == 2)
    await clock.advance(86_400)
    await until(lambda: len(worlds.changes) == 3)
    (figure,) = heartbeats.figures()
    assert figure.value == NOW + 86_400
    await heartbeats.close()
    clock.instant += 3 * 86_400
    heartbeats = Heartbeats(worlds=worlds, clock=clock, die=FakeDie())
    heartbeats.start()
    # What was missed in three days is one heartbeat.
    await until(lambda: len(worlds.changes) == 4)
    await clock.advance(86_399)
    await asyncio.sleep(0)
    assert len(worlds.changes) == 4
    await clock.advance(1)
    await until(lambda: len(worlds.changes) == 5)
    await heartbeats.close()


async def test_a_tag_that_is_taken_away_ends_it() -> None:
    there = world(ANNA, tags=DAILY)
    assert beat(replace(there, topics={TOPIC: topic()}), TOPIC, NOW, MessageId("m1")) is None


def switch(port: int, clock: ManualClock, well: list[str | None]) -> DeadMansSwitch:
    async def resolve(name: str) -> Sequence[str]:
        return [name]

    return DeadMansSwitch(
        url=f"http://127.0.0.1:{port}/secret",
        interval=60,
        well=lambda: well[0],
        clock=clock,
        client=WebClient(resolve=resolve, permits=lambda _: True),
    )


def calls(given: DeadMansSwitch) -> dict[str, float]:
    return {each.labels["outcome"]: each.value for each in given.figures() if "outcome" in each.labels}


async def test_the_switch_is_called_while_all_is_well(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[tuple[str, bytes]] = []
    clock, well = ManualClock(), [None]
    async with serving(answering("200 OK", seen=seen)) as port:
        dead_man = switch(port, clock, well)  # type: ignore[arg-type]
        dead_man.start()
        await until(lambda: calls(dead_man)["succeeded"] == 1)
        await clock.advance(59)
        await clock.advance(1)
        await until(lambda: calls(dead_man)["succeeded"] == 2)
        well[0] = "the disk is full"  # type: ignore[call-overload]
        await clock.advance(60)
        await until(lambda: calls(dead_man)["withheld"] == 1)
    assert [head.splitlines()[0] for head, _ in seen] == ["GET /secret HTTP/1.1"] * 2
    assert dead_man.figures()[-1].value == NOW + 60
    await dead_man.close()
    assert "the disk is full" in caplog.text


async def test_a_switch_that_does_not_answer_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    async with serving(answering("500 Oops")) as port:
        dead_man = switch(port, clock, [None])
        dead_man.start()
        await until(lambda: calls(dead_man)["failed"] == 1)
        await clock.advance(60)
        await until(lambda: calls(dead_man)["failed"] == 2)
    await clock.advance(60)
    await until(lambda: calls(dead_man)["failed"] == 3)
    await dead_man.close()
    assert caplog.text.count("no heartbeat") == 1
    assert "secret" not in caplog.text

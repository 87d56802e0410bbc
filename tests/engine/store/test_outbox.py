"""The outbox on disk: fan-out, due order, results, dead letters, and kills in between."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.ports import Among, Attempted, Delivery, DeliveryReport, DeliveryResult
from stillup.engine.store import Store, open_store
from stillup.engine.store.outbox import delivery_id
from stillup.rules.changes import MessagesPublished
from stillup.rules.ids import Arn, MessageId
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import DeliveryProtocol
from tests.engine.store.addresser import MANY, subscriber

TOPIC = Arn("arn:aws:sns:us-east-1:123456789012:alerts")
ANNA, BERT = Arn(f"{TOPIC}:anna"), Arn(f"{TOPIC}:bert")


def message(name: str = "m1") -> Message:
    return Message(MessageId(name), TOPIC, MessageType.NOTIFICATION, {"default": "down"}, 100.0)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = open_store(tmp_path, SystemDie())
    yield store
    await store.close()


async def publish(store: Store, *messages: Message) -> None:
    await store.worlds.commit(lambda _: MessagesPublished(messages))


async def address(store: Store, message: Message, *recipients: tuple[Arn, str], due: float = 100.0) -> None:
    await store.outbox.add_deliveries(message, recipients, due=due)
    await store.outbox.addressed(message)


async def due(store: Store, now: float = 1e9, *, without_lanes: tuple[str, ...] = ()) -> list[Delivery]:
    return list(await store.outbox.due(now, limit=50, among=Among(without_lanes=without_lanes)))


def result(delivery: Delivery, outcome: Attempted, *, due: float | None = None) -> DeliveryResult:
    return DeliveryResult(
        delivery,
        outcome,
        at=200.0,
        reason="" if outcome is Attempted.DELIVERED else "it says 500",
        due=due,
        protocol=DeliveryProtocol.HTTP,
        endpoint="http://anna.example/",
    )


def left(store: Store) -> tuple[int, int]:
    """Messages and deliveries on disk."""
    execute = store._database.connection.execute
    ((messages,), (deliveries,)) = (
        execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("message", "delivery")
    )
    return messages, deliveries


async def test_a_message_is_there_with_its_change_until_nothing_is_left_to_do(store: Store) -> None:
    await publish(store, message())
    assert await store.outbox.unaddressed(limit=10) == [message()]
    await address(store, message(), (ANNA, "mail"), (BERT, "host"))
    assert not await store.outbox.unaddressed(limit=10)
    first, second = await due(store)
    await store.outbox.record([result(first, Attempted.DELIVERED)])
    assert left(store) == (1, 1)
    await store.outbox.record([result(second, Attempted.DROPPED)])
    assert left(store) == (0, 0)
    assert store.outbox.counts().pending == 0


async def test_a_message_for_nobody_is_forgotten_at_once(store: Store) -> None:
    await publish(store, message())
    await address(store, message())
    assert left(store) == (0, 0)


async def test_no_delivery_begins_before_all_of_its_message_are_there(store: Store) -> None:
    await publish(store, message())
    await store.outbox.add_deliveries(message(), [(ANNA, "mail")], due=100.0)
    assert not await due(store)
    assert await store.outbox.next_due(among=Among()) is None
    await address(store, message(), (ANNA, "mail"), (BERT, "mail"), due=999.0)
    assert [(each.subscription, each.due) for each in await due(store)] == [(ANNA, 100.0), (BERT, 999.0)]
    assert store.outbox.counts().pending == 2


async def test_deliveries_of_other_lanes_are_found_behind_those_of_a_full_one(store: Store) -> None:
    await publish(store, message())
    await address(store, message(), (ANNA, "slow.example"), due=1.0)
    await publish(store, message("m2"))
    await address(store, message("m2"), (BERT, "mail"), due=2.0)
    assert [each.subscription for each in await due(store, without_lanes=("slow.example",))] == [BERT]
    assert await store.outbox.next_due(among=Among(without_lanes=["slow.example"])) == 2.0
    assert await store.outbox.next_due(among=Among(without=[delivery_id(message().id, ANNA)])) == 2.0
    assert await store.outbox.next_due(among=Among(only_lane="mail")) == 2.0
    assert await store.outbox.next_due(among=Among(after=1.0)) == 2.0
    assert await store.outbox.next_due(among=Among(after=2.0)) is None
    assert not await due(store, now=0.5)


async def test_a_failed_delivery_is_due_again_later_and_remembers_its_attempts(store: Store) -> None:
    await publish(store, message())
    await address(store, message(), (ANNA, "mail"))
    (delivery,) = await due(store)
    await store.outbox.record([result(delivery, Attempted.FAILED, due=220.0)])
    assert not await due(store, now=219.0)
    (again,) = await due(store, now=220.0)
    assert (again.id, again.attempts) == (delivery.id, 1) == (delivery_id(message().id, ANNA), 1)


async def test_a_delivery_given_up_is_a_dead_letter_that_can_be_redriven_or_discarded(store: Store) -> None:
    heard: list[str] = []
    store.outbox.on_redrive(lambda: heard.append("redrive"))
    await publish(store, message())
    await address(store, message(), (ANNA, "mail"), (BERT, "mail"))
    await store.outbox.record([result(each, Attempted.GIVEN_UP) for each in await due(store)])
    letters = await store.outbox.list(limit=10)
    assert [each.id for each in letters] == sorted(
        [delivery_id(message().id, ANNA), delivery_id(message().id, BERT)]
    )
    assert (letters[0].message, letters[0].attempts, letters[0].reason) == (message(), 1, "it says 500")
    assert await store.outbox.list(limit=10, after=letters[0].id) == letters[1:]
    assert store.outbox.of(ANNA).dead == 1
    assert left(store) == (1, 0)

    assert await store.outbox.redrive([letters[0].id, "unknown"]) == 1
    assert heard == ["redrive"]
    (again,) = await due(store)
    assert (again.id, again.attempts) == (letters[0].id, 0)
    assert (store.outbox.counts().pending, store.outbox.counts().dead) == (1, 1)
    await store.outbox.discard([letters[1].id, "unknown"])
    await store.outbox.record([result(again, Attempted.DELIVERED)])
    assert left(store) == (0, 0)
    assert await store.outbox.redrive() == 0


async def test_reports_survive_a_restart_and_those_of_nobody_do_not(tmp_path: Path) -> None:
    store = open_store(tmp_path, SystemDie())
    await publish(store, message())
    await address(store, message(), (ANNA, "mail"), (BERT, "mail"))
    anna, _ = await due(store)
    await store.outbox.record([result(anna, Attempted.FAILED, due=300.0)])
    await store.outbox.record([result(anna, Attempted.DELIVERED)])
    expected = DeliveryReport(1, 1, 0, 0, 200.0, 200.0, "it says 500")
    assert store.outbox.of(ANNA) == expected
    assert store.outbox.of(BERT) == DeliveryReport(pending=1)
    await store.worlds.commit(lambda _: subscriber(TOPIC, ANNA))
    await store.close()
    store = open_store(tmp_path, SystemDie())
    assert store.outbox.of(ANNA) == expected
    assert store.outbox.of(BERT) == DeliveryReport(pending=1)
    await store.close()


async def test_a_message_that_cannot_be_read_stands_in_nobodys_way(store: Store) -> None:
    await publish(store, message(), message("m2"))
    store._database.connection.execute("UPDATE message SET body = '{' WHERE id = 'm1'")
    assert await store.outbox.unaddressed(limit=10) == [message("m2")]
    assert await store.outbox.unaddressed(limit=10) == [message("m2")]


@pytest.mark.slow
def test_a_kill_in_the_middle_of_ten_thousand_deliveries_neither_loses_nor_doubles_one(
    tmp_path: Path,
) -> None:
    for progress in (1, 5, 8, 20):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.engine.store.addresser", str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        ) as addresser:
            assert addresser.stdout is not None
            for _ in range(progress):
                addresser.stdout.readline()
            addresser.send_signal(signal.SIGKILL)
    asyncio.run(check_nothing_is_lost_or_doubled(tmp_path))


async def check_nothing_is_lost_or_doubled(directory: Path) -> None:
    store = open_store(directory, SystemDie())
    delivered = set((directory / "delivered").read_text().split())
    for each in await store.outbox.unaddressed(limit=10):
        await address(store, each, *((Arn(f"{TOPIC}:{number}"), "mail") for number in range(MANY)))
    pending = {each.id for each in await store.outbox.due(1e9, limit=MANY, among=Among())}
    assert pending | delivered == {delivery_id(MessageId("m1"), Arn(f"{TOPIC}:{n}")) for n in range(MANY)}
    # What was delivered and not yet recorded is delivered again, under the same id: a batch at most in each run.
    assert len(pending & delivered) <= 4 * 50
    await store.close()

"""The outbox's worker, with couriers that do as they are told and the outbox on a real disk."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.notify.attempt import DELIVERED, TIMED_OUT, Attempt
from stillup.engine.notify.lanes import Lanes
from stillup.engine.notify.notifier import Notifier
from stillup.engine.ports import Among, Delivery, JournalUnavailable, Worlds
from stillup.engine.store import Store, open_store
from stillup.rules.changes import MessagesPublished, SubscriptionDeleted, SubscriptionPut, TopicPut
from stillup.rules.topics.message import Message
from stillup.rules.topics.retries import Outcome
from stillup.rules.topics.topic import Subscription, Topic
from tests.engine.notify.people import message, subscription, topic, until, world
from tests.fakes import FakeClock, FakeDie, FakeWorlds

REFUSED = Attempt(Outcome.REFUSED, "It answered 404.")
FAILED = Attempt(Outcome.FAILED, "It answered 500.")


class Script:
    """A courier: each attempt ends as the script says, then all are delivered."""

    def __init__(self, *attempts: Attempt) -> None:
        self.delivered: list[tuple[str, str]] = []
        self.attempts: list[Delivery] = []
        self.open = asyncio.Event()
        self.open.set()
        self._script = iter(attempts)

    async def deliver(self, delivery: Delivery, subscription: Subscription, topic: Topic | None) -> Attempt:
        self.attempts.append(delivery)
        await self.open.wait()
        attempt = next(self._script, DELIVERED)
        if attempt is DELIVERED:
            self.delivered.append((delivery.message.id, subscription.endpoint))
        return attempt


class Office:
    """A store and a notifier over it."""

    def __init__(
        self,
        store: Store,
        mailer: Script,
        webhooks: Script,
        lanes: Lanes | None = None,
        worlds: Worlds | None = None,
    ) -> None:
        self.store = store
        self.clock = FakeClock()
        self.mailer, self.webhooks = mailer, webhooks
        self.notifier = Notifier(
            worlds=store.worlds if worlds is None else worlds,
            clock=self.clock,
            die=FakeDie(),
            outbox=store.outbox,
            mailer=mailer,
            webhooks=webhooks,
            lanes=lanes,
        )

    async def publish(self, *messages: Message) -> None:
        await self.store.worlds.commit(lambda _: MessagesPublished(messages))

    async def subscribe(self, *subscriptions: Subscription) -> None:
        await self.store.worlds.commit(lambda _: TopicPut(topic()))
        await asyncio.gather(
            *(self.store.worlds.commit(lambda _, new=each: SubscriptionPut(new)) for each in subscriptions)
        )

    async def until_empty(self) -> None:
        await until(lambda: not self.store.outbox.counts().pending)

    def figure(self, name: str) -> float:
        return sum(each.value for each in self.notifier.figures() if each.name == name)


@pytest.fixture
async def make_office(tmp_path: Path) -> AsyncIterator[Callable[..., Office]]:
    offices: list[Office] = []

    def make(*mail: Attempt, web: tuple[Attempt, ...] = (), lanes: Lanes | None = None) -> Office:
        office = Office(open_store(tmp_path, SystemDie()), Script(*mail), Script(*web), lanes)
        office.notifier.start()
        offices.append(office)
        return office

    yield make
    for office in offices:
        await office.notifier.close()
        await office.store.close()


async def test_a_message_goes_to_everybody_who_confirmed(make_office: Callable[..., Office]) -> None:
    office = make_office()
    await office.subscribe(
        subscription(),
        subscription("bert", "https", "https://bert.example/"),
        subscription("carl", is_confirmed=False),
    )
    await office.publish(message())
    await until(lambda: bool(office.mailer.delivered and office.webhooks.delivered))
    await office.until_empty()
    assert office.mailer.delivered == [("m1", "anna@example.com")]
    assert office.webhooks.delivered == [("m1", "https://bert.example/")]
    assert office.figure("stillup_deliveries_total") == 2
    assert office.store.outbox.of(subscription().arn).delivered == 1


async def test_what_a_former_engine_left_is_delivered_first(
    make_office: Callable[..., Office], tmp_path: Path
) -> None:
    store = open_store(tmp_path, SystemDie())
    office = Office(store, Script(), Script())
    await office.subscribe(subscription())
    await office.publish(message())
    await store.outbox.add_deliveries(message(), [(subscription().arn, "mail")], due=0.0)
    await store.close()
    office = make_office()
    await until(lambda: bool(office.mailer.delivered))
    await office.until_empty()
    assert office.mailer.delivered == [("m1", "anna@example.com")]


async def test_a_flood_of_messages_is_delivered_whole(
    make_office: Callable[..., Office],
) -> None:
    office = make_office(lanes=Lanes(mails=1))
    await office.subscribe(subscription())
    await office.publish(*(message(f"m{number}") for number in range(40)))
    await until(lambda: len(office.mailer.delivered) == 40)
    await office.until_empty()
    assert {name for name, _ in office.mailer.delivered} == {f"m{number}" for number in range(40)}


async def test_a_failed_delivery_is_tried_by_the_policy_and_then_a_dead_letter(
    make_office: Callable[..., Office],
) -> None:
    office = make_office(web=(FAILED,) * 4)
    await office.subscribe(subscription("bert", "http", "http://bert.example/"))
    began = office.clock.now()
    await office.publish(message())
    await until(lambda: office.store.outbox.counts().dead == 1)
    # Three retries, 20 seconds apart, give or take a tenth (SN-10).
    assert [each.attempts for each in office.webhooks.attempts] == [0, 1, 2, 3]
    assert 54 <= office.clock.now() - began <= 66
    assert len({each.id for each in office.webhooks.attempts}) == 1
    (letter,) = await office.store.outbox.list(limit=10)
    assert (letter.attempts, letter.reason, letter.endpoint) == (4, FAILED.reason, "http://bert.example/")

    assert await office.store.outbox.redrive() == 1
    await until(lambda: bool(office.webhooks.delivered))


async def test_what_was_refused_is_not_tried_again(make_office: Callable[..., Office]) -> None:
    office = make_office(REFUSED)
    await office.subscribe(subscription())
    await office.publish(message())
    await until(lambda: office.store.outbox.counts().dead == 1)
    assert len(office.mailer.attempts) == 1


async def test_who_has_left_meanwhile_gets_nothing(make_office: Callable[..., Office]) -> None:
    office = make_office(FAILED)
    await office.subscribe(subscription())
    office.mailer.open.clear()
    await office.publish(message())
    await until(lambda: bool(office.mailer.attempts))
    await office.store.worlds.commit(lambda _: SubscriptionDeleted(subscription().arn))
    office.mailer.open.set()
    await office.until_empty()
    assert len(office.mailer.attempts) == 1
    assert office.store.outbox.counts().dead == 0


async def test_a_message_that_nobody_hears_is_told_of(
    make_office: Callable[..., Office], caplog: pytest.LogCaptureFixture
) -> None:
    office = make_office()
    await office.subscribe(subscription(is_confirmed=False))
    await office.publish(message())
    await until(lambda: office.figure("stillup_messages_to_nobody_total") == 1)
    assert "no confirmed subscription" in caplog.text


async def test_nobody_waits_for_endpoints_that_hang(make_office: Callable[..., Office]) -> None:
    office = make_office(web=(TIMED_OUT,) * 1000, lanes=Lanes(most=16, width=4))
    office.webhooks.open.clear()
    await office.subscribe(
        *(subscription(f"h{n}", "http", f"http://hang.example/{n}") for n in range(100)),
        subscription(),
    )
    await office.publish(message())
    await until(lambda: bool(office.mailer.delivered))
    assert len(office.webhooks.attempts) <= 4
    office.clock.instant += 60
    await office.publish(message("m2"))
    await until(lambda: len(office.mailer.delivered) == 2)
    assert office.figure("stillup_outbox_due_lag_seconds") >= 60
    office.webhooks.open.set()


async def test_a_fault_of_ours_is_an_attempt_that_failed(
    make_office: Callable[..., Office], caplog: pytest.LogCaptureFixture
) -> None:
    office = make_office()
    working = office.mailer.deliver
    office.mailer.deliver = _failing_once(working)  # type: ignore[method-assign]
    await office.subscribe(subscription())
    await office.publish(message())
    await until(lambda: bool(office.mailer.delivered))
    assert "a fault of stillup" in caplog.text


def _failing_once(working):  # type: ignore[no-untyped-def]
    calls = itertools.count()

    async def deliver(*given: object) -> Attempt:
        if next(calls) == 0:
            raise ZeroDivisionError
        return await working(*given)  # type: ignore[no-any-return]

    return deliver


async def test_a_disk_that_says_no_for_a_while_delays_and_loses_nothing(
    make_office: Callable[..., Office],
) -> None:
    office = make_office()
    outbox = office.store.outbox
    record, unaddressed = outbox.record, outbox.unaddressed
    refusals = itertools.count()

    def refusing(working):  # type: ignore[no-untyped-def]
        async def ask(*given: object, **named: object) -> object:
            if next(refusals) % 4 < 2:
                raise JournalUnavailable("disk full")
            return await working(*given, **named)

        return ask

    outbox.record, outbox.unaddressed = refusing(record), refusing(unaddressed)  # type: ignore[method-assign]
    await office.subscribe(subscription())
    await office.publish(message())
    await until(lambda: outbox.of(subscription().arn).delivered == 1)
    assert office.mailer.delivered == [("m1", "anna@example.com")]


async def test_what_waits_for_one_host_is_looked_at_when_that_host_has_a_place(
    make_office: Callable[..., Office],
) -> None:
    office = make_office(web=(FAILED, DELIVERED, FAILED), lanes=Lanes(width=1))
    await office.subscribe(
        *(subscription(f"h{n}", "http", f"http://one.example/{n}") for n in range(20)),
        subscription("bert", "http", "http://two.example/"),
    )
    due, of_all = office.store.outbox.due, 0

    async def counting(now: float, *, limit: int, among: Among) -> Sequence[Delivery]:
        nonlocal of_all
        of_all += among.only_lane is None
        return await due(now, limit=limit, among=among)

    office.store.outbox.due = counting  # type: ignore[method-assign]
    await office.publish(message())
    await until(lambda: len(office.webhooks.delivered) >= 21)
    await office.until_empty()
    assert len(set(office.webhooks.delivered)) == len(office.webhooks.delivered) == 21
    assert of_all <= 10


@pytest.mark.slow
async def test_ten_thousand_subscribers_get_their_message_once_and_few_at_a_time(tmp_path: Path) -> None:
    subscribers = [
        *(subscription(f"w{n}", "https", f"https://host{n % 5000}.example/{n}") for n in range(9_000)),
        *(subscription(f"m{n}", "email", f"m{n}@example.com") for n in range(1_000)),
    ]
    store = open_store(tmp_path, SystemDie())
    office = Office(store, Script(), Script(), worlds=FakeWorlds(world(*subscribers)))
    await office.publish(message())
    office.notifier.start()
    most = 0

    def has_ended() -> bool:
        nonlocal most
        most = max(most, len(office.notifier._attempts))
        return office.notifier._outcomes.total() == 10_000

    await until(has_ended)
    assert most <= 256 + 3
    told = office.mailer.delivered + office.webhooks.delivered
    assert len(told) == len(set(told)) == 10_000
    assert store.outbox.counts().pending == 0
    await office.notifier.close()
    await store.close()

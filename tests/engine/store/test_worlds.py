"""Decide, append, publish: nobody is answered before it is on disk."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from stillup.engine.ports import Committed, JournalUnavailable
from stillup.engine.store.codec import encode_change
from stillup.engine.store.database import Database
from stillup.engine.store.journal import Journal
from stillup.engine.store.worlds import Decide, JournaledWorlds
from stillup.rules.changes import Change, InstanceWanted, ZoneCreated
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from tests.histories import submission, zone


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[JournaledWorlds]:
    database = Database(tmp_path / "stillup.db")
    opened = JournaledWorlds(database)
    yield opened
    await opened.close()
    database.close()


def reopened(path: Path) -> World:
    database = Database(path / "stillup.db")
    try:
        return Journal(database).load()
    finally:
        database.close()


def always(change: Change | Refusal | None) -> Decide:
    return lambda world: change


def stop(number: int) -> InstanceWanted:
    return InstanceWanted(f"i-{number}", running=False)


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow: the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_committed_change_is_published_and_on_disk(worlds: JournaledWorlds, tmp_path: Path) -> None:
    committed = await worlds.commit(always(stop(1)))
    assert isinstance(committed, Committed)
    assert committed.change == stop(1)
    assert committed.world is worlds.current
    assert worlds.current.stopped_instances == {"i-1"}
    assert reopened(tmp_path) == worlds.current


async def test_a_refusal_changes_nothing(worlds: JournaledWorlds) -> None:
    refusal = Refusal.because("NoSuchHostedZone", "No hosted zone found")
    assert await worlds.commit(always(refusal)) is refusal
    assert worlds.current == World()


async def test_a_decision_that_nothing_needs_to_change_is_answered_with_the_world(
    worlds: JournaledWorlds,
) -> None:
    await worlds.commit(always(stop(1)))
    assert await worlds.commit(always(None)) == Committed(worlds.current, None)
    assert worlds.current.sequence == 1


async def test_an_exception_in_a_decision_reaches_its_caller_alone(worlds: JournaledWorlds) -> None:
    def broken(world: World) -> Change:
        raise ZeroDivisionError

    outcomes = await asyncio.gather(
        worlds.commit(always(stop(1))),
        worlds.commit(broken),
        worlds.commit(always(stop(2))),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert worlds.current.stopped_instances == {"i-1", "i-2"}


async def test_each_decision_sees_the_ones_before_it(worlds: JournaledWorlds) -> None:
    def create(world: World) -> Change | Refusal:
        if "Z1" in world.zones:
            return Refusal.because("HostedZoneAlreadyExists", "A hosted zone has already been created")
        return ZoneCreated(zone("Z1"), submission(1))

    outcomes = await asyncio.gather(*(worlds.commit(create) for _ in range(20)))
    assert [isinstance(outcome, Committed) for outcome in outcomes] == [True] + [False] * 19
    assert worlds.current.sequence == 1


async def test_a_refusal_waits_for_the_change_that_it_rests_on(worlds: JournaledWorlds) -> None:
    order: list[str] = []

    async def commit(name: str, decide: Decide) -> None:
        await worlds.commit(decide)
        order.append(name)

    worlds.subscribe(lambda world, changes: order.append("published"))
    await asyncio.gather(
        commit("change", always(stop(1))), commit("refusal", always(Refusal.because("X", "x")))
    )
    assert order == ["published", "change", "refusal"]


async def test_everybody_gets_the_world_right_after_his_own_change(worlds: JournaledWorlds) -> None:
    outcomes = await asyncio.gather(*(worlds.commit(always(stop(number))) for number in range(50)))
    assert [outcome.world.sequence for outcome in outcomes if isinstance(outcome, Committed)] == list(
        range(1, 51)
    )


async def test_changes_that_arrive_while_the_disk_is_busy_share_a_transaction(
    worlds: JournaledWorlds,
) -> None:
    batches: list[int] = []
    worlds.subscribe(lambda world, changes: batches.append(len(changes)))
    await asyncio.gather(*(worlds.commit(always(stop(number))) for number in range(50)))
    assert sum(batches) == 50
    assert len(batches) < 10


async def test_listeners_learn_of_every_change_in_order_before_the_caller(worlds: JournaledWorlds) -> None:
    heard: list[Change] = []

    def listen(world: World, changes: Sequence[Change]) -> None:
        heard.extend(changes)
        assert world.sequence == len(heard)
        assert worlds.current is world

    worlds.subscribe(listen)

    async def commit(number: int) -> None:
        await worlds.commit(always(stop(number)))
        assert stop(number) in heard

    await asyncio.gather(*map(commit, range(30)))
    assert heard == [stop(number) for number in range(30)]


async def test_a_broken_listener_keeps_nobody_from_learning(
    worlds: JournaledWorlds, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(world: World, changes: Sequence[Change]) -> None:
        raise ZeroDivisionError

    heard: list[World] = []
    worlds.subscribe(broken)
    worlds.subscribe(lambda world, changes: heard.append(world))
    await worlds.commit(always(stop(1)))
    assert heard == [worlds.current]
    assert "a listener failed on change 1" in caplog.text


async def test_a_change_whose_caller_went_away_is_made_all_the_same(worlds: JournaledWorlds) -> None:
    leaving = asyncio.create_task(worlds.commit(always(stop(1))))
    await asyncio.sleep(0)
    leaving.cancel()
    await worlds.commit(always(stop(2)))
    assert leaving.cancelled()
    assert worlds.current.stopped_instances == {"i-1", "i-2"}


async def test_a_full_disk_is_told_to_all_who_wait_and_then_forgotten(
    worlds: JournaledWorlds, tmp_path: Path
) -> None:
    await worlds.commit(always(stop(0)))
    before = worlds.current
    with no_room():
        outcomes = await asyncio.gather(
            *(worlds.commit(always(stop(number))) for number in range(1, 4)),
            worlds.commit(always(Refusal.because("X", "rests on what never came to be"))),
            return_exceptions=True,
        )
        assert {type(outcome) for outcome in outcomes} == {JournalUnavailable}
        assert worlds.current is before
    committed = await worlds.commit(always(stop(9)))
    assert isinstance(committed, Committed)
    assert worlds.current.stopped_instances == {"i-0", "i-9"}
    assert reopened(tmp_path) == worlds.current


async def test_what_another_appended_is_caught_up_with_and_decided_upon(
    worlds: JournaledWorlds, tmp_path: Path
) -> None:
    heard: list[Change] = []
    worlds.subscribe(lambda world, changes: heard.extend(changes))
    other = Database(tmp_path / "stillup.db")
    Journal(other).append(0, [encode_change(stop(7))])
    other.close()
    seen: list[World] = []

    def decide(world: World) -> Change:
        seen.append(world)
        return stop(8)

    committed = await worlds.commit(decide)
    assert isinstance(committed, Committed)
    assert [world.sequence for world in seen] == [0, 1]
    assert committed.world.stopped_instances == {"i-7", "i-8"}
    assert heard == [stop(7), stop(8)]
    assert reopened(tmp_path) == worlds.current


async def test_a_journal_that_lost_changes_is_not_written_on(worlds: JournaledWorlds, tmp_path: Path) -> None:
    await worlds.commit(always(stop(1)))
    with sqlite3.connect(tmp_path / "stillup.db") as other:
        other.execute("DELETE FROM journal")
    other.close()
    with pytest.raises(JournalUnavailable):
        await worlds.commit(always(stop(2)))


@pytest.mark.slow
async def test_checkpoints_are_made_while_commits_go_on(tmp_path: Path) -> None:
    database = Database(tmp_path / "stillup.db")
    worlds = JournaledWorlds(database, checkpoint_changes=10)
    for number in range(100):
        await worlds.commit(always(stop(number)))
    await worlds.close()
    journal = Journal(database)
    newest, older = journal.checkpoints()
    assert newest > older > 0
    first = next(iter(database.connection.execute("SELECT min(sequence) FROM journal")))[0]
    assert first == older + 1
    database.close()
    assert reopened(tmp_path) == worlds.current


async def test_a_long_tail_left_by_short_runs_is_cut(tmp_path: Path) -> None:
    for run in range(4):
        database = Database(tmp_path / "stillup.db")
        worlds = JournaledWorlds(database, checkpoint_changes=10)
        for number in range(3):
            await worlds.commit(always(stop(10 * run + number)))
        await worlds.close()
        made = Journal(database).checkpoints()
        database.close()
    assert list(made) == [10]

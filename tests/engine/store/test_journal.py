"""What is in the journal comes back; what is damaged is found."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.engine.store.codec import encode_change, encode_world
from stillup.engine.store.database import SCHEMA_VERSION, Database
from stillup.engine.store.errors import SequenceConflict, StoreUnusable
from stillup.engine.store.journal import Journal
from stillup.rules.changes import Change, InstanceWanted
from stillup.rules.world import World, fold
from tests.histories import history

CHANGES: list[Change] = [InstanceWanted(f"i-{number}", running=False) for number in range(10)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "stillup.db")
    yield opened
    opened.close()


def append(journal: Journal, expected: int, changes: list[Change]) -> None:
    journal.append(expected, [encode_change(change) for change in changes])


def filled(database: Database) -> tuple[Journal, World]:
    """Ten changes, with checkpoints after the third and the sixth."""
    journal = Journal(database)
    world = World()
    for sequence, change in enumerate(CHANGES):
        append(journal, sequence, [change])
        world = fold(world, change)
        if world.sequence in (3, 6):
            journal.checkpoint(world.sequence, encode_world(world))
    return journal, world


def spoil(database: Database, statement: str) -> None:
    with sqlite3.connect(database.path) as other:
        other.execute(statement)
    other.close()


def test_changes_come_back_in_their_order(database: Database) -> None:
    journal = Journal(database)
    append(journal, 0, CHANGES[:4])
    append(journal, 4, CHANGES[4:])
    assert list(journal.read(0)) == CHANGES
    assert list(journal.read(7)) == CHANGES[7:]


@pytest.mark.parametrize("expected", [0, 3, 5])
def test_an_append_after_another_sequence_than_the_last_is_a_conflict(
    database: Database, expected: int
) -> None:
    journal = Journal(database)
    append(journal, 0, CHANGES[:4])
    with pytest.raises(SequenceConflict):
        append(journal, expected, CHANGES[4:])
    assert list(journal.read(0)) == CHANGES[:4]


def test_two_checkpoints_and_the_changes_after_the_older_are_kept(database: Database) -> None:
    journal, world = filled(database)
    assert list(journal.checkpoints()) == [6, 3]
    assert list(journal.read(3)) == CHANGES[3:]
    with pytest.raises(StoreUnusable, match=r"change 1 .* is missing"):
        list(journal.read(0))
    assert journal.load() == world


def test_a_damaged_checkpoint_is_passed_over(database: Database) -> None:
    journal, world = filled(database)
    spoil(database, "UPDATE checkpoint SET body = replace(body, 'i-1', 'i-x') WHERE sequence = 6")
    assert journal.load() == world


def test_a_damaged_only_checkpoint_costs_nothing(database: Database) -> None:
    journal = Journal(database)
    append(journal, 0, CHANGES)
    expected = journal.load()
    journal.checkpoint(10, encode_world(expected))
    spoil(database, "UPDATE checkpoint SET body = ''")
    assert journal.load() == expected


def test_no_sound_checkpoint_ends_the_start(database: Database) -> None:
    journal, _ = filled(database)
    spoil(database, "UPDATE checkpoint SET checksum = x'00'")
    with pytest.raises(StoreUnusable, match=r"change 1 .* is missing"):
        journal.load()
    spoil(database, "DELETE FROM journal")
    with pytest.raises(StoreUnusable, match="no sound checkpoint"):
        journal.load()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE journal SET body = replace(body, 'false', 'true') WHERE sequence = 8", "damaged"),
        ("UPDATE journal SET body = CAST(x'ff' AS TEXT) WHERE sequence = 8", "damaged"),
        ("UPDATE journal SET kind = 'moon-landed' WHERE sequence = 8", "damaged"),
        ("UPDATE journal SET checksum = (SELECT checksum FROM journal) WHERE sequence = 8", "damaged"),
        ("DELETE FROM journal WHERE sequence = 8", "missing"),
    ],
)
def test_a_damaged_change_ends_the_start_and_is_named(database: Database, statement: str, told: str) -> None:
    journal, _ = filled(database)
    spoil(database, statement)
    with pytest.raises(StoreUnusable, match=rf"stillup\.db: change 8 of the journal is {told}"):
        journal.load()


def test_a_change_of_a_later_version_ends_the_start(database: Database) -> None:
    journal = Journal(database)
    journal.append(0, [("moon-landed", b"{}")])
    with pytest.raises(StoreUnusable, match=r"change 1 .*'moon-landed', which only a later stillup knows"):
        journal.load()


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stillup.db"
    Database(path).close()
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    other.close()
    with pytest.raises(StoreUnusable, match="written by a later stillup"):
        Database(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stillup.db"
    path.write_bytes(b"something else entirely, longer than a header" * 100)
    with pytest.raises(StoreUnusable, match="not a database"):
        Database(path)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1000), max_size=30), st.sets(st.integers(1, 30), max_size=4))
def test_the_journal_folds_to_the_same_world_wherever_checkpoints_were_made(
    picks: list[int], checkpoints: set[int]
) -> None:
    changes, expected = history(picks)
    with tempfile.TemporaryDirectory() as directory:
        database = Database(Path(directory) / "stillup.db")
        journal = Journal(database)
        world = World()
        for change in changes:
            append(journal, world.sequence, [change])
            world = fold(world, change)
            if world.sequence in checkpoints:
                journal.checkpoint(world.sequence, encode_world(world))
        assert world == expected
        assert journal.load() == expected
        database.close()


@pytest.mark.slow
def test_one_flipped_bit_ends_the_start_or_does_no_harm(tmp_path: Path) -> None:
    original = Database(tmp_path / "stillup.db")
    _, world = filled(original)
    original.close()
    octets = original.path.read_bytes()
    dice = random.Random(6)
    for number in range(100):
        damaged = bytearray(octets)
        damaged[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)
        path = tmp_path / f"{number}.db"
        path.write_bytes(damaged)
        with suppress(StoreUnusable, sqlite3.Error):
            database = Database(path)
            with closing(database):
                assert Journal(database).load() == world

"""SIGKILL at any moment: what was acknowledged is there, and nothing is half there.

Twenty times in the whole run of the tests, five hundred times in `make soak`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stillup.engine.store.database import Database
from stillup.engine.store.garbage import referenced_blobs
from stillup.engine.store.journal import Journal
from stillup.rules.world import World
from tests.engine.store.committer import BUCKET, CONTENTS
from tests.histories import ZONE

KILLS = int(os.environ.get("STILLUP_KILLS", "20"))


def run_and_kill(committer: subprocess.Popen[str], dice: random.Random) -> set[str]:
    """What a process acknowledged before it was killed."""
    assert committer.stdin is not None
    assert committer.stdout is not None
    committer.stdin.write("\n")
    committer.stdin.flush()
    process = int(committer.stdout.readline())
    acknowledged = {committer.stdout.readline() for _ in range(dice.randrange(60))}
    time.sleep(dice.random() * 0.004)  # the moment of the kill is the input, not a wait
    os.kill(process, signal.SIGKILL)
    acknowledged.update(iter(committer.stdout.readline, "end\n"))
    return {line.strip() for line in acknowledged}


def restarted(directory: Path) -> World:
    database = Database(directory / "stillup.db")
    try:
        return Journal(database).load()
    finally:
        database.close()


def there(world: World) -> tuple[set[str], set[str], set[str]]:
    """The left names, the right names and the keys of objects."""
    nodes = world.zones[ZONE].nodes if ZONE in world.zones else {}
    names = {name.labels[0].decode() for name in nodes}
    left = {name for name in names if name.startswith("left")}
    right = {f"left{name.removeprefix('right')}" for name in names - left}
    return left, right, set(world.buckets[BUCKET].objects) if BUCKET in world.buckets else set()


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(60 + KILLS)
def test_no_kill_loses_an_acknowledged_change_or_leaves_half_of_one(tmp_path: Path) -> None:
    dice = random.Random(2)
    acknowledged: set[str] = set()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.engine.store.committer", str(tmp_path)],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as committer:
        for _ in range(KILLS):
            acknowledged |= run_and_kill(committer, dice)
            world = restarted(tmp_path)
            left, right, keys = there(world)
            assert acknowledged <= left | keys
            assert left == right
            for blob in referenced_blobs(world):
                assert (tmp_path / "blobs" / blob).stat().st_size == len(CONTENTS)
    assert len(acknowledged) > KILLS

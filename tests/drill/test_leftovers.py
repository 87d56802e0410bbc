"""The restore record: durable, locked by the living, found when they are dead."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stillup.drill.breakers.breaker import Memory
from stillup.drill.leftovers import AtWork, Record, RecordFile, alone_with, leftovers, living, state_folder
from stillup.drill.repair import on_this_machine
from stillup.drill.restoring import NotRestored, put_back

RECORD = Record(
    failover="www.example.com",
    method="instances",
    profile=None,
    region="us-east-1",
    endpoint_url="http://127.0.0.1:4566",
    began_at=1_700_000_000.0,
    pid=4711,
    host="here",
    memory={"ids": ["i-1", "i-2"]},
)
NEVER: Memory = {
    "break_command": "true",
    "restore_command": "exit 7",
    "folder": "/",
    "breaking": None,
    "breaking_since": None,
}
"""Of a command that does not restore."""


def test_the_record_of_a_living_driller_is_no_left_over(tmp_path: Path) -> None:
    file = RecordFile.create(tmp_path, RECORD)

    assert list(leftovers(tmp_path)) == []
    assert living(tmp_path) == (RECORD,)
    file.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_record_whose_lock_ended_is_found_and_locked_for_its_finder(tmp_path: Path) -> None:
    RecordFile.create(tmp_path, RECORD).release()

    found = next(leftovers(tmp_path))
    assert found.record == RECORD
    assert list(leftovers(tmp_path)) == []
    found.remove()
    assert list(leftovers(tmp_path)) == []


def test_a_new_memory_takes_the_old_ones_place_and_keeps_the_lock(tmp_path: Path) -> None:
    file = RecordFile.create(tmp_path, RECORD)
    file.remember({"breaking": 4712})

    assert living(tmp_path) == (replace(RECORD, memory={"breaking": 4712}),)
    file.remove()


def test_a_process_that_is_killed_leaves_its_record(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from tests.drill.test_leftovers import *\n"
        "file = RecordFile.create(Path(sys.argv[1]), RECORD); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)

    (found,) = leftovers(tmp_path)
    assert found.record == RECORD
    found.remove()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"failover": "www.example.com"}', '{"failover": 7}'])
def test_a_record_that_cannot_be_read_is_told_and_never_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"broken\.json"):
        list(leftovers(tmp_path))


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_STATE_HOME": "/var/state", "HOME": "/home/me"}, "/var/state/stillup/drills"),
        ({"HOME": "/home/me"}, "/home/me/.local/state/stillup/drills"),
    ],
)
def test_records_are_kept_where_state_belongs(environment: dict[str, str], folder: str) -> None:
    assert str(state_folder(environment)) == folder


def test_only_one_drills_a_failover_at_a_time(tmp_path: Path) -> None:
    with (
        alone_with("www.example.com", tmp_path),
        alone_with("*.example.com", tmp_path),
        pytest.raises(AtWork, match=f"drilled by process {os.getpid()}"),
        alone_with("www.example.com", tmp_path),
    ):
        pass
    with alone_with("www.example.com", tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_nobody_breaks_what_somebody_repairs(tmp_path: Path) -> None:
    RecordFile.create(tmp_path, RECORD).release()
    repairing = next(leftovers(tmp_path))

    with pytest.raises(AtWork):
        RecordFile.create(tmp_path, RECORD)
    repairing.remove()


def test_the_lock_of_a_drill_that_was_killed_goes_with_its_left_overs(tmp_path: Path) -> None:
    (tmp_path / "www.example.com.lock").write_text("4711")

    assert list(leftovers(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_repaired_is_told_with_what_to_do_and_kept(tmp_path: Path) -> None:
    nobody = replace(RECORD, method="command", memory=NEVER)
    RecordFile.create(tmp_path, nobody).release()
    (found,) = on_this_machine(tmp_path)
    said: list[str] = []

    with pytest.raises(
        NotRestored, match=r"'exit 7' ended with 7(.|\n)*stillup drill --restore(.|\n)*Delete the file"
    ):
        put_back(found.breaker, found.file, tell=said.append, within=0.1)
    assert len(list(leftovers(tmp_path))) == 1

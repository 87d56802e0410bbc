"""What may go wrong while a drill goes on: the primary is well afterwards, or the next start repairs it."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillup.drill.loopback import PRIMARY_ADDRESS
from tests.drills.forked import become, fork
from tests.drills.rehearsed import Rehearsed, await_line, await_that, environment, rehearsed
from tests.drills.resolver import Resolver

pytestmark = pytest.mark.slow

SANDBOXED = """
version: 1
failovers:
  - name: www.example.com
    zone: example.com
    primary: {address: 203.0.113.10, check: {interval: 1s, failures: 2}}
    standby: {folder: standby}
"""


@pytest.fixture(scope="module")
def failover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    with rehearsed(tmp_path_factory.mktemp("trouble")) as there:
        yield there


def test_a_failover_that_is_being_drilled_is_not_drilled_by_another_at_once(failover: Rehearsed) -> None:
    first = failover.fork_drill("--yes", "--method", "instances")
    await_line(first.said, "the primary is broken")
    first.send(signal.SIGSTOP)
    second = failover.drill("--yes", "--method", "invert")
    first.send(signal.SIGCONT)
    code, output = first.finish()

    assert code == 0, output
    assert second.exit_code == 1
    assert f"is being drilled by process {first.pid}: wait until that is over" in second.stderr
    assert failover.harm() == []


def test_a_drill_that_sleeps_while_the_world_goes_on_restores_when_it_wakes(failover: Rehearsed) -> None:
    drill = failover.fork_drill("--yes", "--method", "command")
    await_line(drill.said, "the primary is broken")
    drill.send(signal.SIGSTOP)
    await_that(lambda: PRIMARY_ADDRESS not in failover.answers())
    drill.send(signal.SIGCONT)
    drill.finish()

    assert failover.harm() == []


def test_a_drill_whose_api_does_not_answer_restores_when_it_does(failover: Rehearsed) -> None:
    drill = failover.fork_drill("--yes", "--method", "invert")
    await_line(drill.said, "the primary is broken")
    os.kill(failover.engine.pid, signal.SIGSTOP)
    try:
        drill.send(signal.SIGINT)
        await_line(drill.said, "no answer")
    finally:
        os.kill(failover.engine.pid, signal.SIGCONT)
    code, output = drill.finish()

    assert code == 130, output
    assert failover.harm() == []


def test_a_drill_that_loses_sight_of_its_resolver_fails_and_restores(failover: Rehearsed) -> None:
    with Resolver(failover.engine.listeners.dns) as resolver:
        drill = failover.fork_drill(
            *("--yes", "--json", "--method", "invert", "--patience", "5s"),
            *("--resolver", str(resolver.address)),
        )
        await_line(drill.said, "the primary is broken")
    code, output = drill.finish()

    assert code == 1, output
    assert "cache had not ended when patience did" in output
    assert failover.harm() == []


def test_a_drill_whose_terminal_is_closed_restores(failover: Rehearsed) -> None:
    failover.settle()
    pid, terminal = pty.fork()
    if pid == 0:
        become(failover.arguments("--yes", "--method", "instances"), environment())
    said = b""
    while b"the primary is broken" not in said:
        said += os.read(terminal, 4096)
    os.close(terminal)
    os.waitpid(pid, 0)

    assert failover.harm() == []


def test_what_is_said_to_nobody_keeps_no_primary_broken(failover: Rehearsed) -> None:
    """Standard error is a pipe that is full: whoever reads it has stopped."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    drill = failover.fork_drill(
        "--yes", "--method", "invert", stderr=writer, prepare=lambda: os.close(reader)
    )
    os.close(writer)
    await_that(lambda: "inverted" in failover.harm())
    await_that(lambda: failover.harm() == [])
    os.close(reader)
    drill.finish()


def test_a_restore_that_fails_is_tried_until_it_does_not(failover: Rehearsed, tmp_path: Path) -> None:
    text, tries = failover.plan.read_text(), tmp_path / "tries"
    fails_twice = f"echo once more >> {tries}; test $(wc -l < {tries}) -gt 2 || exit 7; rm"
    failover.plan.write_text(text.replace('restore-command: "rm', f'restore-command: "{fails_twice}'))
    try:
        done = failover.drill("--yes", "--method", "command")
    finally:
        failover.plan.write_text(text)

    assert done.stderr.count("restoring failed, trying again") == 2
    assert "ended with 7" in done.stderr
    assert failover.harm() == []


def test_nothing_is_broken_where_no_record_of_it_can_be_kept(failover: Rehearsed) -> None:
    done = failover.drill("--yes", "--method", "invert", "--state", "/proc/drills")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "none can be kept in /proc/drills" in done.stderr
    assert "--state" in done.stderr
    assert failover.harm() == []


def test_nothing_is_broken_where_the_disk_is_full(failover: Rehearsed) -> None:
    drill = failover.fork_drill(
        *("--yes", "--method", "invert"),
        prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    code, output = drill.finish()

    assert code == 1, output
    assert "File too large" in output
    assert "Traceback" not in output
    assert failover.harm() == []


def test_a_record_that_makes_no_sense_hides_no_other(failover: Rehearsed) -> None:
    drill = failover.fork_drill("--yes", "--method", "command")
    await_line(drill.said, "the primary is broken")
    drill.kill()
    senseless = failover.state / "a.json"
    senseless.write_text("{")
    done = failover.drill("--restore")
    senseless.unlink()

    assert done.exit_code == 1
    assert "the primary of www.example.com is restored" in done.stderr
    assert "a.json is no restore record of a drill" in done.stderr
    assert failover.harm() == []


def test_of_a_sandbox_that_is_killed_nothing_is_left(tmp_path: Path) -> None:
    work, plan = tmp_path / "work", tmp_path / "stillup.yaml"
    work.mkdir()
    (tmp_path / "standby").mkdir()
    (tmp_path / "standby" / "index.html").write_text("<h1>standby</h1>\n")
    plan.write_text(SANDBOXED)
    drill = fork(["drill", str(plan), "--sandbox", "--force"], {"TMPDIR": str(work)})
    await_line(drill.said, "the primary is broken")
    assert processes_about(work) != []
    drill.kill()

    await_that(lambda: processes_about(work) == [] and list(work.iterdir()) == [])


def processes_about(folder: Path) -> list[str]:
    """Everything that runs and names the folder in its command."""
    listed = subprocess.run(["ps", "-axwwo", "command"], capture_output=True, text=True, check=True)
    return [each for each in listed.stdout.splitlines() if str(folder) in each]

"""`stillup` in a copy of this process, which saves it most of its start: the imports, the models of AWS's services."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from stillup.cli import main
from stillup.drill.engine_process import Listeners
from stillup.wire.aws.models import SERVICES, service_model


@dataclass(frozen=True)
class Forked:
    """A process, and what it says."""

    pid: int
    said: TextIO

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        os.kill(self.pid, number)

    def finish(self) -> tuple[int, str]:
        """Its exit code, and what it said that nobody has read yet."""
        said = self.said.read()
        self.said.close()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), said

    def kill(self) -> None:
        """SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.said.close()


def fork(
    arguments: Sequence[str],
    env: Mapping[str, str],
    *,
    stderr: int | None = None,
    prepare: Callable[[], object] = lambda: None,
) -> Forked:
    """Run a verb. Without a `stderr` of its own, errors are said with the rest; `prepare` is called in the copy."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writer, 1)
        os.dup2(writer if stderr is None else stderr, 2)
        prepare()
        become(arguments, env)
    os.close(writer)
    return Forked(pid, os.fdopen(reader))


@dataclass(frozen=True)
class ForkedEngine:
    """One that is ready."""

    pid: int
    listeners: Listeners


@contextmanager
def forked_engine(arguments: Sequence[str], *, log: Path) -> Iterator[ForkedEngine]:
    """`stillup serve` while the block lasts, for tests of what it answers: how it starts and ends is not its own."""
    importlib.import_module("stillup.engine.assemble")
    for service in SERVICES:
        service_model(service)
    with log.open("a") as stderr:
        engine = fork(["serve", *arguments], {}, stderr=stderr.fileno(), prepare=os.setsid)
    try:
        line = engine.said.readline()
        assert line.startswith("ready"), log.read_text()
        yield ForkedEngine(engine.pid, Listeners.parse(line))
    finally:
        engine.send(signal.SIGTERM)
        os.waitpid(engine.pid, 0)
        engine.said.close()


def become(arguments: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """End this process, a copy, as `stillup` does that was started afresh."""
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115
    sys.stdout, sys.stderr = os.fdopen(1, "w", 1), os.fdopen(2, "w", 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(env)
    tempfile.tempdir = None  # as the environment has it
    sys.argv = ["stillup", *arguments]
    code: object = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001  nobody is above it
        traceback.print_exc()
    finally:
        with suppress(OSError):  # a terminal that is closed
            sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)

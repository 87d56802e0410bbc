"""How a drill meets an engine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stillup.drill.engine_process import EngineFailed, EngineProcess, Listeners
from stillup.plan.address import Address

STARTER = """
import signal, sys
from pathlib import Path
from stillup.drill.engine_process import EngineProcess

work = Path(sys.argv[1])
listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
arguments = [*listeners, "--config", str(work / "engine.toml"), "--data", str(work / "data")]
with EngineProcess(arguments, log=work / "log", tether=work) as engine:
    print(engine.listeners.endpoint_url, flush=True)
    signal.pause()
"""


def test_the_ready_line_tells_where_the_engine_answers() -> None:
    line = "ready dns=127.0.0.1:5300,[::1]:5300 api=127.0.0.1:4566 site=[::1]:8080 console=127.0.0.1:8053\n"

    listeners = Listeners.parse(line)

    assert listeners.dns == Address("127.0.0.1", 5300)
    assert listeners.site == Address("::1", 8080)
    assert str(listeners.site) == "[::1]:8080"
    assert listeners.endpoint_url == "http://127.0.0.1:4566"


@pytest.mark.parametrize("line", ["", "error: the port is taken", "steady dns=1.2.3.4:5"])
def test_anything_else_is_not_a_ready_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"ready line|unpack"):
        Listeners.parse(line)


@pytest.mark.slow
def test_a_tethered_engine_and_its_instances_end_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    command = [sys.executable, "-c", "import signal; signal.pause()", str(work)]
    (work / "engine.toml").write_text(
        f'[[instance]]\nid = "i-00000000000000001"\npublic-ip = "127.0.0.2"\ncommand = {json.dumps(command)}\n'
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(work)], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert starter.stdout is not None
    assert starter.stdout.readline().startswith("http://")
    await_number_of_processes_about(work, at_least=4)  # starter, tether, engine, instance

    starter.kill()
    starter.communicate()

    await_number_of_processes_about(work, at_most=0)
    assert not work.exists()


def await_number_of_processes_about(folder: Path, *, at_least: int = 0, at_most: int = 99) -> None:
    """Of those whose command names the folder. Raises AssertionError."""
    deadline = time.monotonic() + 30.0
    while True:
        listed = subprocess.run(
            ["ps", "-axwwo", "command"], capture_output=True, text=True, check=True
        ).stdout
        found = [each for each in listed.splitlines() if str(folder) in each]
        if at_least <= len(found) <= at_most:
            return
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def test_an_engine_whose_port_is_taken_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(EngineFailed, match="--api: Address already in use: somebody else listens there"):
            EngineProcess(
                ["--data", str(tmp_path / "data"), "--dns", "127.0.0.1:0", "--api", taken],
                log=tmp_path / "log",
            ).start()

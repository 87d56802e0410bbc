"""Instances are processes that start, stop and die as machines do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from stillup.engine.compute import Supervisor
from stillup.engine.config import InstanceConfig
from stillup.engine.ports import Instance, InstanceState
from stillup.rules.changes import InstanceWanted
from stillup.rules.world import World
from tests.fakes import FakeClock, FakeWorlds

ID = "i-0123456789abcdef0"
FOREVER = "while :; do sleep 60 & wait; done"


class House:
    """A supervisor of one instance that runs a shell script, and what can be seen of it."""

    def __init__(
        self, directory: Path, script: str, *, world: World | None = None, grace: float = 10
    ) -> None:
        self.worlds = FakeWorlds(world)
        self.clock = FakeClock()
        self.directory = directory
        config = InstanceConfig(
            ID, ("sh", "-c", script), {"COLOUR": "green"}, cwd=directory, public_ip="203.0.113.10"
        )
        self.supervisor = Supervisor(
            [config], self.worlds, directory=directory / "instances", clock=self.clock, grace=grace
        )
        self.supervisor.start()

    @property
    def instance(self) -> Instance:
        (instance,) = self.supervisor.describe()
        return instance

    @property
    def printed(self) -> list[str]:
        log = self.directory / "instances" / f"{ID}.log"
        return log.read_text().splitlines() if log.exists() else []

    async def want(self, *, running: bool) -> None:
        await self.worlds.commit(lambda world: InstanceWanted(ID, running))

    async def until(self, state: InstanceState) -> None:
        await until(lambda: self.instance.state is state)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)


def is_alive(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Callable[..., House]]:
    built: list[House] = []

    def build(script: str, **options: object) -> House:
        built.append(House(tmp_path, script, **options))  # type: ignore[arg-type]
        return built[-1]

    yield build
    for each in built:
        await each.supervisor.close()


async def test_an_instance_is_launched_with_its_environment_and_its_output_is_kept(house, tmp_path) -> None:
    built = house(f"echo $COLOUR in $PWD; echo oops >&2; {FOREVER}")
    assert built.instance.state is InstanceState.PENDING
    await until(lambda: built.printed == [f"green in {tmp_path}", "oops"])
    assert built.instance == Instance(
        ID, InstanceState.RUNNING, built.clock.now(), "203.0.113.10", "127.0.0.1", {}, reachable=True
    )


async def test_a_stopped_instance_is_gone_with_all_that_it_started(house) -> None:
    built = house(f"trap 'echo bye; exit' TERM; sleep 600 & echo $!; echo $$; {FOREVER}")
    await until(lambda: len(built.printed) == 2)
    processes = built.printed
    await built.want(running=False)
    assert built.instance.state is InstanceState.STOPPING
    await built.until(InstanceState.STOPPED)
    assert built.printed[2:] == ["bye"]
    await until(lambda: not any(map(is_alive, processes)))


async def test_an_instance_that_ignores_sigterm_is_killed(house) -> None:
    built = house(f"trap '' TERM; echo $$; {FOREVER}", grace=0.05)
    await until(lambda: built.printed)
    await built.want(running=False)
    await built.until(InstanceState.STOPPED)
    assert not is_alive(built.printed[0])


async def test_a_stopped_instance_can_be_started_again(house) -> None:
    built = house(f"echo up; {FOREVER}")
    await built.until(InstanceState.RUNNING)
    await built.want(running=False)
    await built.until(InstanceState.STOPPED)
    await built.clock.sleep(60)
    await built.want(running=True)
    assert built.instance.state is InstanceState.PENDING
    await built.until(InstanceState.RUNNING)
    assert built.instance.launched_at == built.clock.now()
    await until(lambda: built.printed and built.printed[-1] == "up" and built.instance.reachable)


async def test_an_instance_wanted_again_while_it_stops_comes_back(house) -> None:
    built = house(f"echo up; {FOREVER}")
    await until(lambda: built.printed == ["up"])
    await built.want(running=False)
    await built.want(running=True)
    assert built.instance.state is InstanceState.STOPPING
    await until(lambda: built.printed == ["up", "up"])
    assert built.instance.state is InstanceState.RUNNING


async def test_a_command_that_dies_is_not_started_again(house, caplog) -> None:
    built = house("sleep 600 & echo $!; exit 3")
    await until(lambda: built.printed and not built.instance.reachable and caplog.messages)
    assert built.instance.state is InstanceState.RUNNING
    assert caplog.messages == [f"instance {ID}: its command ended with 3"]
    assert not is_alive(built.printed[0])


async def test_an_instance_stopped_in_the_world_is_not_launched(house) -> None:
    built = house("echo up", world=World(stopped_instances=frozenset({ID})))
    assert built.instance.state is InstanceState.STOPPED
    await built.supervisor.close()
    assert built.printed == []


@pytest.mark.parametrize(
    ("options", "told"),
    [({"command": ("no-such-program",)}, "ended with 127"), ({"cwd": Path("/none")}, "cannot be launched")],
)
async def test_a_command_that_cannot_be_run_is_told(tmp_path, caplog, options, told) -> None:
    config = InstanceConfig(**{"id": ID, "command": ("true",), **options})
    supervisor = Supervisor([config], FakeWorlds(), directory=tmp_path, clock=FakeClock())
    supervisor.start()
    await until(lambda: told in caplog.text)
    (instance,) = supervisor.describe()
    assert (instance.state, instance.reachable) == (InstanceState.RUNNING, False)
    await supervisor.close()
    assert supervisor.describe()[0].state is InstanceState.STOPPED


async def test_closing_stops_the_processes_and_not_the_instances(house) -> None:
    built = house(f"echo $$; {FOREVER}")
    await until(lambda: built.printed)
    await built.supervisor.close()
    assert not is_alive(built.printed[0])
    assert built.worlds.changes == []


ENGINE = """
import asyncio, sys
from pathlib import Path
from stillup.engine.compute import Supervisor
from stillup.engine.config import InstanceConfig
from tests.fakes import FakeClock, FakeWorlds

async def main():
    config = InstanceConfig("i-01234567", ("sh", "-c", sys.argv[1]))
    Supervisor([config], FakeWorlds(), directory=Path(sys.argv[2]), clock=FakeClock()).start()
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.slow
async def test_no_process_outlives_a_killed_engine(tmp_path: Path) -> None:
    log = tmp_path / "i-01234567.log"
    script = f"trap '' TERM; sleep 600 & echo $!; echo $$; {FOREVER}"
    engine = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ENGINE, script, str(tmp_path), cwd=Path(__file__).parents[3]
    )
    await until(lambda: log.exists() and len(log.read_text().splitlines()) == 2)
    engine.kill()
    await engine.wait()
    await until(lambda: not any(map(is_alive, log.read_text().splitlines())))

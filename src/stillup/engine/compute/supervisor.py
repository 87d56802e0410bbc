"""All instances of the config file, following the world."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stillup.engine.compute.machine import Machine
from stillup.engine.config import InstanceConfig
from stillup.engine.ports import Clock, Instance, Worlds
from stillup.rules.changes import Change, InstanceWanted
from stillup.rules.world import World

GRACE: Final = 10.0
"""Real seconds between SIGTERM and SIGKILL."""


class Supervisor:
    """The `Instances` of an engine. What they print goes to `ID.log` in the directory given."""

    def __init__(
        self,
        configs: Sequence[InstanceConfig],
        worlds: Worlds,
        *,
        directory: Path,
        clock: Clock,
        grace: float = GRACE,
    ) -> None:
        """Nothing runs before `start`. Raises OSError if the directory cannot be."""
        if configs:
            directory.mkdir(parents=True, exist_ok=True)
        self._machines = {
            config.id: Machine(
                config,
                is_wanted=config.id not in worlds.current.stopped_instances,
                log=directory / f"{config.id}.log",
                clock=clock,
                grace=grace,
            )
            for config in configs
        }
        self._tasks: list[asyncio.Task[None]] = []
        worlds.subscribe(self._follow)

    def describe(self) -> Sequence[Instance]:
        """All of them, in the order of the config file."""
        return [machine.describe() for machine in self._machines.values()]

    def start(self) -> None:
        """Launch every instance that was not stopped."""
        self._tasks = [asyncio.create_task(machine.run()) for machine in self._machines.values()]

    async def close(self) -> None:
        """Stop every instance, without a word to the world: the next start launches the same ones."""
        for machine in self._machines.values():
            machine.close()
        await asyncio.gather(*self._tasks)

    def _follow(self, world: World, changes: Sequence[Change]) -> None:
        for change in changes:
            if isinstance(change, InstanceWanted) and change.instance_id in self._machines:
                self._machines[change.instance_id].want(running=change.running)

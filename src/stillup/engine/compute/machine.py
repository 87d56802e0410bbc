"""One instance: the states of EC2, acted out by a process.

    state      wanted running        wanted stopped
    stopped    pending -> running    -
    running    -                     stopping -> stopped
    pending    -                     stopping, once launched
    stopping   pending, once stopped -

A command that ends on its own is not started again and the instance stays running: a machine whose server
died is the failure that health checks are there to see. `reachable` tells.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from stillup.engine.config import InstanceConfig
from stillup.engine.ports import Clock, Instance, InstanceState

_SHIM: Final = Path(__file__).with_name("shim.py")
_log: Final = logging.getLogger(__name__)


class Machine:
    """An instance of the config file."""

    def __init__(
        self, config: InstanceConfig, *, is_wanted: bool, log: Path, clock: Clock, grace: float
    ) -> None:
        self._config = config
        self._log = log
        self._clock = clock
        self._grace = grace
        self._is_wanted = is_wanted
        self._state = InstanceState.PENDING if is_wanted else InstanceState.STOPPED
        self._launched_at = clock.now()
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._changed.set()
        self._is_closing = False

    def describe(self) -> Instance:
        """The instance as it is now."""
        return Instance(
            id=self._config.id,
            state=self._state,
            launched_at=self._launched_at,
            public_ip=self._config.public_ip,
            private_ip=self._config.private_ip,
            tags=self._config.tags,
            reachable=self._process is not None and self._process.returncode is None,
        )

    def want(self, *, running: bool) -> None:
        """Have the instance run, or not; returns at once, the state already on its way."""
        self._is_wanted = running
        if running and self._state is InstanceState.STOPPED:
            self._state = InstanceState.PENDING
        elif not running and self._state is not InstanceState.STOPPED:
            self._state = InstanceState.STOPPING
        self._changed.set()

    def close(self) -> None:
        """Have `run` return once the process is gone."""
        self._is_closing = True
        self.want(running=False)

    async def run(self) -> None:
        """Make it so, until closed."""
        while not (self._is_closing and self._state is InstanceState.STOPPED):
            await self._changed.wait()
            self._changed.clear()
            if self._state is InstanceState.PENDING:
                await self._launch()
                self._pass_on(InstanceState.PENDING, InstanceState.RUNNING)
            if self._state is InstanceState.STOPPING:
                await self._halt()
                self._state = InstanceState.STOPPED
                self.want(running=self._is_wanted)

    def _pass_on(self, before: InstanceState, after: InstanceState) -> None:
        """Unless it was told otherwise meanwhile."""
        if self._state is before:
            self._state = after

    async def _launch(self) -> None:
        self._launched_at = self._clock.now()
        try:
            with self._log.open("ab") as output:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-I", "-S", str(_SHIM)),
                    *self._config.command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=output,
                    stderr=asyncio.subprocess.STDOUT,
                    cwd=self._config.cwd,
                    env={**os.environ, **self._config.env},
                    start_new_session=True,
                )
        except (OSError, ValueError) as wrong:
            _log.error("instance %s cannot be launched: %s", self._config.id, wrong)
        else:
            self._watching = asyncio.create_task(self._watch(self._process))

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if self._state is InstanceState.RUNNING:
            _log.warning("instance %s: its command ended with %d", self._config.id, code)

    async def _halt(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self._grace)
        except TimeoutError:
            _log.warning("instance %s does not stop; killing it", self._config.id)
        process.stdin.close()  # where it still runs, this is what has the shim kill it
        with suppress(ConnectionError):
            await process.stdin.wait_closed()
        if self._watching is not None:
            await self._watching

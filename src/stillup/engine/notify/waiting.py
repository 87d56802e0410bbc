"""Waiting for news or for a time, whichever comes first."""

from __future__ import annotations

import asyncio
from typing import Any

from stillup.engine.ports import Clock
from stillup.rules.ids import Instant


async def woken_or(woken: asyncio.Event, clock: Clock, until: Instant | None) -> None:
    """Return when the event is set, or at that moment of engine time; None: only the event."""

    async def pass_time(seconds: float) -> None:
        await clock.sleep(seconds)

    waits: set[asyncio.Task[Any]] = {asyncio.create_task(woken.wait())}
    if until is not None:
        waits.add(asyncio.create_task(pass_time(max(0.0, until - clock.now()))))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()


async def end(task: asyncio.Task[None] | None) -> None:
    """Cancel the task and wait until it is over."""
    if task is not None:
        task.cancel()
        await asyncio.wait([task])

"""The dead man's switch: something outside is called while all is well, so that it notices the silence."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from stillup.engine.notify.waiting import end
from stillup.engine.notify.web import Unacceptable, Unanswered, WebClient
from stillup.engine.ports import Clock, Figure
from stillup.rules.ids import Instant
from stillup.rules.topics.retries import Outcome, outcome_of

USER_AGENT: Final = "stillup heartbeat"
_log: Final = logging.getLogger(__name__)


class DeadMansSwitch:
    """Calls a URL by GET at an interval of real time, the first time at once, while `well` has nothing to say."""

    def __init__(
        self,
        *,
        url: str,
        interval: float,
        well: Callable[[], str | None],
        clock: Clock,
        client: WebClient,
    ) -> None:
        """`well`: None while all is well, else what is not."""
        self._url = url
        self._interval = interval
        self._well = well
        self._clock = clock
        self._client = client
        self._calls: Counter[str] = Counter()
        self._last_success: Instant | None = None
        self._trouble: str | None = None
        self._calling: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to call."""
        self._calling = asyncio.create_task(self._call_for_ever())

    async def close(self) -> None:
        """Call no more: whoever listens will notice."""
        await end(self._calling)

    def figures(self) -> Sequence[Figure]:
        """How the calls went."""
        calls = [
            Figure(
                "stillup_heartbeat_calls_total",
                "Calls of --heartbeat-url, by what became of them.",
                self._calls[outcome],
                {"outcome": outcome},
                is_counter=True,
            )
            for outcome in ("succeeded", "failed", "withheld")
        ]
        if self._last_success is None:
            return calls
        return [
            *calls,
            Figure(
                "stillup_heartbeat_last_success_timestamp_seconds",
                "When --heartbeat-url last answered, in engine time.",
                self._last_success,
                {},
            ),
        ]

    async def _call_for_ever(self) -> None:
        while True:
            try:
                await self._call()
            except Exception:  # noqa: BLE001 - our bug must not look like the engine's death
                _log.exception("the call of --heartbeat-url stumbled; it goes on")
            await self._clock.sleep(self._interval / self._clock.real(1.0))

    async def _call(self) -> None:
        unwell = self._well()
        if unwell is not None:
            self._calls["withheld"] += 1
            self._tell(f"it is not called: {unwell}")
            return
        try:
            status = await self._client.ask("GET", self._url, {"User-Agent": USER_AGENT})
        except (Unanswered, Unacceptable) as reason:
            self._failed(str(reason))
            return
        if outcome_of(status) is not Outcome.DELIVERED:
            self._failed(f"It answered {status}.")
            return
        self._calls["succeeded"] += 1
        self._last_success = self._clock.now()
        self._tell(None)

    def _failed(self, reason: str) -> None:
        self._calls["failed"] += 1
        self._tell(reason)

    def _tell(self, trouble: str | None) -> None:
        """Once, when it begins and when it ends. The URL is a secret: whoever knows it can speak for us."""
        if trouble is None and self._trouble is not None:
            _log.info("the heartbeat URL answers again")
        elif trouble is not None and self._trouble is None:
            _log.warning("no heartbeat: %s", trouble)
        self._trouble = trouble

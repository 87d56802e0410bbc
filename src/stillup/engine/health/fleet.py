"""The vantages at work: probes when they are due, statuses as they are decided."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol, TypeAlias

from stillup.engine.health.keeper import StatusKeeper
from stillup.engine.health.ledger import Ledger
from stillup.engine.health.measures import Measures
from stillup.engine.health.probe import Observation, Probe
from stillup.engine.health.recorder import Recorder
from stillup.engine.health.reports import Reports
from stillup.engine.health.schedule import Schedule, Slot
from stillup.engine.ports import (
    CheckerReport,
    Clock,
    Die,
    Figure,
    HealthFigures,
    RecordingArchive,
    SavedStatus,
    StatusArchive,
    StatusChange,
    Worlds,
)
from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.changes import Change, HealthCheckDeleted, HealthCheckPut
from stillup.rules.health.check import Status
from stillup.rules.health.status import Standing
from stillup.rules.health.verdict import HEALTHY_FRACTION, interval_after
from stillup.rules.ids import HealthCheckId, Instant
from stillup.rules.world import World

DEFAULT_VANTAGES: Final = ("us-east-1", "us-west-2", "eu-west-1")
PROBES_AT_ONCE: Final = 512
"""Connections that the fleet has open at a time; more probes that are due wait their turn."""
START_SPREAD: Final = 1.0
"""Seconds over which the first probes after a start are spread (decision 6), and those of a new or changed
check. The second ones give each vantage a phase of its own (HC-25)."""
SAVE_INTERVAL: Final = 60.0
"""Seconds between two rounds of saving when which status was last confirmed, and what was seen."""

_log: Final = logging.getLogger(__name__)

Listener: TypeAlias = Callable[[Sequence[StatusChange]], object]


class Probing(Protocol):
    """What the fleet needs of a Prober."""

    async def probe(self, probe: Probe) -> Observation:
        """See what there is to see."""


class Fleet:
    """Probes every check of the world from every vantage, and says what its status is.

    Implements `ports.Statuses` and `ports.HealthReports`. Make it, `subscribe`, `start`; at the end
    `close`. Between the two it follows the world. A listener hears of changed statuses in the same step
    of the event loop in which they were decided, with all that follow from them in one batch.

    The vantages of one process have schedules and verdicts of their own, but share one machine's fate.
    """

    def __init__(
        self,
        *,
        worlds: Worlds,
        clock: Clock,
        die: Die,
        prober: Probing,
        archive: StatusArchive,
        recordings: RecordingArchive,
        vantages: Sequence[str] = DEFAULT_VANTAGES,
        fraction: float = HEALTHY_FRACTION,
        probes_at_once: int = PROBES_AT_ONCE,
    ) -> None:
        self._ledger = Ledger(vantages, fraction=fraction)
        self._reports = Reports(self._ledger)
        self._measures = Measures(self._ledger)
        self._worlds = worlds
        self._clock = clock
        self._die = die
        self._prober = prober
        self._archive = archive
        self._keeper = StatusKeeper(archive)
        self._recorder = Recorder(recordings)
        self._probes_at_once = probes_at_once
        self._schedule = Schedule()
        self._unphased: set[Slot] = set()
        self._waiting: deque[Slot] = deque()
        self._under_way: dict[Slot, asyncio.Task[Observation]] = {}
        self._listeners: list[Listener] = []
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: Instant = 0.0
        self._next_save: Instant = 0.0
        self._is_running = False

    # --- what others see --------------------------------------------------------------------------

    def status(self, check_id: HealthCheckId) -> Status:
        """What this check says; healthy for one that does not exist (HC-44)."""
        return self._ledger.status(check_id)

    def standing(self, check_id: HealthCheckId) -> Standing | None:
        """Where this check stands, and since when."""
        evaluation = self._ledger.evaluations.get(check_id)
        return None if evaluation is None else evaluation.standing

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest observation of each vantage that has one."""
        return self._reports.latest(check_id)

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest failure of each vantage, or its word that there has been none (HC-54)."""
        return self._reports.last_failures(check_id)

    def checker_ranges(self) -> Sequence[str]:
        """The networks that probes come from (HC-49)."""
        return self._reports.checker_ranges()

    def since(self, check_id: HealthCheckId) -> Instant | None:
        """When the check's status became what it is; None for a check that does not exist."""
        standing = self.standing(check_id)
        return None if standing is None else standing.since

    def take(self) -> Mapping[HealthCheckId, HealthFigures]:
        """What CloudWatch learns of the checks since the last call (1.12)."""
        return self._measures.take()

    def figures(self) -> Sequence[Figure]:
        """Probes, transitions, and where every check stands."""
        under_way = Figure("stillup_probes_under_way", "Probes under way.", len(self._under_way), {})
        waiting = Figure("stillup_probes_waiting", "Probes that are due and wait.", len(self._waiting), {})
        return (*self._measures.figures(), under_way, waiting)

    def hear(self, check_id: HealthCheckId, state: AlarmState) -> None:
        """What the metric of a CLOUDWATCH_METRIC check says (HC-38)."""
        if self._is_running:
            self._publish(self._ledger.hear(check_id, state, self._clock.now()))
            self._arm()

    def subscribe(self, listener: Listener) -> None:
        """Have `listener` called with every batch of statuses that have changed."""
        self._listeners.append(listener)

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take the world's checks up where they were saved, and probe each at once, spread over a second."""
        now = self._clock.now()
        saved = {each.check_id: each for each in self._archive.load()}
        checks = self._worlds.current.health_checks.values()
        self._is_running = True
        self._next_save = now + SAVE_INTERVAL
        self._publish(self._ledger.restore(checks, saved, now))
        for check in checks:
            self._recorder.note_check(check, now)
            self._plan_first_probes(check.id, now)
        self._worlds.subscribe(self._follow)
        self._arm()

    async def close(self) -> None:
        """Stop probing, close every connection, save the statuses."""
        self._is_running = False
        if self._timer is not None:
            self._timer.cancel()
        self._waiting.clear()
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._save_all()
        await self._keeper.flush()
        await self._recorder.flush()

    @property
    def is_idle(self) -> bool:
        """Whether no probe is under way or waiting for its turn."""
        return not self._under_way and not self._waiting

    @property
    def next_at(self) -> Instant:
        """When there is something to do next."""
        due = self._schedule.next_at()
        return self._next_save if due is None else min(due, self._next_save)

    def run_due(self) -> None:
        """Begin whatever is due now. The fleet calls this when it is time; calling it too early does no harm."""
        now = self._clock.now()
        for slot in self._schedule.due(now):
            if slot.vantage is None:
                self._publish(self._ledger.look_again(slot.check_id, now))
            else:
                self._waiting.append(slot)
        self._begin_waiting()
        if self._next_save <= now:
            self._next_save = now + SAVE_INTERVAL
            self._save_all()
        self._arm()

    # --- the world --------------------------------------------------------------------------------

    def _follow(self, world: World, changes: Sequence[Change]) -> None:
        if not self._is_running:
            return
        now = self._clock.now()
        for change in changes:
            match change:
                case HealthCheckPut(check):
                    self._recorder.note_check(check, now)
                    changed, replan = self._ledger.put(check, now)
                    if replan:
                        self._forget(check.id)
                        self._plan_first_probes(check.id, now)
                    self._publish(changed)
                case HealthCheckDeleted(check_id):
                    self._recorder.note_deletion(check_id, now)
                    self._forget(check_id)
                    self._publish(self._ledger.delete(check_id, now))
                case _:
                    continue
        self._begin_waiting()  # in place of what was under way for checks that have changed or gone
        self._arm()

    def _plan_first_probes(self, check_id: HealthCheckId, now: Instant) -> None:
        evaluation = self._ledger.evaluations[check_id]
        if evaluation.is_probed:
            spread = min(START_SPREAD, evaluation.pace.interval)
            for vantage in evaluation.verdicts:
                slot = Slot(check_id, vantage)
                self._unphased.add(slot)
                self._schedule.plan(slot, now + spread * self._die.fraction())

    def _forget(self, check_id: HealthCheckId) -> None:
        """Drop everything that is planned, waits or is under way for this check."""
        for vantage in (None, *self._ledger.vantages):
            slot = Slot(check_id, vantage)
            self._schedule.forget(slot)
            self._unphased.discard(slot)
            if task := self._under_way.pop(slot, None):
                task.cancel()
        self._waiting = deque(slot for slot in self._waiting if slot.check_id != check_id)

    # --- probing ----------------------------------------------------------------------------------

    def _begin_waiting(self) -> None:
        while self._waiting and len(self._under_way) < self._probes_at_once:
            slot = self._waiting.popleft()
            probe = self._ledger.evaluations[slot.check_id].probe
            assert probe is not None  # noqa: S101 — only endpoint checks have slots
            task = asyncio.create_task(self._prober.probe(probe))
            self._under_way[slot] = task
            task.add_done_callback(partial(self._ended, slot))

    def _ended(self, slot: Slot, task: asyncio.Task[Observation]) -> None:
        if self._under_way.get(slot) is not task:
            return  # the check changed or went away meanwhile
        del self._under_way[slot]
        if not self._is_running or task.cancelled():
            return
        now = self._clock.now()
        evaluation = self._ledger.evaluations[slot.check_id]
        vantage = slot.vantage or ""
        if (bug := task.exception()) is not None:
            _log.error(
                "a probe broke; nothing is known from it", exc_info=bug, extra={"check": slot.check_id}
            )
        else:
            seen = task.result()
            before = evaluation.latest.get(vantage)
            if seen.status is None and (before is None or before.status is not None):
                _log.warning(
                    "a vantage cannot probe; it is not counted",
                    extra={"check": slot.check_id, "vantage": vantage, "saw": seen.text},
                )
            self._measures.note_probe(slot.check_id, vantage, seen)
            if seen.status is not None:
                interval = evaluation.pace.interval
                self._recorder.note_probe(slot.check_id, vantage, seen.status, now, interval=interval)
            self._publish(self._ledger.observe(slot.check_id, vantage, seen, now))
        wait = interval_after(evaluation.verdicts[vantage], evaluation.pace)
        if slot in self._unphased:
            self._unphased.discard(slot)
            wait *= self._die.fraction()
        self._schedule.plan(slot, now + wait)
        self._begin_waiting()
        self._arm()

    # --- telling ----------------------------------------------------------------------------------

    def _publish(self, changes: Sequence[StatusChange]) -> None:
        for check_id, at in self._ledger.take_waits().items():
            self._schedule.plan(Slot(check_id, None), at)
        if not changes:
            return
        self._measures.note_changes(changes)
        for listener in self._listeners:
            try:
                listener(changes)
            except Exception:  # noqa: BLE001 - the others must hear of it, and the probes go on
                _log.exception("a listener failed on a change of status")
        for change in changes:
            self._log_change(change)
        self._keeper.keep(saved for change in changes if (saved := self._saved(change.check_id)))

    def _log_change(self, change: StatusChange) -> None:
        evaluation = self._ledger.evaluations.get(change.check_id)
        saw = {vantage: seen.text for vantage, seen in evaluation.latest.items()} if evaluation else {}
        _log.info(
            "health status changed",
            extra={
                "check": change.check_id,
                "was": change.status.opposite.value,
                "is": change.status.value,
                "saw": saw,
            },
        )

    def _saved(self, check_id: HealthCheckId) -> SavedStatus | None:
        """What to keep of a check: nothing before anybody has seen anything of it."""
        evaluation = self._ledger.evaluations.get(check_id)
        if evaluation is None or evaluation.check.config.disabled or evaluation.confirmed_at is None:
            return None
        return SavedStatus(check_id, evaluation.standing.held, evaluation.confirmed_at)

    def _save_all(self) -> None:
        self._recorder.save()
        self._keeper.keep(saved for check_id in self._ledger.evaluations if (saved := self._saved(check_id)))

    def _arm(self) -> None:
        if not self._is_running:
            return
        at = self.next_at
        if self._timer is not None:
            if self._timer_at <= at:
                return  # it fires in time, and is then armed anew
            self._timer.cancel()
        wait = max(0.0, at - self._clock.now())
        self._timer_at = at
        self._timer = asyncio.get_running_loop().call_later(self._clock.real(wait), self._fire)

    def _fire(self) -> None:
        self._timer = None
        self.run_due()

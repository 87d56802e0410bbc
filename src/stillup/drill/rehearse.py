"""A drill from its beginning to its end: look, break, watch, restore, watch the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from stillup.drill.breakers.breaker import Breaker
from stillup.drill.delivery.inbox import Inbox
from stillup.drill.interrupts import Interrupts
from stillup.drill.logbook import Logbook, Seen
from stillup.drill.phases import Course, outage, phases, problems
from stillup.drill.restoring import Net, NotRestored, record_of, state_file
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.target import CannotDrill, Target
from stillup.drill.timeline import Drill, Moment, Sighting, Watcher
from stillup.drill.watchers.deliveries import is_settled
from stillup.drill.watchers.lookouts import lookouts
from stillup.drill.watchers.watching import watching
from stillup.plan.prediction import Prediction, Span
from stillup.provision.account import Account

INVERTED: Final = Span(0, 2, 60)
"""What stands for detection and recovery where the check is inverted: nothing has to be detected, Route 53 has to
pass the change on (its changes usually take less than a minute)."""
UNPREDICTED: Final = 600.0
"""Seconds of patience where nothing is predicted."""
MARGIN: Final = 60.0
STEADY_WITHIN: Final = 60.0
"""Seconds until all watchers must see the primary, before anything is broken."""
DELIVERED_WITHIN: Final = 60.0
DELIVERED_WITHIN_REALLY: Final = 10.0
"""Seconds that deliveries are waited for, of the watched clock, and real ones: networks know no faster clocks."""
LATE: Final = 2.0
LATE_REALLY: Final = 1.0
"""By how much watchers may notice late: seconds of the watched clock, and real ones."""
_ROADS: Final = frozenset({Watcher.AUTHORITY, Watcher.RESOLVER, Watcher.VISITOR})
_TELLING: Final = frozenset({Watcher.ALARM, Watcher.MESSAGE})


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that a drill needs to know. Times are of the watched clock."""

    target: Target
    account: Account
    breaker: Breaker
    prediction: Prediction | None
    budget: float | None
    state: Path
    """The folder of restore records."""
    patience: float | None = None
    """Seconds for the way there, and again for the way back; None: twice the worst that is predicted, and a margin."""
    inbox: Inbox | None = None
    """What a webhook of the drill's own is told."""
    tell: Callable[[float, str], None] = lambda _at, _text: None
    """Gets what happens, for whoever watches: seconds since the drill began, and a sentence."""

    @property
    def is_inverted(self) -> bool:
        """Whether this way of breaking skips the detection."""
        return self.breaker.method == "invert"

    @property
    def expected(self) -> Prediction | None:
        """The prediction for this way of breaking."""
        given = self.prediction
        if given is None or not self.is_inverted:
            return given
        return replace(
            given,
            detection=INVERTED,
            recovery=INVERTED,
            alarm=_without(given.alarm, given.detection),
            alarm_back=_without(given.alarm_back, given.recovery),
        )

    @property
    def is_held(self) -> bool:
        """Whether visitors stay on the standby until somebody releases them (`stillup:latch`, on an engine)."""
        return self.prediction is not None and self.prediction.is_held


def rehearse(rehearsal: Rehearsal, clock: Stopwatch, interrupts: Interrupts) -> Drill:
    """Carry it out. What the primary was before, it is again when this returns or raises, or the Drill says it is not.

    Raises CannotDrill and BreakFailed where nothing could be broken, botocore's errors. Ctrl-C ends it early: the
    Drill then says so.
    """
    logbook = Logbook(clock, lambda each: rehearsal.tell(each.at, _line(each)))
    net = _net(rehearsal, clock, interrupts)
    interrupted, unrestored = False, None
    try:
        with watching(lookouts(rehearsal.target, rehearsal.account, clock, inbox=rehearsal.inbox), logbook):
            try:
                _perform(rehearsal, logbook, net)
            finally:
                net.restore()
    except KeyboardInterrupt:
        interrupted = True
    except NotRestored as why:
        unrestored = str(why)
    silent = frozenset(side for side in (True, False) if not rehearsal.target.tells(is_primary=side))
    course = Course(logbook.sightings(), net.broken, net.restored, clock.elapsed(), silent)
    return _drill(rehearsal, clock, course, interrupted=interrupted, unrestored=unrestored)


def _net(rehearsal: Rehearsal, clock: Stopwatch, interrupts: Interrupts) -> Net:
    record = record_of(rehearsal.account, rehearsal.target, rehearsal.breaker, clock.began_at)
    return Net(
        rehearsal.breaker,
        state_file(rehearsal.state, record),
        clock=clock,
        interrupts=interrupts,
        tell=lambda text: rehearsal.tell(clock.elapsed(), text),
    )


def _perform(rehearsal: Rehearsal, logbook: Logbook, net: Net) -> None:
    clock = logbook.clock
    if not logbook.wait_until(lambda seen: _all_see(seen, _ROADS, is_primary=True), within=STEADY_WITHIN):
        raise CannotDrill(f"not everybody is led to the primary before the drill: {_dissenters(logbook)}")
    logbook.wait_until(_alarm_is_armed, within=_patience_for_alarm(rehearsal))
    rehearsal.tell(clock.elapsed(), f"breaking the primary: {rehearsal.breaker.method}")
    with net.breaking():
        rehearsal.tell(clock.elapsed(), "the primary is broken")
        _watch_the_way(rehearsal, logbook, is_primary=False)
        rehearsal.tell(clock.elapsed(), "restoring the primary")
    rehearsal.tell(clock.elapsed(), "the primary is restored")
    if rehearsal.is_held:
        rehearsal.tell(
            clock.elapsed(), "failback is held: visitors stay on the standby until you release the latch"
        )
    else:
        _watch_the_way(rehearsal, logbook, is_primary=True)


def _watch_the_way(rehearsal: Rehearsal, logbook: Logbook, *, is_primary: bool) -> None:
    """Until everybody is there, the alarm has said so and its message has arrived; or patience is over."""
    expected = rehearsal.expected
    way = None if expected is None else expected.up if is_primary else expected.down
    patience = rehearsal.patience or (UNPREDICTED if way is None else 2 * way.worst + MARGIN)
    logbook.wait_until(lambda seen: _all_see(seen, _ROADS, is_primary=is_primary), within=patience)
    alarm = rehearsal.target.alarm
    if alarm is not None:
        tells = rehearsal.target.tells(is_primary=is_primary)
        kinds = _TELLING if tells else frozenset({Watcher.ALARM})
        logbook.wait_until(
            lambda seen: (
                _all_see(seen, kinds, is_primary=is_primary)
                and len({k for k, _ in seen} & kinds) == len(kinds)
            ),
            within=_patience_for_alarm(rehearsal),
        )
        if tells:
            logbook.wait_until(
                lambda seen: _is_delivered(seen, is_primary=is_primary),
                within=max(DELIVERED_WITHIN, DELIVERED_WITHIN_REALLY * logbook.clock.rate),
            )


def _is_delivered(seen: Seen, *, is_primary: bool) -> bool:
    """To everybody of whom that can be told. Nobody waits for a message that was not even handed over."""
    kinds = {watcher for watcher, _ in seen}
    return not {Watcher.MESSAGE, Watcher.DELIVERY} <= kinds or all(
        is_settled(each, is_primary=is_primary)
        for (watcher, _), each in seen.items()
        if watcher is Watcher.DELIVERY
    )


def _patience_for_alarm(rehearsal: Rehearsal) -> float:
    """CloudWatch looks once a period, and may be a minute or two late."""
    alarm = rehearsal.target.alarm
    return 0.0 if alarm is None else (alarm.evaluation_periods + 2) * max(60, alarm.period) + MARGIN


def _alarm_is_armed(seen: Seen) -> bool:
    """An alarm that has gone off already would not be seen to go off."""
    states = [each.state for (watcher, _), each in seen.items() if watcher is Watcher.ALARM]
    return states != [] and "ALARM" not in states


def _all_see(seen: Seen, kinds: frozenset[Watcher], *, is_primary: bool) -> bool:
    views = [each.is_primary for (watcher, _), each in seen.items() if watcher in kinds]
    return views != [] and all(each is is_primary for each in views)


def _dissenters(logbook: Logbook) -> str:
    wrong = [each for each in logbook.latest().values() if each.watcher in _ROADS and not each.is_primary]
    return "; ".join(f"{each.watcher} {each.who}: {each.state} {each.detail}".rstrip() for each in wrong)


def _line(sighting: Sighting) -> str:
    detail = f" ({sighting.detail})" if sighting.detail else ""
    return f"{sighting.watcher} {sighting.who}: {sighting.state}{detail}"


def _without(alarm: Span | None, detection: Span) -> Span | None:
    """The alarm's span counts from the failure, detection included: what it is where that is skipped."""
    if alarm is None:
        return None
    best, expected, worst = INVERTED.best, INVERTED.expected, INVERTED.worst
    return Span(
        alarm.best - detection.best + best,
        alarm.expected - detection.expected + expected,
        alarm.worst - detection.worst + worst,
    )


def _drill(
    rehearsal: Rehearsal, clock: Stopwatch, course: Course, *, interrupted: bool, unrestored: str | None
) -> Drill:
    found = phases(course, rehearsal.expected)
    undetected = rehearsal.prediction.detection if rehearsal.prediction and rehearsal.is_inverted else None
    against = problems(
        course,
        found,
        budget=rehearsal.budget,
        undetected=undetected,
        tolerance=LATE + LATE_REALLY * clock.rate,
    )
    moments = [(Moment.BEGUN, 0.0)]
    if course.broken is not None:
        moments.append((Moment.BROKEN, course.broken.done))
    if course.restored is not None:
        moments.append((Moment.RESTORED, course.restored.done))
    return Drill(
        failover=rehearsal.target.failover.name,
        method=rehearsal.breaker.method,
        began_at=clock.began_at,
        moments=(*moments, (Moment.ENDED, course.ended)),
        sightings=tuple(course.sightings),
        phases=found,
        prediction=rehearsal.expected,
        budget=rehearsal.budget,
        outage=outage(course),
        problems=(*filter(None, [unrestored]), *(() if interrupted else against)),
        interrupted=interrupted,
    )

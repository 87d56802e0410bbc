"""From what was seen and done to phases, the outage, and what speaks against passing. No I/O, no clock.

broken ── detection ──> status ── switch ──> answers ── cache ──> everybody on the standby
broken ── alarm ──────> ALARM ── message ──> delivered to somebody
restored ── recovery ─> status ── switch back ─> answers ── cache back ─> everybody on the primary
restored ── alarm back ─> OK ── message back ─> delivered to somebody

Where no delivery can be proven, `message` ends when the message is handed to the topic, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from stillup.drill.timeline import Phase, Sighting, Watcher
from stillup.plan.prediction import Prediction, Span

_EVERYBODY: Final = frozenset({Watcher.RESOLVER, Watcher.VISITOR})
_ANSWERS: Final = frozenset({Watcher.AUTHORITY})
_STATUS: Final = frozenset({Watcher.CHECK})
_ALARM: Final = frozenset({Watcher.ALARM})
_MESSAGE: Final = frozenset({Watcher.MESSAGE})
_DELIVERY: Final = frozenset({Watcher.DELIVERY})
HANDED_OVER: Final = "handed to the topic; whether mails arrive only the mailbox knows, and --listen has the drill itself be told"
"""All that is known of a message whose deliveries nobody can see."""


@dataclass(frozen=True, slots=True)
class Act:
    """Breaking, or restoring: it took effect at some time between these two. Seconds since the drill began."""

    began: float
    done: float


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that was measured."""

    sightings: Sequence[Sighting]
    broken: Act | None = None
    restored: Act | None = None
    ended: float = 0.0
    silent: frozenset[bool] = frozenset()
    """The sides (True: the primary) of which the alarm tells nobody."""


def phases(course: Course, prediction: Prediction | None) -> tuple[Phase, ...]:
    """The phases that began, in order. Where nobody had left the primary there is no way back."""
    found: list[Phase] = []
    if course.broken is not None:
        until = None if course.restored is None else course.restored.began
        found += _way(course, course.broken, until, prediction, is_primary=False)
    if course.restored is not None and _had_left(course):
        found += _way(course, course.restored, None, prediction, is_primary=True)
    return tuple(found)


def outage(course: Course) -> float | None:
    """Seconds without a page for the visitor who honours the TTL, from the breaking on; None: it never came back."""
    if course.broken is None:
        return 0.0
    total, since = 0.0, None
    for each in course.sightings:
        if each.watcher is not Watcher.VISITOR:
            continue
        if since is not None:
            total += each.at - max(since, course.broken.began)
        since = each.at if each.is_primary is None and each.at >= course.broken.began else None
    return total if since is None else None


def held(
    sightings: Sequence[Sighting],
    kinds: frozenset[Watcher],
    *,
    is_primary: bool,
    after: float,
    until: float | None = None,
    every: bool = True,
) -> float | None:
    """The first moment, not before `after` and not after `until`, at which every watcher of these kinds sees this side.

    Who never saw either side is left out. With `every` False one of them is enough.
    """
    of_kind = [each for each in sightings if each.watcher in kinds]
    watchers = {(each.watcher, each.who) for each in of_kind if each.is_primary is not None}
    latest: dict[tuple[Watcher, str], bool | None] = {}
    wait = after
    for each in [*of_kind, None]:
        at = float("inf") if each is None else each.at
        seen = [latest.get(key) is is_primary for key in watchers]
        if seen and (all(seen) if every else any(seen)) and wait < at:
            return wait if until is None or wait <= until else None
        if each is not None:
            latest[each.watcher, each.who] = each.is_primary
            wait = max(after, each.at)
    return None


def _had_left(course: Course) -> bool:
    """Whether the status, or an answer, ever spoke against the primary after the breaking."""
    return course.broken is not None and any(
        each.watcher in _STATUS | _ANSWERS and each.is_primary is False and each.at >= course.broken.began
        for each in course.sightings
    )


def _way(
    course: Course, act: Act, until: float | None, prediction: Prediction | None, *, is_primary: bool
) -> Iterator[Phase]:
    """The way to the standby, or back."""
    back = " back" if is_primary else ""
    seen = course.sightings

    def when(kinds: frozenset[Watcher], after: float, *, every: bool = True) -> float | None:
        return held(seen, kinds, is_primary=is_primary, after=after, until=until, every=every)

    def is_told(kinds: frozenset[Watcher]) -> bool:
        """Whether they can tell: those who had seen this side before the act already say nothing about it."""
        before = {
            (each.watcher, each.who): each for each in seen if each.watcher in kinds and each.at < act.began
        }
        return not before or any(each.is_primary is not is_primary for each in before.values())

    # An answer that has changed proves that the status has, whether or not that was seen.
    signs = [when(_STATUS, act.began) if is_told(_STATUS) else None, when(_ANSWERS, act.began, every=False)]
    status = min((each for each in signs if each is not None), default=None)
    detection = None if prediction is None else prediction.recovery if is_primary else prediction.detection
    yield Phase(
        "recovery" if is_primary else "detection", min(act.done, status or act.done), status, detection
    )
    if status is not None:
        answers = when(_ANSWERS, status)
        yield Phase(f"switch{back}", status, answers, None if prediction is None else prediction.switch)
        if answers is not None:
            cache = None if prediction is None else prediction.cache
            if is_primary and prediction is not None:
                cache = prediction.cache_back or prediction.cache
            everybody = when(_EVERYBODY, act.began)
            reached = None if everybody is None else max(everybody, answers)
            yield Phase(f"cache{back}", answers, reached, cache)
    if any(each.watcher is Watcher.ALARM for each in seen) and is_told(_ALARM):
        alarm = when(_ALARM, act.began)
        expected = None if prediction is None else prediction.alarm_back if is_primary else prediction.alarm
        yield Phase(f"alarm{back}", min(act.done, alarm or act.done), alarm, expected)
        is_silent = is_primary in course.silent
        if alarm is not None and not is_silent and any(each.watcher is Watcher.MESSAGE for each in seen):
            message, remark = _told(seen, act, until, is_primary=is_primary)
            reached = None if message is None else max(message, alarm)
            predicted = None if prediction is None else prediction.message
            yield Phase(f"message{back}", alarm, reached, predicted, remark)


def _told(
    sightings: Sequence[Sighting], act: Act, until: float | None, *, is_primary: bool
) -> tuple[float | None, str]:
    """When the first of those who are told had the message, as far as anybody can know, and how that is known."""
    if not any(each.watcher is Watcher.DELIVERY for each in sightings):
        handed = held(sightings, _MESSAGE, is_primary=is_primary, after=act.began, until=until)
        return handed, "" if handed is None else HANDED_OVER
    at = held(sightings, _DELIVERY, is_primary=is_primary, after=act.began, until=until, every=False)
    latest = {
        each.who: each
        for each in sightings
        if each.watcher is Watcher.DELIVERY and (until is None or each.at <= until)
    }
    told = [each.who for each in latest.values() if each.is_primary is is_primary]
    others = [f"{each.who}: {each.state}" for each in latest.values() if each.is_primary is not is_primary]
    words = (
        f"delivered to {', '.join(told)}" if told else "",
        f"not to {'; '.join(others)}" if others else "",
    )
    return at, "; ".join(filter(None, words))


def problems(
    course: Course,
    found: Sequence[Phase],
    *,
    budget: float | None,
    undetected: Span | None,
    tolerance: float,
) -> Iterator[str]:
    """What speaks against passing.

    `undetected` is the detection that this way of breaking skips: at its worst it is charged to the budget.
    `tolerance` is how late, in seconds, watchers may notice.
    """
    for phase in found:
        if phase.seconds is None:
            yield f"{phase.name} had not ended when patience did, {course.ended - phase.began:.0f} s after it began"
        elif phase.predicted is not None and phase.seconds > phase.predicted.worst + tolerance:
            yield (
                f"{phase.name} took {phase.seconds:.1f} s,"
                f" where at worst {phase.predicted.worst:.1f} s are predicted"
            )
    reached = next((each.ended for each in found if each.name == "cache"), None)
    if budget is None or reached is None or course.broken is None:
        return
    took, skipped = reached - course.broken.done, 0.0 if undetected is None else undetected.worst
    if took + skipped > budget:
        added = f" and {skipped:.1f} s of detection, which this method skips," if skipped else ""
        yield (
            f"over budget: visitors had the standby after {took:.1f} s;{added}"
            f" {took + skipped:.1f} s are {took + skipped - budget:.1f} s more than the {budget:g} s allowed"
        )

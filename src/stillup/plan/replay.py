"""What would have happened: recorded observations, judged by the rules again, as they were or otherwise.

The rules are the engine's own: `rules.health.verdict` and `rules.health.status`. Times are seconds since the epoch.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.health.refinements import Pace, Refinements, pace, refinements_of
from stillup.rules.health.status import Standing, stand
from stillup.rules.health.verdict import HEALTHY_FRACTION, UNDECIDED, Verdict, count, interval_after, observe
from stillup.rules.ids import Instant


@dataclass(frozen=True, slots=True)
class Outage:
    """A time for which the check was unhealthy, and visitors were sent to the standby."""

    began: Instant
    ended: Instant | None
    """None: it had not ended with the recording."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a check would have said."""

    since: Instant
    until: Instant
    probes: int
    """How many of the recorded ones the check would have made."""
    outages: tuple[Outage, ...]

    @property
    def switches(self) -> int:
        """How often visitors would have been sent to the standby."""
        return len(self.outages)

    @property
    def seconds_on_standby(self) -> float:
        """Altogether."""
        return sum(self.seconds(each) for each in self.outages)

    def seconds(self, outage: Outage) -> float:
        """How long it lasted, at least."""
        return (self.until if outage.ended is None else outage.ended) - outage.began


def without_counterpart(outages: Sequence[Outage], others: Sequence[Outage]) -> tuple[Outage, ...]:
    """Those during which none of the others was."""
    return tuple(each for each in outages if not any(_overlap(each, other) for other in others))


def _overlap(one: Outage, other: Outage) -> bool:
    return (other.ended is None or one.began < other.ended) and (one.ended is None or other.began < one.ended)


def as_it_was(check: HealthCheck) -> HealthCheck:
    """No change."""
    return check


def replay(
    runs: Sequence[Run],
    eras: Sequence[CheckEra],
    *,
    since: Instant,
    until: Instant,
    change: Callable[[HealthCheck], HealthCheck] = as_it_was,
    fraction: float = HEALTHY_FRACTION,
) -> Replay:
    """Judge the runs of one check by its eras: how it was configured, from when on, each changed by `change`.

    | era                            | does                                                            |
    |--------------------------------|-----------------------------------------------------------------|
    | the first, however late        | judges what was seen before it too                              |
    | one with another configuration | goes on with verdicts and standing, as an engine does           |
    | a deletion                     | forgets both: nothing is asked, and the check is healthy (HC-44)|

    Probes that the changed check would not have made, since its interval is longer, are left out. Vantages are
    those that the runs name; regions of the configuration choose among them.
    """
    judge = _Judge(fraction, change, sorted({run.vantage for run in runs}))
    coming = sorted(eras, key=lambda era: era.since)
    if coming:
        judge.configure(coming.pop(0).check, since)
    for at, vantage, seen in _probes(runs, since, until):
        while coming and coming[0].since <= at:
            era = coming.pop(0)
            judge.configure(era.check, era.since)
        judge.hear(vantage, seen, at)
    for era in coming:
        if era.since < until:
            judge.configure(era.check, era.since)
    judge.pass_time(until)
    return Replay(since, until, judge.probes, tuple(judge.outages))


def shortest_interval(runs: Iterable[Run]) -> float | None:
    """Seconds between the recorded probes of one vantage: no replay can be closer. None: too little was seen."""
    spacings = sorted(run.spacing for run in runs if run.count > 1)
    return spacings[len(spacings) // 2] if spacings else None


def _probes(runs: Sequence[Run], since: Instant, until: Instant) -> Iterator[tuple[Instant, str, Status]]:
    """Every probe in the order of time."""
    each = ([(at, run.vantage, run.seen) for at in run.moments() if since <= at < until] for run in runs)
    return heapq.merge(*each)


class _Judge:
    """Where the check stands, probe by probe."""

    def __init__(
        self, fraction: float, change: Callable[[HealthCheck], HealthCheck], vantages: Sequence[str]
    ) -> None:
        self.probes = 0
        self.outages: list[Outage] = []
        self._fraction = fraction
        self._change = change
        self._vantages = vantages
        self._check: HealthCheck | None = None
        self._refinements = Refinements()
        self._pace: Pace
        self._standing: Standing | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._asked: dict[str, Instant] = {}
        self._asks_less = False
        self._made_every = 0.0

    def configure(self, recorded: HealthCheck | None, at: Instant) -> None:
        """The check was this from now on; None: it is gone."""
        if recorded is None:
            self._check, self._standing, self._verdicts, self._asked = None, None, {}, {}
            self._note(Status.HEALTHY, at)
            return
        check = self._check = self._change(recorded)
        self._refinements, self._pace, made = refinements_of(check), pace(check), pace(recorded)
        self._made_every = made.interval
        self._asks_less = (
            self._pace.interval > made.interval or self._pace.confirm_interval > made.confirm_interval
        )
        named = [each for each in self._vantages if each in check.config.regions] or self._vantages
        self._verdicts = {each: self._verdicts.get(each, UNDECIDED) for each in named}
        self._settle(at)

    def hear(self, vantage: str, seen: Status, at: Instant) -> None:
        """A vantage saw this then."""
        verdict = self._verdicts.get(vantage)
        if self._check is None or verdict is None or self._check.config.disabled:
            return
        self.pass_time(at)
        last = self._asked.get(vantage) if self._asks_less else None
        # Of the probes that were made, the one that is nearest to when this check would have made one.
        if last is not None and at - last < interval_after(verdict, self._pace) - self._made_every / 2:
            return
        self._asked[vantage] = at
        self.probes += 1
        self._verdicts[vantage] = observe(verdict, seen, fall=self._pace.fall, rise=self._pace.rise)
        self._settle(at, failed=seen is Status.UNHEALTHY)

    def pass_time(self, until: Instant) -> None:
        """Nothing is seen until then, but `stillup:recover-after` may run out."""
        while (
            self._standing is not None and (held := self._standing.held_until) is not None and held <= until
        ):
            self._settle(held)

    def _settle(self, at: Instant, *, failed: bool = False) -> None:
        if self._check is None:
            return
        counted = count(self._verdicts.values(), fraction=self._fraction)
        self._standing = stand(
            self._check, counted, self._standing, refinements=self._refinements, now=at, failed=failed
        )
        self._note(self._standing.status, at)

    def _note(self, status: Status, at: Instant) -> None:
        is_out = bool(self.outages) and self.outages[-1].ended is None
        if status is Status.UNHEALTHY and not is_out:
            self.outages.append(Outage(at, None))
        elif status is Status.HEALTHY and is_out:
            self.outages[-1] = Outage(self.outages[-1].began, at)

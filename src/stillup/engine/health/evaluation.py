"""One check as the fleet holds it: the vantages' verdicts and where the check stands. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stillup.engine.health.probe import Observation, Probe, probe_of
from stillup.engine.ports import SavedStatus
from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.health.check import HealthCheck, HealthCheckType, Status
from stillup.rules.health.refinements import Pace, Refinements, pace, refinements_of
from stillup.rules.health.status import Standing, is_recent, restore, stand
from stillup.rules.health.verdict import UNDECIDED, Verdict, count, observe
from stillup.rules.ids import Instant


@dataclass(slots=True)
class Evaluation:
    """The state of one check. Made by `begin`."""

    check: HealthCheck
    refinements: Refinements
    pace: Pace
    probe: Probe | None
    """None: there is nothing to probe, the check is CALCULATED or follows a metric."""
    verdicts: dict[str, Verdict]
    """Of each vantage that takes part."""
    standing: Standing
    watched_since: Instant
    latest: dict[str, Observation] = field(default_factory=dict)
    failures: dict[str, Observation] = field(default_factory=dict)
    """The latest failure that each vantage saw."""
    confirmed_at: Instant | None = None
    """When an observation, the children or the metric were last counted, here or before a restart."""
    stream: AlarmState | None = None
    """What a CLOUDWATCH_METRIC check's metric last said; None: not evaluated since the check was configured."""

    @property
    def is_calculated(self) -> bool:
        """Whether it is made of other checks."""
        return self.check.config.type is HealthCheckType.CALCULATED

    @property
    def is_probed(self) -> bool:
        """Whether the vantages probe it now (HC-32)."""
        return self.probe is not None and not self.check.config.disabled

    def configure(self, check: HealthCheck, vantages: Sequence[str]) -> bool:
        """Take the check as it is from now on; return whether its probes must be planned anew.

        | what has changed                          | verdicts             | probes          |
        |-------------------------------------------|----------------------|-----------------|
        | what is asked: endpoint, path, Host, TLS  | begin anew           | planned anew    |
        | it is disabled, or enabled                | begin anew (HC-30)   | planned anew    |
        | what counts as good, time-outs, interval  | kept                 | planned anew    |
        | Regions                                   | of those that remain | planned anew    |
        | anything else                             | kept                 | as planned      |

        Where verdicts begin anew the status stays what it is until there are enough new ones.
        """
        was_probed, old_probe, old_pace = self.is_probed, self.probe, self.pace
        if check.trigger != self.check.trigger:
            self.stream = None
        self.check = check
        self.refinements = refinements_of(check)
        self.pace = pace(check)
        self.probe = probe_of(check, self.refinements) if check.config.type.is_endpoint else None
        begins_anew = self.is_probed != was_probed or not _asks_the_same(old_probe, self.probe)
        kept = {} if begins_anew else self.verdicts
        same_vantages = self.verdicts.keys() == set(vantages)
        self.verdicts = {vantage: kept.get(vantage, UNDECIDED) for vantage in vantages}
        if begins_anew:
            self.latest, self.failures = {}, {}
        return begins_anew or not same_vantages or (old_probe, old_pace) != (self.probe, self.pace)

    def observe(self, vantage: str, seen: Observation) -> bool:
        """Take in one observation; return whether the check must be settled again."""
        before = self.latest.get(vantage)
        self.latest[vantage] = seen
        if seen.status is None:
            return before is None or before.status is not None
        self.confirmed_at = seen.at
        held = self.verdicts[vantage]
        verdict = observe(held, seen.status, fall=self.pace.fall, rise=self.pace.rise)
        self.verdicts[vantage] = verdict
        if seen.status is Status.UNHEALTHY:
            self.failures[vantage] = seen
            return True
        can_count_again = before is not None and before.status is None
        return verdict.status is not held.status or can_count_again

    def count(self, *, fraction: float) -> Status | None:
        """What the vantages that can probe at all say together (HC-23, decision 6)."""
        return count(self.held(), fraction=fraction)

    def held(self) -> Sequence[Verdict]:
        """The verdicts of the vantages that can probe at all."""
        return [
            verdict
            for vantage, verdict in self.verdicts.items()
            if (seen := self.latest.get(vantage)) is None or seen.status is not None
        ]

    def settle(self, counted: Status | None, *, now: Instant, failed: bool = False) -> None:
        """Decide where the check stands now."""
        self.standing = stand(
            self.check, counted, self.standing, refinements=self.refinements, now=now, failed=failed
        )
        if self.is_calculated:
            self.confirmed_at = now


def begin(check: HealthCheck, vantages: Sequence[str], saved: SavedStatus | None, now: Instant) -> Evaluation:
    """A check that is new here: it stands where it was saved if that is recent, else by HC-30."""
    refined = refinements_of(check)
    is_kept = saved is not None and is_recent(check, saved.status, saved.at, refinements=refined, now=now)
    before = restore(check, saved.status, saved.at, refinements=refined) if saved and is_kept else None
    return Evaluation(
        check=check,
        refinements=refined,
        pace=pace(check),
        probe=probe_of(check, refined) if check.config.type.is_endpoint else None,
        verdicts=dict.fromkeys(vantages, UNDECIDED),
        standing=stand(check, None, before, refinements=refined, now=now),
        watched_since=now,
        confirmed_at=saved.at if saved and is_kept else None,
    )


def _asks_the_same(old: Probe | None, new: Probe | None) -> bool:
    if old is None or new is None:
        return old is new
    asks = [
        (each.address, each.name, each.port, each.tls, each.http and each.http.request) for each in (old, new)
    ]
    return asks[0] == asks[1]

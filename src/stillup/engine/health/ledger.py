"""Every check's evaluation, and which statuses change when something happens. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stillup.engine.health.evaluation import Evaluation, begin
from stillup.engine.health.probe import Observation
from stillup.engine.ports import SavedStatus, StatusChange
from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.health.status import calculate
from stillup.rules.health.stream import stream_status
from stillup.rules.health.verdict import HEALTHY_FRACTION
from stillup.rules.ids import HealthCheckId, Instant


def taking_part(vantages: Sequence[str], regions: Sequence[str]) -> tuple[str, ...]:
    """The vantages that probe a check.

    | the check's Regions       | taking part |
    |---------------------------|-------------|
    | none                      | all         |
    | some, vantages among them | those       |
    | some, no vantage among them | all       |

    The last row because a check that nobody probes would be healthy for ever.
    """
    return tuple(vantage for vantage in vantages if vantage in regions) or tuple(vantages)


class Ledger:
    """The checks and their statuses.

    Whatever happens is one step: it returns every status that is now different, those of CALCULATED
    checks whose children changed included, for listeners to hear of in one go.
    """

    def __init__(self, vantages: Sequence[str], *, fraction: float = HEALTHY_FRACTION) -> None:
        self.vantages = tuple(vantages)
        self._fraction = fraction
        self._evaluations: dict[HealthCheckId, Evaluation] = {}
        self._parents: dict[HealthCheckId, set[HealthCheckId]] = {}
        self._waits: dict[HealthCheckId, Instant] = {}

    @property
    def evaluations(self) -> Mapping[HealthCheckId, Evaluation]:
        """All of them, to look at."""
        return self._evaluations

    def status(self, check_id: HealthCheckId) -> Status:
        """Healthy for a check that does not exist (HC-44)."""
        evaluation = self._evaluations.get(check_id)
        return Status.HEALTHY if evaluation is None else evaluation.standing.status

    def restore(
        self, checks: Iterable[HealthCheck], saved: Mapping[HealthCheckId, SavedStatus], now: Instant
    ) -> list[StatusChange]:
        """Begin with these checks, each where it was saved (decision 6)."""
        before = {check.id: Status.HEALTHY for check in checks}
        for check in checks:
            self._begin(check, saved.get(check.id), now)
        return self._settle(before, now)

    def put(self, check: HealthCheck, now: Instant) -> tuple[list[StatusChange], bool]:
        """A check is new or changed: the changes, and whether its probes must be planned anew."""
        before = {check.id: self.status(check.id)}
        evaluation = self._evaluations.get(check.id)
        if evaluation is None:
            self._begin(check, None, now)
            return self._settle(before, now), True
        self._unlink(evaluation.check)
        replan = evaluation.configure(check, taking_part(self.vantages, check.config.regions))
        self._link(check)
        return self._settle(before, now), replan

    def delete(self, check_id: HealthCheckId, now: Instant) -> list[StatusChange]:
        """A check is gone: whoever still names it holds it for healthy (HC-44)."""
        evaluation = self._evaluations.pop(check_id, None)
        if evaluation is None:
            return []
        self._unlink(evaluation.check)
        if evaluation.standing.status is Status.HEALTHY:
            return []
        parents = {parent: self.status(parent) for parent in self._parents.get(check_id, ())}
        return [StatusChange(check_id, Status.HEALTHY, now), *self._settle(parents, now)]

    def observe(
        self, check_id: HealthCheckId, vantage: str, seen: Observation, now: Instant
    ) -> list[StatusChange]:
        """A vantage of this check has seen something."""
        evaluation = self._evaluations[check_id]
        must_settle = evaluation.observe(vantage, seen)
        if not must_settle and evaluation.standing.held_until is None:
            return []
        failed = seen.status is Status.UNHEALTHY
        return self._settle({check_id: evaluation.standing.status}, now, failed=failed)

    def hear(self, check_id: HealthCheckId, state: AlarmState, now: Instant) -> list[StatusChange]:
        """The metric of this check has been evaluated; the check may be gone meanwhile."""
        evaluation = self._evaluations.get(check_id)
        if evaluation is None:
            return []
        evaluation.stream = state
        evaluation.confirmed_at = now
        return self._settle({check_id: evaluation.standing.status}, now)

    def take_waits(self) -> Mapping[HealthCheckId, Instant]:
        """The checks that must be looked at again, and when, as the steps since the last call left them."""
        waits, self._waits = self._waits, {}
        return waits

    def look_again(self, check_id: HealthCheckId, now: Instant) -> list[StatusChange]:
        """Time has passed that a check waited for; it may be gone meanwhile."""
        if check_id not in self._evaluations:
            return []
        return self._settle({check_id: self.status(check_id)}, now)

    def _begin(self, check: HealthCheck, saved: SavedStatus | None, now: Instant) -> None:
        vantages = taking_part(self.vantages, check.config.regions)
        self._evaluations[check.id] = begin(check, vantages, saved, now)
        self._link(check)

    def _link(self, check: HealthCheck) -> None:
        for child in check.config.child_health_checks:
            self._parents.setdefault(child, set()).add(check.id)

    def _unlink(self, check: HealthCheck) -> None:
        for child in check.config.child_health_checks:
            parents = self._parents[child]
            parents.discard(check.id)
            if not parents:
                del self._parents[child]

    def _settle(
        self, before: Mapping[HealthCheckId, Status], now: Instant, *, failed: bool = False
    ) -> list[StatusChange]:
        """Settle these checks, given what they said before, and then the parents of those that changed.

        Children come first; a parent is no child (HC-36), so that two rounds are enough.
        """
        children = [each for each in before if not self._evaluations[each].is_calculated]
        changed = self._settle_each(children, before, now, failed=failed)
        parents = {parent for change in changed for parent in self._parents.get(change.check_id, ())}
        parents.update(each for each in before if self._evaluations[each].is_calculated)
        said = {parent: before.get(parent, self.status(parent)) for parent in sorted(parents)}
        return changed + self._settle_each(said, said, now)

    def _settle_each(
        self,
        check_ids: Iterable[HealthCheckId],
        before: Mapping[HealthCheckId, Status],
        now: Instant,
        *,
        failed: bool = False,
    ) -> list[StatusChange]:
        changed = []
        for check_id in check_ids:
            evaluation = self._evaluations[check_id]
            evaluation.settle(self._count(evaluation), now=now, failed=failed)
            if (until := evaluation.standing.held_until) is not None:
                self._waits[check_id] = until
            status = evaluation.standing.status
            if status is not before[check_id]:
                changed.append(StatusChange(check_id, status, now))
        return changed

    def _count(self, evaluation: Evaluation) -> Status | None:
        if evaluation.probe is not None:
            return evaluation.count(fraction=self._fraction)
        if not evaluation.is_calculated:
            return stream_status(evaluation.check.config, evaluation.stream)
        children = evaluation.check.config.child_health_checks
        return calculate(evaluation.check, (self.status(child) for child in children))

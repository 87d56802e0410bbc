"""What CloudWatch and Prometheus learn of the checks (1.12). No clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from stillup.engine.health.evaluation import Evaluation
from stillup.engine.health.ledger import Ledger
from stillup.engine.health.probe import Observation, Timings
from stillup.engine.ports import Figure, HealthFigures, StatusChange
from stillup.rules.health.check import HealthCheckType, Status
from stillup.rules.ids import HealthCheckId

MOST_TIMINGS: Final = 1_000
"""Of one check between two calls of `take`: the newest. Two probes a second of every vantage, and then some."""

_OUTCOMES: Final = {Status.HEALTHY: "success", Status.UNHEALTHY: "failure", None: "unable"}


class Measures:
    """Gathers what happens to the checks between two minutes, and counts since the start."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._taken_on: dict[HealthCheckId, list[Status]] = {}
        self._timings: dict[HealthCheckId, list[tuple[str, str, float]]] = {}
        self._probes = dict.fromkeys(_OUTCOMES, 0)
        self._transitions = dict.fromkeys(Status, 0)

    def note_changes(self, changes: Iterable[StatusChange]) -> None:
        """Statuses have changed."""
        for change in changes:
            self._transitions[change.status] += 1
            if change.check_id in self._ledger.evaluations:
                self._taken_on.setdefault(change.check_id, []).append(change.status)

    def note_probe(self, check_id: HealthCheckId, vantage: str, seen: Observation) -> None:
        """A probe has ended. Timings of failed ones are no datapoints."""
        self._probes[seen.status] += 1
        config = self._ledger.evaluations[check_id].check.config
        if config.measure_latency and seen.status is Status.HEALTHY:
            kept = self._timings.setdefault(check_id, [])
            kept.extend((name, vantage, ms) for name, ms in _latencies(config.type, seen.timings))
            del kept[:-MOST_TIMINGS]

    def take(self) -> Mapping[HealthCheckId, HealthFigures]:
        """The figures since the last call, for every check of which anything is known."""
        taken_on, self._taken_on = self._taken_on, {}
        timings, self._timings = self._timings, {}
        return {
            check_id: HealthFigures(
                status=_statuses(evaluation, taken_on.get(check_id, [])),
                percentage_healthy=_percentage_healthy(evaluation),
                healthy_children=self._healthy_children(evaluation),
                timings=tuple(timings.get(check_id, ())),
            )
            for check_id, evaluation in self._ledger.evaluations.items()
            if evaluation.confirmed_at is not None or evaluation.check.config.disabled
        }

    def figures(self) -> Iterator[Figure]:
        """The counters, and where every check stands."""
        for status, count in self._probes.items():
            labels = {"outcome": _OUTCOMES[status]}
            yield Figure("stillup_probes_total", "Probes that have ended.", count, labels, is_counter=True)
        for each, count in self._transitions.items():
            yield Figure(
                "stillup_health_transitions_total",
                "Changes of health checks' statuses.",
                count,
                {"to": each.value},
                is_counter=True,
            )
        for evaluation in self._ledger.evaluations.values():
            yield from self._standing(evaluation)

    def _standing(self, evaluation: Evaluation) -> Iterator[Figure]:
        check = evaluation.check
        labels = {"health_check_id": check.id, "name": check.tags.get("Name", "")}
        is_healthy = evaluation.standing.status is Status.HEALTHY
        yield Figure("stillup_health_check_status", "1 healthy, 0 unhealthy.", float(is_healthy), labels)
        since = "When the status became what it is, in seconds since the epoch."
        yield Figure("stillup_health_check_since_seconds", since, evaluation.standing.since, labels)
        percentage = _percentage_healthy(evaluation)
        if percentage is not None:
            meaning = "Vantages that hold it for healthy."
            yield Figure("stillup_health_check_percentage_healthy", meaning, percentage, labels)
        children = self._healthy_children(evaluation)
        if children is not None:
            yield Figure("stillup_health_check_healthy_children", "Healthy children.", children, labels)

    def _healthy_children(self, evaluation: Evaluation) -> int | None:
        if not evaluation.is_calculated:
            return None
        children = evaluation.check.config.child_health_checks
        return sum(self._ledger.status(child) is Status.HEALTHY for child in children)


def _statuses(evaluation: Evaluation, taken_on: Sequence[Status]) -> tuple[Status, ...]:
    """What it took on, and what it ended with, which is the last of them unless there was none."""
    return tuple(taken_on) or (evaluation.standing.status,)


def _percentage_healthy(evaluation: Evaluation) -> float | None:
    """Of the vantages that can probe; None while there is none, for a disabled check and where nothing is probed.

    A vantage that has not decided yet holds a new check for healthy (HC-30).
    """
    if not evaluation.is_probed:
        return None
    held = evaluation.held()
    if not held:
        return None
    return 100.0 * sum(verdict.status is not Status.UNHEALTHY for verdict in held) / len(held)


def _latencies(kind: HealthCheckType, timings: Timings) -> Iterator[tuple[str, float]]:
    """The metrics of 1.12 that this type has."""
    if timings.connect is not None and not kind.is_tls:
        yield "ConnectionTime", timings.connect
    if timings.tls is not None and kind.is_tls:
        yield "SSLHandshakeTime", timings.tls
    if timings.first_byte is not None and kind is not HealthCheckType.TCP:
        yield "TimeToFirstByte", timings.first_byte

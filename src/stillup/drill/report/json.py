"""The report for programs.

Times are seconds since the drill began, but `began_at`, which is seconds since the epoch. `phases[].seconds` and
`outage` are null for what did not end while the drill watched.
"""

from __future__ import annotations

from dataclasses import asdict
from json import dumps

from stillup.drill.report import wording
from stillup.drill.timeline import Drill, Phase
from stillup.plan.prediction import Span


def render(drill: Drill) -> str:
    """Indented JSON, ending with a newline."""
    return dumps(as_json(drill), indent=2, ensure_ascii=False) + "\n"


def as_json(drill: Drill) -> dict[str, object]:
    """The drill as JSON's own values."""
    return {
        "failover": drill.failover,
        "verdict": wording.verdict(drill),
        "problems": list(drill.problems),
        "method": drill.method,
        "began_at": drill.began_at,
        "budget": drill.budget,
        "outage": drill.outage,
        "moments": [{"what": moment.value, "at": at} for moment, at in drill.moments],
        "phases": [_phase(each) for each in drill.phases],
        "prediction": None
        if drill.prediction is None
        else {"down": _span(drill.prediction.down), "up": _span(drill.prediction.up)},
        "sightings": [{**asdict(each), "watcher": each.watcher.value} for each in drill.sightings],
    }


def _phase(phase: Phase) -> dict[str, object]:
    predicted = None if phase.predicted is None else _span(phase.predicted)
    return {
        "name": phase.name,
        "began": phase.began,
        "ended": phase.ended,
        "seconds": phase.seconds,
        "predicted": predicted,
        "remark": phase.remark,
    }


def _span(span: Span) -> dict[str, float]:
    return asdict(span)

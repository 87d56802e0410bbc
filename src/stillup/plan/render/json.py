"""A Plan for programs (docs: plan-json). Keys are only ever added; `version` changes if one must go."""

from __future__ import annotations

from typing import Any, Final

from stillup.plan.prediction import Prediction, Span, guide_table
from stillup.plan.step import FailoverPlan, Plan, Step

VERSION: Final = 1


def as_json(plan: Plan) -> dict[str, Any]:
    """The Plan as JSON values."""
    return {
        "version": VERSION,
        "changes": len(plan.steps),
        "refused": bool(plan.refusals),
        "failovers": [_failover(each) for each in plan.failovers],
        "refusals": [{"id": each.id, "text": each.text, "remedy": each.remedy} for each in plan.refusals],
    }


def _failover(failover: FailoverPlan) -> dict[str, Any]:
    return {
        "name": failover.name,
        "steps": [_step(each) for each in failover.steps],
        "notes": list(failover.notes),
        "prediction": None if failover.prediction is None else _prediction(failover.prediction),
        "costs": [{"what": each.what, "count": each.count} for each in failover.costs],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "action": step.action.value,
        "kind": step.kind.value,
        "address": step.address,
        "differences": [
            {"attribute": each.attribute, "before": each.before, "after": each.after}
            for each in step.differences
        ],
        "why": step.why,
    }


def _prediction(prediction: Prediction) -> dict[str, Any]:
    return {
        "detection": _span(prediction.detection),
        "switch": _span(prediction.switch),
        "cache": _span(prediction.cache),
        "down": _span(prediction.down),
        "recovery": _span(prediction.recovery),
        "up": _span(prediction.up),
        "alarm": _span(prediction.alarm),
        "message": _span(prediction.message),
        "held": prediction.is_held,
        "guide": [{"phase": line.phase, "duration": line.duration} for line in guide_table()],
    }


def _span(span: Span | None) -> dict[str, float] | None:
    if span is None:
        return None
    figures = {"best": span.best, "expected": span.expected, "worst": span.worst}
    return {name: round(figure, 3) for name, figure in figures.items()}

"""A Plan for people, line by line; colour is the command line's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stillup.plan.prediction import Prediction
from stillup.plan.printable import printable
from stillup.plan.render.words import SIGNS, changes, costs, rows, seconds, summary, title
from stillup.plan.step import Action, FailoverPlan, Plan, Refusal


class Tone(StrEnum):
    """What a line says, for whoever gives it a colour."""

    PLAIN = "plain"
    HEADING = "heading"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without its end."""

    text: str
    tone: Tone = Tone.PLAIN


_TONES = {
    Action.CREATE: Tone.CREATE,
    Action.UPDATE: Tone.CHANGE,
    Action.REPLACE: Tone.CHANGE,
    Action.ADOPT: Tone.CHANGE,
    Action.DELETE: Tone.DELETE,
}


def as_text(plan: Plan) -> str:
    """The Plan, with a line end at its end."""
    return "".join(f"{line.text}\n" for line in lines(plan))


def lines(plan: Plan) -> Iterator[Line]:
    """Steps in order, what to expect, what it costs, what speaks against it."""
    for failover in plan.failovers:
        yield from _failover(failover)
    for refusal in plan.refusals:
        yield from _refusal(refusal)
    if plan.refusals:
        yield Line("Refused: nothing is changed.", Tone.REFUSED)
    else:
        yield Line(summary(plan), Tone.HEADING)


def _failover(failover: FailoverPlan) -> Iterator[Line]:
    yield Line(printable(failover.name), Tone.HEADING)
    for step in failover.steps:
        tone = _TONES[step.action]
        yield Line(f"  {SIGNS[step.action]:>3} {title(step)}", tone)
        for change in changes(step):
            yield Line(f"          {change}", tone)
        if step.why is not None:
            yield Line(f"        ! {printable(step.why)}", Tone.WARNING)
    for note in failover.notes:
        yield Line(f"      {printable(note)}")
    if failover.prediction is not None:
        yield from _prediction(failover.prediction)
    if failover.costs:
        yield Line(f"  Paid for: {costs(failover)}")
    yield Line("")


def _prediction(prediction: Prediction) -> Iterator[Line]:
    yield Line(f"  {'What to expect':<26}{'best':>8}{'likely':>9}{'worst':>9}   the guide says", Tone.HEADING)
    for phase, span, guide in rows(prediction):
        figures = f"{seconds(span.best):>8}{seconds(span.expected):>9}{seconds(span.worst):>9}"
        yield Line(f"    {phase:<24}{figures}   {guide}".rstrip())


def _refusal(refusal: Refusal) -> Iterator[Line]:
    yield Line(f"Refused ({refusal.id}): {printable(refusal.text)}", Tone.REFUSED)
    yield Line(f"  {printable(refusal.remedy)}")

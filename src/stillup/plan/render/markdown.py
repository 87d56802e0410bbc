"""A Plan for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from stillup.plan.printable import printable
from stillup.plan.render.words import SIGNS, changes, costs, rows, seconds, summary, title
from stillup.plan.step import FailoverPlan, Plan


def as_markdown(plan: Plan) -> str:
    """Each failover a section: its steps as a diff, what to expect as a table; the refusals at the end."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    for failover in plan.failovers:
        yield from _failover(failover)
    if not plan.refusals:
        yield f"**{summary(plan)}**"
        return
    yield "### Refused"
    yield ""
    for refusal in plan.refusals:
        yield f"- **{refusal.id}**: {_plain(refusal.text)} {_plain(refusal.remedy)}"


def _failover(failover: FailoverPlan) -> Iterator[str]:
    yield f"## {_plain(failover.name)}"
    yield ""
    if failover.steps:
        yield "```diff"
        for step in failover.steps:
            sign = SIGNS[step.action]
            yield _fenced(f"{sign} {title(step)}")
            yield from (_fenced(f"{sign}     {change}") for change in changes(step))
            if step.why is not None:
                yield _fenced(f"#     {printable(step.why)}")
        yield "```"
        yield ""
    for note in failover.notes:
        yield f"- {_plain(note)}"
    if failover.notes:
        yield ""
    if failover.prediction is not None:
        yield "| phase | best | likely | worst | the guide says |"
        yield "|---|---:|---:|---:|---|"
        for phase, span, guide in rows(failover.prediction):
            figures = " | ".join(seconds(each) for each in (span.best, span.expected, span.worst))
            yield f"| {phase} | {figures} | {guide} |"
        yield ""
    if failover.costs:
        yield f"Paid for: {costs(failover)}"
        yield ""


def _fenced(text: str) -> str:
    """Three backticks would end the fence."""
    return text.replace("```", "'''")


def _plain(text: str) -> str:
    r"""As text, where `*`, `_`, `<` and their like would mean something."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>|#" else each for each in printable(text))

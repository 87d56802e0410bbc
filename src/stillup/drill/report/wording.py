"""How figures and verdicts are put in a report, whatever its form."""

from __future__ import annotations

from stillup.drill.timeline import Drill, Moment
from stillup.plan.moments import date_and_clock, stretch
from stillup.plan.prediction import Span


def verdict(drill: Drill) -> str:
    """One word."""
    if drill.interrupted:
        return "interrupted"
    return "passed" if drill.passed else "failed"


def seconds(value: float | None) -> str:
    """`12.3 s`, `4 min 5 s`; a dash for what did not end."""
    return "–" if value is None else stretch(value, digits=1)


def span(predicted: Span | None) -> str:
    """`60.0 s to 105.0 s, likely 85.0 s`."""
    if predicted is None:
        return "–"
    return f"{seconds(predicted.best)} to {seconds(predicted.worst)}, likely {seconds(predicted.expected)}"


def began(drill: Drill) -> str:
    """When, in UTC."""
    return date_and_clock(drill.began_at)


def outage(drill: Drill) -> str:
    """What visitors felt, beside the budget."""
    if drill.outage is None:
        felt = "Visitors got no page again while the drill watched"
    else:
        felt = f"Visitors were without a page for {seconds(drill.outage)}"
    if drill.budget is None:
        return f"{felt}; the plan names no budget."
    return f"{felt}; the budget is {seconds(drill.budget)}."


def at_moment(drill: Drill, moment: Moment) -> float | None:
    """When the drill did this, in its own seconds; None: it did not."""
    return next((at for each, at in drill.moments if each is moment), None)


def length(drill: Drill) -> float:
    """Seconds from the beginning to the last thing that is known of it."""
    known = [
        *(at for _, at in drill.moments),
        *(each.at for each in drill.sightings),
        *(each.ended for each in drill.phases if each.ended is not None),
    ]
    return max(known, default=0.0)


def events(drill: Drill) -> list[tuple[float, str, str]]:
    """What the drill did and what was seen, in order: when, who, what."""
    done = [(at, "drill", moment.value) for moment, at in drill.moments]
    seen = [
        (each.at, f"{each.watcher.value} {each.who}", f"{each.state}  {each.detail}".rstrip())
        for each in drill.sightings
    ]
    return sorted([*done, *seen], key=lambda event: event[0])

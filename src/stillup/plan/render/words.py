"""What all forms of a Plan have in common: signs, names, figures."""

from __future__ import annotations

from collections import Counter
from typing import Final

from stillup.plan.prediction import GuideLine, Prediction, Span, guide_table
from stillup.plan.printable import printable
from stillup.plan.setup import Alarm, Bucket, Check, Record, StoredObject, Subscription, Topic
from stillup.plan.step import Action, FailoverPlan, Plan, Resource, Step

SIGNS: Final = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "-/+",
    Action.ADOPT: "~",
    Action.DELETE: "-",
}
NOTHING: Final = "Nothing to do."

_DONE: Final = {
    Action.CREATE: "to create",
    Action.UPDATE: "to update",
    Action.REPLACE: "to replace",
    Action.ADOPT: "to take over",
    Action.DELETE: "to delete",
}


def summary(plan: Plan) -> str:
    """`Plan: 12 to create, 1 to update.`, or that there is nothing to do."""
    counted = Counter(step.action for step in plan.steps)
    parts = [f"{counted[action]} {done}" for action, done in _DONE.items() if counted[action]]
    return f"Plan: {', '.join(parts)}." if parts else NOTHING


def title(step: Step) -> str:
    """What the step is about, on one line."""
    resource = step.after if step.after is not None else step.before
    about = "" if resource is None else _about(resource)
    taken = " (taken over)" if step.action is Action.ADOPT else ""
    return printable(f"{step.address}{f' {about}' if about else ''}{taken}")


def _about(resource: Resource) -> str:
    match resource:
        case Bucket(name=name, region=region):
            return f"{name} ({region})"
        case StoredObject(size=size):
            return f"{size:,} bytes"
        case Check(config=None, id=id_):
            return id_ or ""
        case Check(config=config) if config is not None:
            target = config.ip_address or config.fqdn or ""
            return f"{config.type} {target}{'' if config.port is None else f' port {config.port}'}"
        case Topic(name=name, region=region) | Alarm(name=name, region=region):
            return f"{name} ({region})"
        case Record(alias=None, values=values):
            return ", ".join(values)
        case Record(alias=alias) if alias is not None:
            return f"alias {alias.dns_name}"
        case Subscription() | _:
            return ""


def changes(step: Step) -> list[str]:
    """One line for each attribute; what is uploaded or made with an object says enough by its title."""
    if step.before is None and isinstance(step.after, StoredObject):
        return []
    return [
        printable(f"{each.attribute}: {each.after}")
        if each.before is None and step.action is Action.CREATE
        else printable(f"{each.attribute}: {each.before or '(none)'} -> {each.after or '(none)'}")
        for each in step.differences
    ]


def costs(failover: FailoverPlan) -> str:
    """`1 health check outside AWS, 2 SNS topic`, or empty."""
    return ", ".join(f"{cost.count} x {cost.what}" for cost in failover.costs)


def rows(prediction: Prediction) -> list[tuple[str, Span, str]]:
    """Each phase with its span and, where it has one, the guide's own figure."""
    detection, propagation, cache, total = (_guide(line) for line in guide_table())
    spans: list[tuple[str, Span | None, str]] = [
        ("detection", prediction.detection, detection),
        ("switch", prediction.switch, propagation),
        ("cache", prediction.cache, cache),
        ("down, in all", prediction.down, total),
        ("recovery" + (" (once released)" if prediction.is_held else ""), prediction.recovery, ""),
        ("up, in all", prediction.up, ""),
        ("alarm", prediction.alarm, ""),
        ("message", prediction.message, ""),
    ]
    return [(phase, span, guide) for phase, span, guide in spans if span is not None]


def seconds(figure: float) -> str:
    """`85 s`, `0.5 s`."""
    return f"{figure:.0f} s" if figure >= 10 or figure == int(figure) else f"{figure:.1f} s"


def _guide(line: GuideLine) -> str:
    return line.duration

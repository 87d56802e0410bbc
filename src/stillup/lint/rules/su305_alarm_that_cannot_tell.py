"""SU305: an alarm that never goes off, or always."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import status_alarms
from stillup.lint.subject import Subject

_BREACHES: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
}
HEALTHY: Final = 1.0
UNHEALTHY: Final = 0.0


def find(subject: Subject) -> Iterable[Finding]:
    """
    | breaches at 0 | breaches at 1 | found                         |
    |---------------|---------------|-------------------------------|
    | yes           | no            | nothing                       |
    | no            | no            | never goes off                |
    | yes           | yes           | always on                     |
    | no            | yes           | goes off while all is well    |

    Statistics that do not give the status itself are SU306's.
    """
    for alarm in status_alarms(subject.setup):
        breaches = _BREACHES.get(alarm.comparison)
        if breaches is None or alarm.statistic not in ("Minimum", "Average", "Maximum"):
            continue
        ill, well = breaches(UNHEALTHY, alarm.threshold), breaches(HEALTHY, alarm.threshold)
        if ill and not well:
            continue
        what = "is always on" if ill else "goes off while all is well" if well else "never goes off"
        path = "comparison" if alarm.comparison.startswith("Greater") else "threshold"
        yield Finding(
            f"{alarm.comparison} {alarm.threshold:g}: the alarm {alarm.name} {what}", f"alert.alarm.{path}"
        )


RULE = Rule(
    id="SU305",
    title="Alarm that cannot tell",
    severity=Severity.ERROR,
    reason="HealthCheckStatus is 1 while the check is healthy and 0 while it is not; the alarm must part the two.",
    source="table 1.12, CW-3; semantics 8.i",
    remedy="Leave `threshold` and `comparison` out: less than 1.",
    find=find,
    fails=Example(plan(alert="emails: [oncall@example.com], alarm: {threshold: 0}"), SITE),
    passes=Example(plan(alert="emails: [oncall@example.com], alarm: {threshold: 0.5}"), SITE),
)

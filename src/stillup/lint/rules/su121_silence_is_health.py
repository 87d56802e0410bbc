"""SU121: a check by an alarm that takes silence for health."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.examples import CHECK_ID, held
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs
from stillup.lint.subject import Subject
from stillup.plan.setup import Check, CheckConfig


def find(subject: Subject) -> Iterable[Finding]:
    """Found for InsufficientDataHealthStatus Healthy."""
    for path, config in configs(subject.setup):
        if config.type == "CLOUDWATCH_METRIC" and config.insufficient_data_health_status == "Healthy":
            yield Finding(f"without data of the alarm {config.alarm_name} the primary counts as well", path)


_METRIC = CheckConfig(
    type="CLOUDWATCH_METRIC",
    alarm_region="us-east-1",
    alarm_name="too-many-errors",
    insufficient_data_health_status="Unhealthy",
)

RULE = Rule(
    id="SU121",
    title="Silence taken for health",
    severity=Severity.WARNING,
    reason="A dead server publishes no metrics: the data stops, and visitors stay with it.",
    source="HC-41",
    remedy="Choose `Unhealthy`, or `LastKnownStatus` where the metric has gaps of its own.",
    find=find,
    fails=Example(
        "",
        setup=held(
            checks=(
                Check(CHECK_ID, replace(_METRIC, insufficient_data_health_status="Healthy"), id=CHECK_ID),
            )
        ),
    ),
    passes=Example("", setup=held(checks=(Check(CHECK_ID, _METRIC, id=CHECK_ID),))),
)

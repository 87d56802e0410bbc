"""Who is told, from alarms and topics."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from stillup.plan.describe.targets import Unsaid
from stillup.plan.file.alert import AlarmSettings
from stillup.plan.ownership import owns_tags, usual_name
from stillup.plan.setup import Alarm, Setup, Topic


def alert_of(setup: Setup, check: str | None, unsaid: Unsaid) -> dict[str, Any] | None:
    """The alarm on the primary's check with whom it calls; None where there is none that calls anybody."""
    watching = [each for each in setup.alarms if check and each.dimensions.get("HealthCheckId") == check]
    telling = [each for each in watching if _topic(setup, each) is not None]
    for alarm in watching:
        if alarm not in telling:
            unsaid.append(f"alarm {alarm.name} calls no topic, and is left out")
    if not telling:
        return None
    first, *others = sorted(telling, key=lambda each: each.metric != "HealthCheckStatus")
    for alarm in others:
        unsaid.append(f"alarm {alarm.name} watches the check too; a plan has one alarm")
    topic = _topic(setup, first)
    if topic is None:
        return None
    settings = _settings(setup, first, unsaid)
    return None if settings is None else {**_told(setup, topic, unsaid), "alarm": settings}


def _topic(setup: Setup, alarm: Alarm) -> Topic | None:
    return next((each for each in setup.topics if each.arn in alarm.alarm_actions), None)


def _told(setup: Setup, topic: Topic, unsaid: Unsaid) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for each in topic.subscriptions:
        if each.protocol == "email":
            said.setdefault("emails", []).append(each.endpoint)
        elif each.protocol in ("http", "https"):
            said.setdefault("webhooks", []).append(each.endpoint)
        else:
            unsaid.append(f"{each.protocol} {each.endpoint} is told too; a plan knows emails and webhooks")
    usual = usual_name(setup.name)
    if not owns_tags(topic.tags, setup.name):
        said["topic"] = topic.arn
    elif topic.name != usual:
        said["topic"] = topic.name
    return said


def _settings(setup: Setup, alarm: Alarm, unsaid: Unsaid) -> dict[str, Any] | None:
    said: dict[str, Any] = {
        "region": alarm.region,
        "metric": alarm.metric,
        "statistic": alarm.statistic,
        "comparison": alarm.comparison,
        "threshold": alarm.threshold,
        "period": alarm.period,
        "evaluation-periods": alarm.evaluation_periods,
        "datapoints-to-alarm": alarm.datapoints_to_alarm,
        "treat-missing-data": alarm.treat_missing_data or "missing",
        "ok-actions": bool(alarm.ok_actions),
    }
    if alarm.name != usual_name(setup.name):
        said["name"] = alarm.name
    try:
        AlarmSettings.model_validate(said)
    except ValidationError as wrong:
        keys = ", ".join(".".join(map(str, each["loc"])) for each in wrong.errors())
        unsaid.append(f"alarm {alarm.name} is left out: a plan cannot say its {keys}")
        return None
    _say_the_rest(alarm, unsaid)
    return said


def _say_the_rest(alarm: Alarm, unsaid: Unsaid) -> None:
    more = [each for each in alarm.alarm_actions[1:] if each]
    if more:
        unsaid.append(f"alarm {alarm.name} also calls {', '.join(more)}; a plan's alarm calls one topic")
    if alarm.ok_actions and alarm.ok_actions != alarm.alarm_actions:
        unsaid.append(f"alarm {alarm.name} tells of recovery elsewhere; a plan tells the same people")
    if alarm.insufficient_data_actions:
        unsaid.append(
            f"alarm {alarm.name} tells of missing data too; a plan treats it as `treat-missing-data` says"
        )
    if not alarm.actions_enabled:
        unsaid.append(f"the actions of alarm {alarm.name} are disabled; a plan's are enabled")

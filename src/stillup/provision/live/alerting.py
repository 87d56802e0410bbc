"""How the failover's alarms are at this moment, and topics that they call and that are gone."""

from __future__ import annotations

from collections import defaultdict

from stillup.lint.live import AlarmState
from stillup.provision.live.question import NotAsked, Question
from stillup.provision.read.topics import region_of


def read_alarm_states(question: Question) -> dict[str, AlarmState]:
    """By name. Raises NotAsked and ClientError."""
    if question.actual is None or not question.actual.alarms:
        raise NotAsked
    regions = defaultdict(list)
    for alarm in question.actual.alarms:
        regions[alarm.region].append(alarm.name)
    return {
        each["AlarmName"]: AlarmState(
            each["StateValue"],
            (each.get("StateTransitionedTimestamp") or each["StateUpdatedTimestamp"]).timestamp(),
        )
        for region, names in regions.items()
        for each in question.account.cloudwatch(region).describe_alarms(AlarmNames=names)["MetricAlarms"]
    }


def missing_topics(question: Question) -> tuple[str, ...]:
    """ARNs that alarms of the account call, or that the plan gives, and that were not found. Raises NotAsked."""
    if question.actual is None:
        raise NotAsked
    found = {topic.arn for topic in question.actual.topics}
    called = {
        action
        for alarm in question.actual.alarms
        for action in (*alarm.alarm_actions, *alarm.ok_actions)
        if region_of(action) is not None
    }
    given = {topic.arn for topic in question.setup.topics if topic.arn is not None and not topic.is_kept}
    return tuple(sorted((called | given) - found))

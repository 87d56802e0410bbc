"""The alarm on the primary's check, and the topic that tells people."""

from __future__ import annotations

import re
from typing import Final

from stillup.plan.file.alert import Alert
from stillup.plan.file.plan_file import Failover
from stillup.plan.ownership import owner, usual_name
from stillup.plan.references import reference
from stillup.plan.setup import OWNER_TAG, Alarm, Check, Subscription, Topic

_TOPIC_ARN: Final = re.compile(r"arn:[^:]+:sns:([^:]+):[^:]*:([^:]+)")


def topic_of(failover: Failover) -> Topic | None:
    """Where the alarm's messages go; None where nobody is to be told.

    A topic that the plan gives as an ARN is kept elsewhere.
    """
    alert = failover.alert
    if alert is None:
        return None
    subscriptions = tuple(_subscriptions(alert))
    elsewhere = _TOPIC_ARN.fullmatch(alert.topic or "")
    if elsewhere is not None:
        region, name = elsewhere.groups()
        return Topic("topic", name, region, is_kept=False, arn=alert.topic, subscriptions=subscriptions)
    return Topic(
        key="topic",
        name=alert.topic or usual_name(failover.name),
        region=alert.alarm.region,
        subscriptions=subscriptions,
        tags={OWNER_TAG: owner(failover.name)},
    )


def alarm_of(failover: Failover, check: Check | None, topic: Topic | None) -> Alarm | None:
    """The alarm on the primary's check; None without a check or without anybody to tell."""
    if failover.alert is None or check is None or topic is None:
        return None
    settings = failover.alert.alarm
    told = (topic.arn or reference("topic"),)
    return Alarm(
        name=settings.name or usual_name(failover.name),
        region=settings.region,
        namespace="AWS/Route53",
        metric=settings.metric,
        dimensions={"HealthCheckId": check.id or reference("check/primary")},
        statistic=settings.statistic,
        period=settings.period,
        evaluation_periods=settings.evaluation_periods,
        threshold=settings.threshold,
        comparison=settings.comparison,
        datapoints_to_alarm=settings.datapoints_to_alarm,
        treat_missing_data=settings.treat_missing_data,
        alarm_actions=told,
        ok_actions=told if settings.ok_actions else (),
        description=f"The primary of {owner(failover.name)} does not answer; visitors are sent to its standby.",
        tags={OWNER_TAG: owner(failover.name)},
    )


def _subscriptions(alert: Alert) -> list[Subscription]:
    emails = [Subscription("email", each) for each in alert.emails]
    return emails + [Subscription(each.split(":", 1)[0], each) for each in alert.webhooks]

"""The status page's alarms and topics: what is wrong, since when, and who has been told."""

from __future__ import annotations

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from stillup.engine.ports import DeliveryReport, DeliveryReports
from stillup.engine.status.moments import moment
from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, Trigger
from stillup.rules.ids import Arn
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic
from stillup.rules.world import World

MOST_ALARMS: Final = 200
MOST_TOPICS: Final = 100
MOST_SUBSCRIPTIONS: Final = 20
"""Shown, of each topic."""
_ROWS_AT_A_STRETCH: Final = 20
_URGENCY: Final = {AlarmState.ALARM: 0, AlarmState.INSUFFICIENT_DATA: 1, AlarmState.OK: 2}
_SIGNS: Final = {
    Comparison.GREATER_OR_EQUAL: "≥",
    Comparison.GREATER: ">",
    Comparison.LESS: "<",
    Comparison.LESS_OR_EQUAL: "≤",
}


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm."""

    name: str
    region: str
    condition: str
    state: str
    since: str
    reason: str
    is_silent: bool
    """Whether nobody would be told: its actions are off, or lead to no confirmed subscription."""


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """One subscription, and how deliveries to it went."""

    protocol: str
    endpoint: str
    is_confirmed: bool
    report: DeliveryReport
    last_delivered: str


@dataclass(frozen=True, slots=True)
class TopicView:
    """One topic."""

    name: str
    region: str
    confirmed: int
    pending: int
    is_used: bool
    """Whether an alarm would speak to it."""
    subscriptions: tuple[SubscriptionView, ...]

    @property
    def left_out(self) -> int:
        """How many subscriptions are not shown."""
        return self.confirmed + self.pending - len(self.subscriptions)

    @property
    def reaches_nobody(self) -> bool:
        """Whether an alarm would speak, and nobody hear it."""
        return self.is_used and not self.confirmed


@dataclass(frozen=True, slots=True)
class NoticesView:
    """All alarms and topics, the urgent ones first."""

    alarms: tuple[AlarmView, ...]
    alarms_left_out: int
    topics: tuple[TopicView, ...]
    topics_left_out: int


async def notices(world: World, deliveries: DeliveryReports) -> NoticesView:
    """The alarms and topics of this world; DNS queries get their turn in between."""
    heard = frozenset(each.topic_arn for each in world.subscriptions.values() if each.is_confirmed)
    alarms: list[AlarmView] = []
    for alarm in heapq.nsmallest(MOST_ALARMS, world.alarms.values(), key=_urgency):
        await _maybe_pause(len(alarms))
        alarms.append(_alarm(alarm, heard))
    subscriptions = _by_topic(world.subscriptions.values())
    used = {action for alarm in world.alarms.values() for action in _actions(alarm)}
    topics: list[TopicView] = []
    for topic in heapq.nsmallest(MOST_TOPICS, world.topics.values(), key=lambda topic: topic.arn):
        await _maybe_pause(len(topics))
        topics.append(_topic(topic, subscriptions.get(topic.arn, []), deliveries, is_used=topic.arn in used))
    return NoticesView(
        alarms=tuple(alarms),
        alarms_left_out=len(world.alarms) - len(alarms),
        topics=tuple(topics),
        topics_left_out=len(world.topics) - len(topics),
    )


def condition(alarm: Alarm) -> str:
    """What makes the alarm go off, as one would say it."""
    trigger = alarm.trigger
    if trigger is None:
        return alarm.rule or ""
    return (
        f"{trigger.statistic or trigger.extended_statistic} {trigger.metric.name} "
        f"{_SIGNS[trigger.comparison]} {trigger.threshold:g} {_for_how_long(trigger)}"
    )


def veiled(protocol: DeliveryProtocol, endpoint: str) -> str:
    """Enough of an endpoint to know it by: the page has no lock, and a webhook's path may be its password."""
    if protocol in (DeliveryProtocol.HTTP, DeliveryProtocol.HTTPS):
        url = urlsplit(endpoint)
        return f"{url.scheme}://{url.netloc.rpartition('@')[2]}/…"
    name, _, domain = endpoint.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _for_how_long(trigger: Trigger) -> str:
    most = trigger.evaluation_periods
    return f"in {trigger.datapoints_to_alarm or most} of {most} × {trigger.period} s"


def _urgency(alarm: Alarm) -> tuple[int, str]:
    return _URGENCY[alarm.standing.state], alarm.arn


def _actions(alarm: Alarm) -> tuple[Arn, ...]:
    return (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)


def _alarm(alarm: Alarm, heard: frozenset[Arn]) -> AlarmView:
    return AlarmView(
        name=alarm.name,
        region=alarm.region,
        condition=condition(alarm),
        state=alarm.standing.state,
        since=moment(alarm.standing.transitioned_at),
        reason=alarm.standing.reason,
        is_silent=not alarm.actions_enabled or heard.isdisjoint(alarm.alarm_actions),
    )


def _topic(
    topic: Topic,
    subscriptions: list[Subscription],
    deliveries: DeliveryReports,
    *,
    is_used: bool,
) -> TopicView:
    confirmed = sum(each.is_confirmed for each in subscriptions)
    shown = heapq.nsmallest(MOST_SUBSCRIPTIONS, subscriptions, key=lambda each: each.arn)
    return TopicView(
        name=topic.name,
        region=topic.region,
        confirmed=confirmed,
        pending=len(subscriptions) - confirmed,
        is_used=is_used,
        subscriptions=tuple(_subscription(each, deliveries) for each in shown),
    )


def _subscription(subscription: Subscription, deliveries: DeliveryReports) -> SubscriptionView:
    report = deliveries.of(subscription.arn)
    return SubscriptionView(
        protocol=subscription.protocol,
        endpoint=veiled(subscription.protocol, subscription.endpoint),
        is_confirmed=subscription.is_confirmed,
        report=report,
        last_delivered=moment(report.last_delivered_at),
    )


def _by_topic(subscriptions: Iterable[Subscription]) -> Mapping[Arn, list[Subscription]]:
    found: dict[Arn, list[Subscription]] = defaultdict(list)
    for each in subscriptions:
        found[each.topic_arn].append(each)
    return found


async def _maybe_pause(rows: int) -> None:
    if rows % _ROWS_AT_A_STRETCH == 0:
        await asyncio.sleep(0)

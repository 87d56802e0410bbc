"""An alarm goes into a state: what is written down and who is told (CW-8, CW-9, CW-21)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from stillup.rules.alarms import notification
from stillup.rules.alarms.alarm import Alarm, AlarmState, HistoryItem, HistoryItemType, Standing
from stillup.rules.alarms.composite import latest_child
from stillup.rules.changes import AlarmStateSet
from stillup.rules.iam.services import service_may
from stillup.rules.ids import Arn, Instant, MessageId
from stillup.rules.topics.message import Briefing, Message, MessageType
from stillup.rules.world import World

MOST_ACTIONS: Final = 5
"""Of one state (CW-6), and so messages of one transition."""

CLOUDWATCH: Final = "cloudwatch.amazonaws.com"
NO_TOPIC: Final = "no topic"
NO_SUBSCRIPTION: Final = "no confirmed subscription"


def standing_after(
    alarm: Alarm, state: AlarmState, *, reason: str, reason_data: str | None, at: Instant
) -> Standing:
    """How the alarm stands once it is put into this state, which may be the one that it is in."""
    changes = state is not alarm.standing.state
    return Standing(state, reason, reason_data, at, at if changes else alarm.standing.transitioned_at)


def actions_for(alarm: Alarm, state: AlarmState) -> tuple[Arn, ...]:
    """What the alarm does when it goes into this state, actions enabled or not."""
    match state:
        case AlarmState.OK:
            return alarm.ok_actions
        case AlarmState.ALARM:
            return alarm.alarm_actions
        case AlarmState.INSUFFICIENT_DATA:
            return alarm.insufficient_data_actions


def transition(
    alarm: Alarm,
    standing: Standing,
    *,
    world: World,
    account_id: str,
    message_ids: Sequence[MessageId],
    briefing: Briefing | None = None,
) -> AlarmStateSet:
    """The change that puts the alarm, as it is in this world, into its new standing, and tells of it.

    | the state       | actions  | the topic                         | history              | message |
    |-----------------|----------|-----------------------------------|----------------------|---------|
    | stays           | any      | any                               | none                 | none    |
    | becomes another | disabled | any                               | the state            | none    |
    | becomes another | enabled  | does not exist, or is no topic    | the state, a failure | none    |
    | becomes another | enabled  | its policy keeps CloudWatch out   | the state, a failure | none    |
    | becomes another | enabled  | any other                         | the state, a success | one     |

    One action for each ARN that is listed for the new state (CW-8), with the id of the same place: give
    MOST_ACTIONS of them. Raises ValueError for too few. SetAlarmState acts just so (CW-9).
    """
    if standing.state is alarm.standing.state:
        return AlarmStateSet(alarm.arn, standing)
    actions = actions_for(alarm, standing.state) if alarm.actions_enabled else ()
    child = latest_child(alarm, world.alarms)
    text = notification.message(
        alarm, standing, account_id=account_id, triggering=() if child is None else (child,)
    )
    history = [_state_update(alarm, standing)]
    messages = []
    for action, message_id in zip(actions, message_ids[: len(actions)], strict=True):
        problem = _problem(world, alarm, action, account_id)
        history.append(_action(alarm, standing, action, text, problem))
        if problem is None:
            messages.append(
                Message(
                    id=message_id,
                    topic_arn=action,
                    type=MessageType.NOTIFICATION,
                    texts={
                        "default": text,
                        "email": notification.mail_text(alarm, standing, account_id=account_id),
                    },
                    at=standing.updated_at,
                    subject=notification.subject(alarm, standing),
                    briefing=briefing,
                )
            )
    return AlarmStateSet(alarm.arn, standing, tuple(history), tuple(messages))


def _problem(world: World, alarm: Alarm, action: Arn, account_id: str) -> str | None:
    """Why this action cannot be carried out; None if it can (SN-12)."""
    topic = world.topics.get(action)
    if topic is None:
        return f"Resource: {action} does not exist"
    if service_may(
        topic.attributes.get("Policy"),
        service=CLOUDWATCH,
        action="sns:Publish",
        resource=topic.arn,
        account=account_id,
        source_arn=alarm.arn,
    ):
        return None
    return f"Resource: {alarm.arn} is not authorized to perform: SNS:Publish on resource: {action}"


def _state_update(alarm: Alarm, standing: Standing) -> HistoryItem:
    data = {"version": "1.0", "oldState": _told(alarm.standing), "newState": _told(standing)}
    summary = f"Alarm updated from {alarm.standing.state} to {standing.state}"
    return _item(alarm, standing, HistoryItemType.STATE_UPDATE, summary, data)


def _told(standing: Standing) -> Mapping[str, Any]:
    told: dict[str, Any] = {"stateValue": standing.state, "stateReason": standing.reason}
    if standing.reason_data:
        told["stateReasonData"] = _parsed(standing.reason_data)
    return told


def _parsed(reason_data: str) -> object:
    """The JSON as it is, or as text where SetAlarmState was given something else."""
    try:
        return json.loads(reason_data)
    except ValueError:
        return reason_data


def _action(alarm: Alarm, standing: Standing, action: Arn, text: str, problem: str | None) -> HistoryItem:
    data = {
        "actionState": "Succeeded" if problem is None else "Failed",
        "stateUpdateTimestamp": int(standing.updated_at * 1000),
        "notificationResource": action,
        "publishedMessage": text,
        **({} if problem is None else {"error": problem}),
    }
    if problem is None:
        summary = f"Successfully executed action {action}"
    else:
        summary = f'Failed to execute action {action}. Received error: "{problem}"'
    return _item(alarm, standing, HistoryItemType.ACTION, summary, data)


def _item(
    alarm: Alarm, standing: Standing, kind: HistoryItemType, summary: str, data: Mapping[str, Any]
) -> HistoryItem:
    return HistoryItem(
        region=alarm.region,
        alarm_name=alarm.name,
        is_composite=alarm.rule is not None,
        at=standing.updated_at,
        type=kind,
        summary=summary,
        data=json.dumps(data, separators=(",", ":"), ensure_ascii=False),
    )


def unheard(world: World) -> Iterator[tuple[Alarm, Arn, str]]:
    """The alarms that tell nobody: each with the topic that it would tell, and what is wrong with that.

    | the topic                                     | what is wrong               |
    |-----------------------------------------------|-----------------------------|
    | does not exist                                | `no topic`                  |
    | has no subscription that is confirmed         | `no confirmed subscription` |
    """
    heard = {each.topic_arn for each in world.subscriptions.values() if each.is_confirmed}
    for alarm in world.alarms.values():
        actions = (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
        for action in dict.fromkeys(actions):
            if action not in world.topics:
                yield alarm, action, NO_TOPIC
            elif action not in heard:
                yield alarm, action, NO_SUBSCRIPTION

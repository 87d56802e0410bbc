"""SetAlarmState: an alarm in a state by hand, until the next evaluation (CW-9)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.cloudwatch.members import place_of
from stillup.engine.uuids import new_message_id
from stillup.rules.alarms.alarm import Alarm, AlarmState
from stillup.rules.alarms.briefing import Witness, brief, concern_of
from stillup.rules.alarms.transition import MOST_ACTIONS, standing_after, transition
from stillup.rules.changes import AlarmStateSet
from stillup.rules.refusal import Refusal
from stillup.rules.topics.message import Briefing
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, Output


async def set_alarm_state(ports: ApiPorts, call: Call) -> Output:
    """SetAlarmState: the messages of its actions are in the outbox when this returns."""
    asked = call.parameters
    arn = place_of(ports, call).arn_of(asked["AlarmName"])
    state = AlarmState(asked["StateValue"])
    reason_data = asked.get("StateReasonData")
    _raise_if_not_json(reason_data)
    briefing = await _brief(ports, ports.worlds.current.alarms.get(arn), state)
    message_ids = [new_message_id(ports.die) for _ in range(MOST_ACTIONS)]
    at = ports.clock.now()

    def decide(world: World) -> AlarmStateSet | Refusal:
        alarm = world.alarms.get(arn)
        if alarm is None:
            return Refusal.because("ResourceNotFound", f"There is no alarm named {asked['AlarmName']}.")
        return transition(
            alarm,
            standing_after(alarm, state, reason=asked["StateReason"], reason_data=reason_data, at=at),
            world=world,
            account_id=ports.settings.account_id,
            message_ids=message_ids,
            briefing=briefing,
        )

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


STATE_OPERATIONS: Final[Mapping[str, Operation]] = {"SetAlarmState": set_alarm_state}


def _raise_if_not_json(text: str | None) -> None:
    try:
        json.loads(text or "null")
    except (ValueError, RecursionError) as wrong:
        raise AwsError(
            "InvalidFormat", f"StateReasonData is not syntactically valid JSON: {wrong}"
        ) from wrong


async def _brief(ports: ApiPorts, alarm: Alarm | None, state: AlarmState) -> Briefing | None:
    if alarm is None or alarm.standing.state is state:
        return None
    # Beside the event loop, since it looks at every record of every zone.
    concern = await asyncio.to_thread(concern_of, alarm, ports.worlds.current)
    if concern is None:
        return None
    witness = Witness(
        status=ports.statuses.status,
        since=ports.reports.since,
        latest=ports.reports.latest,
        resolve=ports.resolver.resolve,
    )
    return brief(concern, alarm, state, world=ports.worlds.current, witness=witness, now=ports.clock.now())

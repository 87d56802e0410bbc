"""Carries changes of alarms' states into the world, with the messages that tell of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

from stillup.engine.ports import Clock, Committed, Die, Figure, Worlds
from stillup.engine.uuids import new_message_id
from stillup.rules.alarms.alarm import Alarm, AlarmState
from stillup.rules.alarms.briefing import Witness, brief, concern_of
from stillup.rules.alarms.evaluation import Evaluation
from stillup.rules.alarms.transition import MOST_ACTIONS, standing_after, transition
from stillup.rules.changes import AlarmStateSet
from stillup.rules.topics.message import Briefing
from stillup.rules.world import World

_log: Final = logging.getLogger(__name__)


class States:
    """Puts alarms into states, one change each: state, history and messages are on disk together or not at all."""

    def __init__(self, *, worlds: Worlds, clock: Clock, die: Die, witness: Witness, account_id: str) -> None:
        self._worlds = worlds
        self._clock = clock
        self._die = die
        self._witness = witness
        self._account_id = account_id
        self._transitions = dict.fromkeys(AlarmState, 0)

    async def put(self, alarm: Alarm, evaluation: Evaluation) -> None:
        """Put the alarm into the state of its evaluation. Raises JournalUnavailable.

        Nothing happens where it keeps its state, and where it was deleted or configured anew meanwhile.
        """
        state = evaluation.state
        newest = self._worlds.current.alarms.get(alarm.arn)
        if state is None or newest is None or newest.standing.state is state:
            return
        briefing = await self._brief(newest, state)
        message_ids = [new_message_id(self._die) for _ in range(MOST_ACTIONS)]
        at = self._clock.now()

        def decide(world: World) -> AlarmStateSet | None:
            newest = world.alarms.get(alarm.arn)
            if newest is None or (newest.trigger, newest.rule) != (alarm.trigger, alarm.rule):
                return None
            if newest.standing.state is state:
                return None
            return transition(
                newest,
                standing_after(
                    newest, state, reason=evaluation.reason, reason_data=evaluation.reason_data, at=at
                ),
                world=world,
                account_id=self._account_id,
                message_ids=message_ids,
                briefing=briefing,
            )

        outcome = await self._worlds.commit(decide)
        if isinstance(outcome, Committed) and isinstance(outcome.change, AlarmStateSet):
            self._transitions[state] += 1
            _log.info(
                "alarm changed",
                extra={
                    "alarm": alarm.name,
                    "region": alarm.region,
                    "is": state.value,
                    "because": evaluation.reason,
                    "messages": len(outcome.change.messages),
                },
            )

    def figures(self) -> Iterator[Figure]:
        """How often alarms changed."""
        for state, count in self._transitions.items():
            yield Figure(
                "stillup_alarm_transitions_total",
                "Changes of alarms' states by evaluation.",
                count,
                {"to": state.value},
                is_counter=True,
            )

    async def _brief(self, alarm: Alarm, state: AlarmState) -> Briefing | None:
        # Beside the event loop, since it looks at every record of every zone.
        concern = await asyncio.to_thread(concern_of, alarm, self._worlds.current)
        if concern is None:
            return None
        world = self._worlds.current
        return brief(concern, alarm, state, world=world, witness=self._witness, now=self._clock.now())

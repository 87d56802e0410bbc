"""Warns of alarms that would go off with nobody told."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from typing import Final

from stillup.engine.ports import Figure
from stillup.rules.alarms.transition import NO_SUBSCRIPTION, NO_TOPIC, unheard
from stillup.rules.ids import Arn
from stillup.rules.world import World

MOST_NAMED: Final = 20
"""Warnings of one look; a topic that goes may leave thousands of alarms behind, and a log line takes its time."""

_log: Final = logging.getLogger(__name__)


class Unheard:
    """Which alarms nobody hears, as of the last look. Each is warned of once, and again if it was heard between."""

    def __init__(self) -> None:
        self._known: frozenset[tuple[Arn, Arn, str]] = frozenset()

    def look(self, world: World) -> None:
        """Look at all alarms, topics and subscriptions."""
        found = frozenset((alarm.arn, topic, why) for alarm, topic, why in unheard(world))
        new = sorted(found - self._known)
        for arn, topic, why in new[:MOST_NAMED]:
            _log.warning("an alarm tells nobody: %s", why, extra={"alarm": arn, "topic": topic})
        if len(new) > MOST_NAMED:
            _log.warning("more alarms tell nobody", extra={"actions": len(new) - MOST_NAMED})
        self._known = found

    def figures(self) -> Iterator[Figure]:
        """How many actions of alarms reach nobody."""
        counts = Counter(why for _, _, why in self._known)
        for why in (NO_TOPIC, NO_SUBSCRIPTION):
            yield Figure(
                "stillup_alarm_actions_unheard",
                "Actions of alarms that reach nobody.",
                counts[why],
                {"reason": why},
            )

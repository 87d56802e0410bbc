"""What became of an alarm's message at each of its topic's subscribers, as an engine's figures tell it.

SNS keeps such figures to itself: `stillup:Delivered` and its like (docs/reference/topics.md) are an engine's, which is
found out by asking. Where they are, a delivery is proven; where they are not, nothing is entered here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

from stillup.drill.logbook import Logbook
from stillup.drill.timeline import Sighting, Watcher
from stillup.plan.setup import Subscription, Topic
from stillup.provision.api_errors import API_ERRORS

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

NOTHING_YET: Final = "no message yet"
SIDES: Final = {"OK": True, "ALARM": False}
"""Which side a message speaks for."""
_FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


class Fate(StrEnum):
    """What has become of a message so far."""

    DELIVERED = "delivered"
    GIVEN_UP = "given up"
    FAILING = "failing"
    ON_ITS_WAY = "on its way"


@dataclass(frozen=True, slots=True)
class HandOver:
    """CloudWatch gave the topic a message about this state."""

    state: str
    at: datetime
    """By the clock that the figures go by."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One subscription's."""

    dead: int = 0
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""

    @classmethod
    def read(cls, attributes: Mapping[str, str]) -> Self | None:
        """From GetSubscriptionAttributes; None where there are none, as on AWS."""
        if "stillup:Delivered" not in attributes:
            return None
        return cls(
            dead=int(attributes["stillup:DeadLetters"]),
            delivered_at=_instant(attributes.get("stillup:LastDelivered")),
            failed_at=_instant(attributes.get("stillup:LastFailure")),
            reason=attributes.get("stillup:LastFailureReason", ""),
        )


def fate(handed: HandOver, before: Figures, now: Figures) -> Fate:
    """What the figures say of the message; `before` is from before it was handed over.

    | delivered since | more dead letters | failed since | fate       |
    |-----------------|-------------------|--------------|------------|
    | yes             | any               | any          | delivered  |
    | no              | yes               | any          | given up   |
    | no              | no                | yes          | failing    |
    | no              | no                | no           | on its way |

    They do not tell messages apart: another one to the same subscriber at the same time would be taken for this one.
    """
    if _is_since(handed.at, now.delivered_at):
        return Fate.DELIVERED
    if now.dead > before.dead:
        return Fate.GIVEN_UP
    return Fate.FAILING if _is_since(handed.at, now.failed_at) else Fate.ON_ITS_WAY


def is_settled(sighting: Sighting, *, is_primary: bool) -> bool:
    """Whether there is nothing to wait for: the message of this side has arrived, or never will, or is not meant for it."""
    return sighting.is_primary is is_primary or sighting.state.startswith((NOTHING_YET, Fate.GIVEN_UP))


class Deliveries:
    """To all confirmed subscribers of some topics of one Region."""

    def __init__(self, sns: SNSClient, topics: Iterable[Topic]) -> None:
        self._sns = sns
        self._watched = [
            _Watched(each, topic.arn or "")
            for topic in topics
            for each in topic.subscriptions
            if each.arn is not None
        ]
        self._is_begun = False

    def begin(self, logbook: Logbook) -> None:
        """Enter who can be watched; at the first look, before any message."""
        if self._is_begun:
            return
        self._is_begun = True
        for each in self._watched:
            try:
                each.before = self._figures(each)
            except API_ERRORS:
                each.before = None  # nobody may ask: as on AWS, nothing is known
            if each.before is not None:
                each.note(logbook, NOTHING_YET, is_primary=None)
        self._watched = [each for each in self._watched if each.before is not None]

    def hand_over(self, topic_arn: str, handed: HandOver, logbook: Logbook) -> None:
        """From now on this message is followed to the topic's subscribers."""
        for each in self._watched:
            if each.topic_arn == topic_arn:
                each.handed = handed
                each.note(logbook, f"{Fate.ON_ITS_WAY} {handed.state}", is_primary=None)

    def look(self, logbook: Logbook) -> None:
        """Ask once about each subscriber whom a message has not reached yet."""
        for each in self._watched:
            if each.handed is None or each.before is None:
                continue
            try:
                now = self._figures(each)
            except API_ERRORS:
                continue  # asked again at the next look
            if now is None:
                continue
            found = fate(each.handed, each.before, now)
            is_primary = SIDES.get(each.handed.state) if found is Fate.DELIVERED else None
            detail = now.reason if found in (Fate.GIVEN_UP, Fate.FAILING) else ""
            each.note(logbook, f"{found} {each.handed.state}", is_primary=is_primary, detail=detail)
            if found in (Fate.DELIVERED, Fate.GIVEN_UP):
                each.handed, each.before = None, now

    def _figures(self, watched: _Watched) -> Figures | None:
        arn = watched.subscription.arn or ""
        return Figures.read(self._sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"])


@dataclass(slots=True)
class _Watched:
    subscription: Subscription
    topic_arn: str
    before: Figures | None = None
    handed: HandOver | None = None

    def note(self, logbook: Logbook, state: str, *, is_primary: bool | None, detail: str = "") -> None:
        who = f"{self.subscription.protocol} {self.subscription.endpoint}"
        logbook.note(Watcher.DELIVERY, who, state, is_primary=is_primary, detail=detail)


def _is_since(moment: datetime, other: datetime | None) -> bool:
    # The figures are cut to milliseconds.
    return other is not None and other >= moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)

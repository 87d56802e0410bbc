"""What the drill's own webhook was told: tokens, farewells, and what the alarm says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from queue import SimpleQueue
from typing import Final

from stillup.drill.delivery.message import NotGenuine, SnsMessage, read_message
from stillup.rules.topics.message import MessageType

STATES: Final = ("OK", "ALARM", "INSUFFICIENT_DATA")


@dataclass(slots=True)
class _Shared:
    tokens: dict[str, str] = field(default_factory=dict)
    """By topic."""
    farewells: set[str] = field(default_factory=set)
    refused: str = ""


class Inbox:
    """Takes from anybody, believes nobody but SNS, and cares for one alarm's messages from its topics alone."""

    def __init__(
        self, topics: Collection[str], alarm: str, certificate: Callable[[str], bytes], *, secret: str
    ) -> None:
        """`secret` is in the path or the query of whatever is meant for us."""
        self.states: SimpleQueue[str] = SimpleQueue()
        """What the alarm said, in order."""
        self._topics = frozenset(topics)
        self._alarm = alarm
        self._certificate = certificate
        self._secret = secret
        self._shared = _Shared()
        self._changed = threading.Condition()

    def receive(self, path: str, body: bytes) -> HTTPStatus:
        """The answer to what was posted; SNS tries again after a 5xx."""
        if self._secret not in path:
            return HTTPStatus.NOT_FOUND
        try:
            message = read_message(body, self._certificate)
        except NotGenuine as why:
            self._refuse(str(why))
            return HTTPStatus.FORBIDDEN
        except OSError as why:
            self._refuse(f"its certificate cannot be had: {why}")
            return HTTPStatus.SERVICE_UNAVAILABLE
        if message.topic_arn not in self._topics:
            self._refuse(f"it is a message of {message.topic_arn}")
            return HTTPStatus.FORBIDDEN
        self._take(message)
        return HTTPStatus.OK

    def await_token(self, topic: str, *, within: float) -> str | None:
        """The token that confirms the subscription to the topic; None where it does not come."""
        with self._changed:
            self._changed.wait_for(lambda: topic in self._shared.tokens, within)
            return self._shared.tokens.get(topic)

    def await_farewells(self, topics: Iterable[str], *, within: float) -> bool:
        """Whether SNS has said that the subscriptions to these topics are over."""
        wanted = set(topics)
        with self._changed:
            return self._changed.wait_for(lambda: wanted <= self._shared.farewells, within)

    @property
    def refused(self) -> str:
        """Why something was not believed, the last time; empty where everything was."""
        with self._changed:
            return self._shared.refused

    def _take(self, message: SnsMessage) -> None:
        with self._changed:
            match message.type:
                case MessageType.SUBSCRIPTION_CONFIRMATION if message.token is not None:
                    self._shared.tokens[message.topic_arn] = message.token
                case MessageType.UNSUBSCRIBE_CONFIRMATION:
                    self._shared.farewells.add(message.topic_arn)
                case MessageType.NOTIFICATION:
                    state = state_in(message.text, self._alarm)
                    if state is not None:
                        self.states.put(state)
            self._changed.notify_all()

    def _refuse(self, why: str) -> None:
        with self._changed:
            self._shared.refused = why


def state_in(text: str, alarm: str) -> str | None:
    """The new state that CloudWatch tells of this alarm; None where it speaks of something else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("AlarmName") != alarm:
        return None
    state = told.get("NewStateValue")
    return state if state in STATES else None

"""How many deliveries are under way at once, so that none waits for somebody else's endpoint.

A lane is what is down together: a host, or the mail server. Mails have places of their own beside the webhooks'.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from stillup.engine.notify.addressing import MAIL
from stillup.engine.ports import Among

MOST: Final = 256
"""Webhooks at the same time."""
WIDTH: Final = 8
"""Webhooks of one host at the same time."""
MAILS: Final = 3
"""Mails at the same time: Exchange Online takes no more connections from one sender."""


class Lanes:
    """The places, and who has them.

    | the lane's last attempt | places of the lane |
    |-------------------------|--------------------|
    | took all its time       | 1                  |
    | ended before            | `width` or `mails` |

    So hosts that hang fill the places only if there are as many of them as there are places.
    """

    def __init__(self, *, most: int = MOST, width: int = WIDTH, mails: int = MAILS) -> None:
        self._most = most
        self._width = width
        self._mails = mails
        self._taken: Counter[str] = Counter()
        self._under_way: set[str] = set()
        self._hanging: set[str] = set()

    def take(self, delivery: str, lane: str) -> bool:
        """Give this delivery a place; False: its lane has none."""
        if self._taken[lane] >= self._width_of(lane):
            return False
        self._taken[lane] += 1
        self._under_way.add(delivery)
        return True

    def leave(self, delivery: str, lane: str, *, hung: bool) -> None:
        """The place is free again."""
        self._under_way.discard(delivery)
        self._taken[lane] -= 1
        if not self._taken[lane]:
            del self._taken[lane]
        if hung:
            self._hanging.add(lane)
        else:
            self._hanging.discard(lane)

    def room(self) -> tuple[int, Among] | None:
        """How many could begin now, and among which deliveries they are; None: none could."""
        full = [lane for lane, taken in self._taken.items() if taken >= self._width_of(lane)]
        webhooks = self._webhooks()
        if webhooks > 0:
            return webhooks, Among(without=tuple(self._under_way), without_lanes=full)
        mails = self._width_of(MAIL) - self._taken[MAIL]
        return (mails, Among(without=tuple(self._under_way), only_lane=MAIL)) if mails > 0 else None

    def room_of(self, lane: str) -> tuple[int, Among] | None:
        """The same for the deliveries of one lane."""
        places = self._width_of(lane) - self._taken[lane]
        if lane != MAIL:
            places = min(places, self._webhooks())
        return (places, Among(without=tuple(self._under_way), only_lane=lane)) if places > 0 else None

    def _webhooks(self) -> int:
        """Places that are left for them."""
        return self._most - self._taken.total() + self._taken[MAIL]

    def _width_of(self, lane: str) -> int:
        if lane in self._hanging:
            return 1
        return self._mails if lane == MAIL else self._width

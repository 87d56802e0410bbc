"""The `stillup:` tags of a topic: inert on AWS, effective here (decision 5).

| tag                 | value                               | from … to      | without it   |
|---------------------|-------------------------------------|----------------|--------------|
| `stillup:heartbeat` | duration: `7d`, `12h`, `30m`, `90s` | 10 s … 366 d   | no heartbeat |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stillup.rules.refusal import Refusal
from stillup.rules.topics.refusals import invalid
from stillup.rules.topics.topic import Topic

PREFIX: Final = "stillup:"
HEARTBEAT_TAG: Final = "stillup:heartbeat"

_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?([smhd])", re.ASCII)
_SHORTEST: Final = 10.0
_LONGEST: Final = 366 * 86400.0


def heartbeat_of(topic: Topic) -> float | None:
    """Seconds from one heartbeat of this topic to the next; None: it has none.

    The tag was validated when it was set; a value that this version does not accept is inert, as on AWS.
    """
    text = topic.tags.get(HEARTBEAT_TAG)
    return None if text is None else _seconds(text)


def check_tags(tags: Mapping[str, str]) -> Refusal | None:
    """InvalidParameter where a `stillup:` tag among these is unknown or has a value that it cannot have.

    A misspelt tag would silently do nothing.
    """
    for key, value in tags.items():
        if key.lower().startswith(PREFIX) and key != HEARTBEAT_TAG:
            return invalid(f"Tags Reason: The tag {key} does not exist: there is {HEARTBEAT_TAG}.")
        if key == HEARTBEAT_TAG and _seconds(value) is None:
            return invalid(
                f"Tags Reason: The value of the tag {key} must be a duration from 10 seconds to 366 days, "
                f"such as 90s, 30m, 12h or 7d, not '{value}'."
            )
    return None


def _seconds(text: str) -> float | None:
    matched = _DURATION.fullmatch(text.strip())
    seconds = float(matched[1]) * _UNITS[matched[2]] if matched else 0.0
    return seconds if _SHORTEST <= seconds <= _LONGEST else None

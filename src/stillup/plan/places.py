"""Where a failover's things are that its name does not tell: noted in a tag of its check, so that they are found again
when the plan calls them otherwise.

| word                  | what is there                                                          |
|-----------------------|------------------------------------------------------------------------|
| `bucket/NAME`         | a bucket that is not called as the failover is                         |
| `topic/REGION/NAME`   | a topic of another name than the usual one, or elsewhere               |
| `alarms/REGION`       | an alarm elsewhere than where the metrics are                          |

A note may name what is gone: then nothing is found there. It never misses what is there, wherever a run ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from stillup.plan.ownership import owns_check, owns_tags, usual_name
from stillup.plan.setup import METRICS_REGION, Check, Setup

PLACES_TAG: Final = "stillup-places"
_LONGEST_VALUE: Final = 256
"""Characters (HC-50)."""
_LONGEST_WORD: Final = 120


def places(setup: Setup) -> list[str]:
    """The words for what is the failover's own."""
    buckets = [each for each in (setup.bucket, *setup.other_buckets) if each is not None]
    usual = (usual_name(setup.name), METRICS_REGION)
    words = [
        *(f"bucket/{each.name}" for each in buckets if _owns(setup, each.tags) and each.name != setup.name),
        *(
            f"topic/{each.region}/{each.name}"
            for each in setup.topics
            if _owns(setup, each.tags) and each.place != usual
        ),
        *(
            f"alarms/{each.region}"
            for each in setup.alarms
            if _owns(setup, each.tags) and each.region != METRICS_REGION
        ),
    ]
    return [word for word in words if len(word) <= _LONGEST_WORD]


def noted_places(checks: Iterable[Check], name: str) -> list[tuple[str, ...]]:
    """What the failover's own checks note, word by word, in parts."""
    words = (word for check in checks if owns_check(check, name) for word in _words(check))
    return [tuple(word.split("/")) for word in dict.fromkeys(words)]


def noting(asked: Setup) -> Setup:
    """With the note on the primary's check, where there is something to note and a check of ours to note it on."""
    check, words = asked.checks.get("primary"), places(asked)
    if check is None or check.config is None or not words:
        return asked
    return replace(asked, checks={**asked.checks, "primary": _with_note(check, words)})


def still_noting(wanted: Check, found: Check | None, actual: Setup) -> Check:
    """The check as it is asked for, with a note that leads to what is still there as well.

    A note that has more in it than is asked for stays as it is: it does no harm.
    """
    if wanted.key != "primary":
        return wanted
    asked = _words(wanted)
    if found is not None and set(asked) <= set(_words(found)):
        return _with_note(wanted, _words(found))
    return _with_note(wanted, dict.fromkeys((*asked, *places(actual))))


def _owns(setup: Setup, tags: Mapping[str, str]) -> bool:
    return owns_tags(tags, setup.name)


def _words(check: Check) -> list[str]:
    return check.tags.get(PLACES_TAG, "").split()


def _with_note(check: Check, words: Iterable[str]) -> Check:
    note = ""
    for word in words:
        longer = f"{note} {word}".strip()
        note = longer if len(longer) <= _LONGEST_VALUE else note
    return replace(check, tags={**check.tags, PLACES_TAG: note}) if note else check

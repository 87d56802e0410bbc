"""The tag `stillup:heartbeat`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.topics.heartbeat import check_tags, heartbeat_of
from tests.rules.topics.mail import TOPIC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("12h", 43200),
        ("7d", 604800),
        ("1.5 h", 5400),
        ("366d", 366 * 86400),
        ("367d", None),
        ("9s", None),
        ("7", None),
        ("7w", None),
        ("-7d", None),
        ("", None),
        ("٧d", None),
    ],
)
def test_a_heartbeat_is_a_duration_or_refused(text: str, seconds: float | None) -> None:
    tags = {"stillup:heartbeat": text, "team": "a"}

    assert heartbeat_of(replace(TOPIC, tags=tags)) == seconds
    assert (check_tags(tags) is None) is (seconds is not None)


def test_a_topic_without_the_tag_has_no_heartbeat() -> None:
    assert heartbeat_of(TOPIC) is None


def test_a_misspelt_tag_is_refused() -> None:
    refused = check_tags({"stillup:hartbeat": "7d"})

    assert refused is not None
    assert refused.code == "InvalidParameter"
    assert "stillup:heartbeat" in refused.message

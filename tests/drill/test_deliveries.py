"""A message's fate, from an engine's figures typed by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stillup.drill.timeline import Sighting, Watcher
from stillup.drill.watchers.deliveries import Fate, Figures, HandOver, fate, is_settled

AT = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
HANDED = HandOver("ALARM", AT)
EARLIER, LATER = AT - timedelta(seconds=1), AT + timedelta(seconds=1)
NONE_YET = Figures()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (Figures(), Fate.ON_ITS_WAY),
        (Figures(delivered_at=EARLIER, failed_at=EARLIER), Fate.ON_ITS_WAY),
        (Figures(failed_at=LATER), Fate.FAILING),
        (Figures(dead=1, failed_at=LATER), Fate.GIVEN_UP),
        (Figures(dead=1, delivered_at=LATER), Fate.DELIVERED),
        (Figures(delivered_at=AT.replace(microsecond=123_000)), Fate.DELIVERED),
    ],
)
def test_a_message_has_the_fate_that_the_figures_since_its_hand_over_tell(
    now: Figures, expected: Fate
) -> None:
    assert fate(HANDED, NONE_YET, now) is expected


def test_a_letter_that_was_dead_before_is_another_messages() -> None:
    assert fate(HANDED, Figures(dead=1), Figures(dead=1)) is Fate.ON_ITS_WAY


def test_figures_are_read_where_an_engine_has_them() -> None:
    told = {
        "stillup:Delivered": "3",
        "stillup:DeadLetters": "1",
        "stillup:LastDelivered": "2026-11-22T12:00:00.123Z",
        "stillup:LastFailure": "2026-11-22T11:00:00.000Z",
        "stillup:LastFailureReason": "no route",
    }

    assert Figures.read(told) == Figures(
        dead=1,
        delivered_at=AT.replace(microsecond=123_000),
        failed_at=datetime(2026, 11, 22, 11, tzinfo=UTC),
        reason="no route",
    )
    assert Figures.read({"Protocol": "email"}) is None


@pytest.mark.parametrize(
    ("state", "view", "settled"),
    [
        ("delivered ALARM", False, True),
        ("delivered OK", True, False),
        ("given up ALARM", None, True),
        ("no message yet", None, True),
        ("on its way ALARM", None, False),
        ("failing ALARM", None, False),
    ],
)
def test_only_what_may_still_arrive_is_waited_for(state: str, view: bool | None, settled: bool) -> None:
    seen = Sighting(1.0, Watcher.DELIVERY, "email oncall@example.com", state, view)

    assert is_settled(seen, is_primary=False) is settled

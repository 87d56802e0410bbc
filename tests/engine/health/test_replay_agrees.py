"""What was recorded, judged again as the check was, is what the engine said at the time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.plan.replay import replay
from tests.engine.health.theatre import DOWN, UP, Theatre, check

TAGS = [
    {},
    {"stillup:interval": "1s", "stillup:confirm-interval": "0.2s"},
    {"stillup:recover-after": "90s"},
    {"stillup:fall": "5", "stillup:rise": "2"},
    {"stillup:latch": "true"},
]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    tags=st.sampled_from(TAGS),
    periods=st.lists(st.floats(1, 200), min_size=1, max_size=8),
    inverted=st.booleans(),
    reconfigured=st.booleans(),
)
async def test_replaying_a_recording_gives_what_the_engine_said(
    tags: dict[str, str], periods: list[float], inverted: bool, reconfigured: bool
) -> None:
    async with Theatre(check("a", tags=tags, inverted=inverted)) as theatre:
        since = theatre.clock.now()
        for place, period in enumerate(periods):
            theatre.prober.endpoints["a"] = DOWN if place % 2 else UP
            await theatre.pass_time(period)
            if reconfigured and place == 3:
                await theatre.configure("a", failure_threshold=1)
        until = theatre.clock.now()
    runs = sorted(theatre.archive.runs.values(), key=lambda run: run.first_at)
    replayed = replay(runs, theatre.archive.eras, since=since, until=until)
    said = [change for batch in theatre.batches for change in batch]
    began = [change.at for change in said if change.status is DOWN]
    ended = [change.at for change in said if change.status is UP]
    assert [each.began for each in replayed.outages] == pytest.approx(began, abs=0.2)
    assert [each.ended for each in replayed.outages if each.ended] == pytest.approx(ended, abs=0.2)
    assert replayed.probes == sum(run.count for run in runs)

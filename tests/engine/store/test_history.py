"""The history of alarms: with the change that it tells of, and for two weeks (CW-10)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.store import Store, open_store
from stillup.rules.alarms.alarm import HISTORY_KEPT, HistoryItem, HistoryItemType
from stillup.rules.changes import AlarmsDeleted

NOW = 1_755_072_480.0


def item(at: float, *, region: str = "us-east-1") -> HistoryItem:
    return HistoryItem(
        region, "down", is_composite=False, at=at, type=HistoryItemType.ACTION, summary="s", data="{}"
    )


async def happen(store: Store, *items: HistoryItem) -> None:
    await store.worlds.commit(lambda _: AlarmsDeleted((), items))


async def history(store: Store, region: str = "us-east-1") -> Sequence[HistoryItem]:
    return await store.history.read(region, start=0, end=1e12)


async def test_history_is_back_after_a_restart_newest_first(tmp_path: Path) -> None:
    store = open_store(tmp_path, SystemDie())
    first, second, third = item(NOW), item(NOW), item(NOW + 1)
    await happen(store, first, second)
    await happen(store, third, item(NOW, region="eu-west-1"))
    await store.close()
    store = open_store(tmp_path, SystemDie())
    assert await history(store) == [third, second, first]
    assert await store.history.read("us-east-1", start=NOW, end=NOW + 1) == [second, first]
    assert await history(store, "eu-west-1") == [item(NOW, region="eu-west-1")]
    await store.close()


async def test_what_is_older_than_two_weeks_goes_as_new_things_happen(tmp_path: Path) -> None:
    store = open_store(tmp_path, SystemDie())
    await happen(store, *(item(NOW + second) for second in range(3)))
    await happen(store, item(NOW, region="eu-west-1"))
    await happen(store, item(NOW + HISTORY_KEPT + 2))
    assert [each.at for each in await history(store)] == [NOW + HISTORY_KEPT + 2, NOW + 2]
    assert await history(store, "eu-west-1")
    await store.close()


async def test_a_damaged_line_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(tmp_path, SystemDie())
    await happen(store, item(NOW), item(NOW + 1))
    store._database.connection.execute(
        "UPDATE alarm_history SET body = CAST(x'ff' AS TEXT) WHERE at = ?", (NOW,)
    )
    assert await history(store) == [item(NOW + 1)]
    assert "cannot be read" in caplog.text
    await store.close()

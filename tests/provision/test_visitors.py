"""Visitors while `apply` changes what is live: never without an answer, never with a broken page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stillup.drill.engine_process import EngineProcess
from stillup.provision.account import Account
from stillup.provision.waiting import until
from tests.provision.typed import Typed
from tests.provision.visitor import STANDBY, Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def typed(engine: Account, tmp_path: Path) -> Typed:
    return Typed.new(engine, tmp_path)


@pytest.fixture
def visiting(running: EngineProcess, typed: Typed) -> Iterator[Callable[[], Visitor]]:
    yield lambda: Visitor(running.listeners, typed.name)


def test_every_part_of_a_live_failover_is_changed_and_nobody_is_without_an_answer(
    typed: Typed, visiting: Callable[[], Visitor]
) -> None:
    typed.apply()
    with visiting() as visitor:
        typed.changes["ttl"] = 30
        typed.apply()
        typed.changes["primary"] = typed.primary(address="127.0.0.1") | {"address": "127.0.0.2"}
        typed.apply()
        typed.changes["primary"] = typed.primary(address="127.0.0.1", interval=10) | {"address": "127.0.0.2"}
        assert "replace" in [step.action for step in typed.apply()]
        typed.changes["standby"] = {"address": "127.0.0.3"}
        typed.apply()
        typed.changes["standby"] = {"folder": "site"}
        typed.apply()
    print(dict(visitor.got))
    assert set(visitor.got) == {"127.0.0.1", "127.0.0.2"}
    typed.destroy()


def test_while_the_standby_serves_its_pages_change_and_none_is_broken(
    typed: Typed, visiting: Callable[[], Visitor]
) -> None:
    typed.changes["primary"] = typed.primary(port=1, interval="1s", failures=1)
    typed.apply()
    visitor = visiting()
    assert until(lambda: visitor.ask() == STANDBY)
    with visitor:
        for words in ("Back at nine", "Back at ten"):
            (typed.base / "site" / "index.html").write_text(words)
            (typed.base / "site" / f"{words}.css").write_text(words)
            typed.apply()
        typed.changes["ttl"] = 30
        typed.changes["alert"] = {"emails": ["other@example.com"], "topic": f"ops-{typed.zone[:6]}"}
        typed.apply()
    print(dict(visitor.got))
    assert set(visitor.got) == {STANDBY, "<h1>Back soon</h1>", "Back at nine", "Back at ten"}
    typed.apply(destroy=True, force=True)

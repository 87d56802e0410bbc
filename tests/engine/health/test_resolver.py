"""Names by the system's own means: /etc/hosts knows localhost, and nobody knows .invalid (RFC 6761)."""

from __future__ import annotations

import asyncio
import threading

import pytest

from stillup.engine.health.resolver import SystemResolver, Unresolved


async def test_a_name_becomes_an_ipv4_address() -> None:
    assert await SystemResolver().resolve("localhost") == "127.0.0.1"


@pytest.mark.parametrize("name", ["", "::1", "a..b", "x" * 300, "nul\0"])
async def test_what_has_no_ipv4_address_is_unresolved(name: str) -> None:
    with pytest.raises(Unresolved):
        await SystemResolver().resolve(name)


async def test_lookups_of_one_name_are_one_and_too_many_names_wait_for_their_turn() -> None:
    may_answer = threading.Event()
    lookups: list[str] = []

    def look_up(name: str) -> str:
        lookups.append(name)
        may_answer.wait(10)
        return "192.0.2.1"

    subject = SystemResolver(look_up, max_lookups=1)
    waiting = [asyncio.create_task(subject.resolve("www.example.com")) for _ in range(3)]
    waiting.append(asyncio.create_task(subject.resolve("other.example.com")))
    await asyncio.sleep(0)
    waiting[0].cancel()
    assert "other.example.com" not in lookups
    may_answer.set()
    assert await asyncio.gather(*waiting[1:]) == ["192.0.2.1"] * 3
    assert lookups == ["www.example.com", "other.example.com"]


async def test_a_name_is_unresolved_where_there_are_no_more_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    subject = SystemResolver(lambda name: "192.0.2.1")
    with monkeypatch.context() as exhausted:
        exhausted.setattr(threading.Thread, "start", start)
        with pytest.raises(Unresolved, match="thread"):
            await subject.resolve("www.example.com")
    assert await subject.resolve("www.example.com") == "192.0.2.1"

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


async def test_lookups_of_one_name_are_one_and_of_too_many_names_are_refused() -> None:
    may_answer = threading.Event()
    lookups: list[str] = []

    def look_up(name: str) -> str:
        lookups.append(name)
        may_answer.wait(10)
        return "192.0.2.1"

    subject = SystemResolver(look_up, max_lookups=1)
    waiting = [asyncio.create_task(subject.resolve("www.example.com")) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Unresolved, match="already"):
        await subject.resolve("other.example.com")
    waiting[0].cancel()
    may_answer.set()
    assert await asyncio.gather(*waiting[1:]) == ["192.0.2.1", "192.0.2.1"]
    assert lookups == ["www.example.com"]

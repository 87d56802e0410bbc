"""A DNS server on loopback, answering for example.com."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import uvloop

from stillup.engine.clock import SystemDie
from stillup.engine.dns.server import DnsServer
from tests.engine.dns.dict_book import DictBook


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The engine runs on uvloop, and on asyncio's own loop where that is not to be had."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture
async def server() -> AsyncIterator[DnsServer]:
    """Not listening yet; closed afterwards."""
    server = DnsServer(DictBook(), SystemDie())
    yield server
    await server.close()


@pytest.fixture
async def port(server: DnsServer) -> int:
    """The port on 127.0.0.1 where the server listens."""
    [(_, port)] = await server.start([("127.0.0.1", 0)])
    return port

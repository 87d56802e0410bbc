"""The fault proxy, between a real client and a real server."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stillup.drill.breakers.breaker import BreakFailed
from stillup.drill.breakers.proxy import FaultProxy, Mode
from stillup.drill.browser import Page, Place, connect, fetch, get
from stillup.plan.address import Address

PAGE = b"the primary's page, long enough to be cut somewhere in the middle of it\n" * 20


class _Primary(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def primary() -> Iterator[Address]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Primary) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield Address(*server.server_address[:2])
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(primary: Address) -> Iterator[FaultProxy]:
    proxy = FaultProxy(Address("127.0.0.1", 0), primary)
    proxy.open()
    yield proxy
    proxy.close()


def _place(proxy: FaultProxy) -> Place:
    return Place("http", "www.example.com", proxy.listen.port, "/")


def _fetch(proxy: FaultProxy) -> Page:
    return fetch(proxy.listen.host, _place(proxy), timeout=0.15)


def test_it_passes_the_page_before_and_after(proxy: FaultProxy) -> None:
    before = _fetch(proxy)
    proxy.behave(Mode.REFUSE)
    proxy.behave(Mode.PASS)

    assert before.text.encode() == PAGE
    assert _fetch(proxy) == before


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.HANG, Mode.CUT, Mode.SLOW])
def test_no_page_comes_through(proxy: FaultProxy, mode: Mode) -> None:
    proxy.behave(mode)

    with pytest.raises((OSError, http.client.HTTPException)):
        _fetch(proxy)


def test_an_error_is_a_whole_response(proxy: FaultProxy) -> None:
    proxy.behave(Mode.ERROR)

    assert _fetch(proxy) == Page(500, "drill\n")


@pytest.mark.parametrize("mode", [each for each in Mode if each is not Mode.PASS])
def test_connections_that_are_open_are_hit_too(proxy: FaultProxy, mode: Mode) -> None:
    connection = connect(proxy.listen.host, _place(proxy), timeout=0.15)
    get(connection, _place(proxy), timeout=0.15)
    proxy.behave(mode)

    with pytest.raises((OSError, http.client.HTTPException)):
        get(connection, _place(proxy), timeout=0.15)
    connection.close()


def test_who_waits_in_a_hang_is_served_when_it_ends(proxy: FaultProxy) -> None:
    proxy.behave(Mode.HANG)
    connection = connect(proxy.listen.host, _place(proxy), timeout=5)
    connection.request("GET", "/")
    proxy.behave(Mode.PASS)

    assert connection.getresponse().read() == PAGE
    connection.close()


def test_an_address_that_is_taken_is_told(primary: Address) -> None:
    with pytest.raises(BreakFailed, match="cannot listen"):
        FaultProxy(primary, primary).open()

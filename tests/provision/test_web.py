"""Pages, fetched as a visitor gets them."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import trustme

from stillup.provision.standing.pages import read_page
from stillup.provision.web import fetch, target_of
from tests.provision.live.servers import serving


@contextmanager
def dribbling(beginning: bytes) -> Iterator[int]:
    """A server that sends this, and then one octet after the other until it is hung up on; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(beginning)
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.02)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_page_is_told_with_its_title_and_its_server() -> None:
    body = b"<html><title>\n Back &amp; soon </title>"
    with serving(503, {"Server": "AmazonS3"}, body) as port:
        page = read_page(f"http://www.example.com:{port}/", "127.0.0.1")
    assert (page.status, page.title, page.problem) == (503, "Back & soon", None)
    assert page.server is not None


def test_a_visitor_does_not_believe_every_certificate() -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("www.example.com").configure_cert(tls)
    with serving(tls=tls) as port:
        page = read_page(f"https://www.example.com:{port}/", "127.0.0.1")
    assert page.problem is not None
    assert page.problem.startswith("its certificate is not believed: ")


@pytest.mark.parametrize(
    ("beginning", "status", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: slow", None, "no answer within 0.2 s"),
        (b"HTTP/1.1 200 OK\r\n\r\n", 200, None),
    ],
)
def test_a_server_that_dribbles_holds_nobody_up(
    beginning: bytes, status: int | None, error: str | None
) -> None:
    with dribbling(beginning) as port:
        page = fetch(target_of(f"http://127.0.0.1:{port}/"), patience=0.2)
    assert (page.status, page.error) == (status, error)


def test_what_is_no_page_of_the_web_is_said() -> None:
    assert (
        read_page("ftp://www.example.com/", "127.0.0.1").problem
        == "not an http URL: 'ftp://www.example.com/'"
    )

"""The primary as its check sees it, and as visitors over HTTPS do."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace

import pytest
import trustme

from stillup.lint.rules_live.worked import NAME
from stillup.provision.live.primary import read_https, read_probe
from stillup.provision.live.question import NotAsked
from stillup.provision.live.tls import covers, read_certificate
from tests.provision.live.questions import at, question
from tests.provision.live.servers import serving


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Nobody trusts it."""
    return trustme.CA()


def _tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port: int = gone.getsockname()[1]
    return port


def test_a_probe_tells_status_body_and_coding() -> None:
    with serving(200, {"Content-Encoding": "gzip"}, b"octets") as port:
        page = read_probe(question(at(port)))

    assert (page.url, page.status) == (f"http://{NAME}:{port}/health", 200)
    assert (page.content_encoding, page.body) == ("gzip", b"octets")


def test_a_redirect_is_not_followed_and_what_is_behind_it_is_told() -> None:
    closed = _closed_port()
    with serving(301, {"Location": f"https://{NAME}:{closed}/health"}) as port:
        page = read_probe(question(at(port)))

    assert (page.status, page.location) == (301, f"https://{NAME}:{closed}/health")
    assert page.behind is not None
    assert (page.behind.status, page.behind.error) == (None, "connection refused")


def test_a_redirect_elsewhere_is_followed_there() -> None:
    with serving(204) as elsewhere, serving(302, {"Location": f"http://127.0.0.1:{elsewhere}/"}) as port:
        page = read_probe(question(at(port)))

    assert page.behind is not None
    assert page.behind.status == 204


def test_a_redirect_to_no_page_at_all_is_told() -> None:
    with serving(302, {"Location": "ftp://example.net/"}) as port:
        page = read_probe(question(at(port)))

    assert page.behind is not None
    assert page.behind.error == "no http URL"


def test_nobody_there_is_an_answer_too() -> None:
    page = read_probe(question(at(_closed_port())))

    assert (page.status, page.error) == (None, "connection refused")


@pytest.mark.parametrize("octets", [b"", b"no HTTP at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_speaks_no_http_is_an_answer_too(octets: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(octets)

        thread = threading.Thread(target=answer)
        thread.start()
        page = read_probe(question(at(listener.getsockname()[1])))
        thread.join()

    assert page.status is None
    assert page.error


@pytest.mark.parametrize(
    "changed",
    [{"disabled": True}, {"inverted": True}, {"type": "CALCULATED", "ip_address": None, "fqdn": None}],
)
def test_a_check_that_asks_nobody_or_means_the_opposite_is_not_tried(changed: dict[str, object]) -> None:
    with pytest.raises(NotAsked):
        read_probe(question(at(80, **changed)))


def test_for_tcp_a_connection_is_enough() -> None:
    with serving() as port, pytest.raises(NotAsked):
        read_probe(question(at(port, type="TCP")))

    assert read_probe(question(at(_closed_port(), type="TCP"))).error


def test_https_is_asked_whatever_the_certificate_is(authority: trustme.CA) -> None:
    with serving(200, {"Strict-Transport-Security": "max-age=1"}, tls=_tls(authority, NAME)) as port:
        page = read_https(question(at(port, type="HTTPS")))

    assert (page.status, page.hsts) == (200, "max-age=1")


def test_a_primary_without_https_is_no_fault() -> None:
    closed = _closed_port()
    with pytest.raises(NotAsked):
        read_https(question(at(closed, type="HTTPS")))
    with pytest.raises(NotAsked):
        read_certificate(question(at(closed, type="HTTPS")))


@pytest.mark.parametrize(
    ("name", "is_covered"), [(NAME, True), ("*.example.com", True), ("example.net", False)]
)
def test_a_certificate_is_told_with_its_names_and_issuer(
    authority: trustme.CA, name: str, is_covered: bool
) -> None:
    with serving(tls=_tls(authority, name)) as port:
        shown = read_certificate(question(at(port, type="HTTPS")))

    assert (shown.port, shown.names, shown.covers_name, shown.is_trusted) == (
        port,
        (name,),
        is_covered,
        False,
    )


@pytest.mark.parametrize(
    ("pattern", "name", "is_covered"),
    [
        ("a.example", "a.example", True),
        ("*.a.example", "b.a.example", True),
        ("*.a.example", "a.example", False),
        ("*.a.example", "c.b.a.example", False),
    ],
)
def test_a_wildcard_stands_for_one_label(pattern: str, name: str, is_covered: bool) -> None:
    assert covers(pattern, name) is is_covered


def test_a_primary_that_is_known_by_nothing_has_no_https() -> None:
    with pytest.raises(NotAsked):
        read_https(question(replace(at(443), records=())))

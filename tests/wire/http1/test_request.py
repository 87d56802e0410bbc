"""The request of a health check (HC-8, HC-9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.wire.http1.request import render_get


def test_the_request_is_the_one_that_route_53_sends() -> None:
    assert render_get(path="/health?deep=1", host="www.example.com", check_id="abc") == (
        b"GET /health?deep=1 HTTP/1.1\r\n"
        b"Host: www.example.com\r\n"
        b"User-Agent: Amazon-Route53-Health-Check-Service (ref abc; report http://amzn.to/1vsZADi)\r\n"
        b"Accept: */*\r\n"
        b"Accept-Encoding: identity,gzip,deflate\r\n"
        b"Connection: close\r\n"
        b"\r\n"
    )


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("", b"/"),
        ("/", b"/"),
        ("health", b"/health"),
        ("/a b", b"/a%20b"),
        ("/%20", b"/%20"),
        ("/é", b"/%C3%A9"),
    ],
)
def test_a_path_becomes_a_request_target(path: str, target: bytes) -> None:
    assert render_get(path=path, host="h", check_id="abc").split(b" ")[1] == target


@given(st.text(), st.text())
def test_no_path_and_no_host_adds_a_line(path: str, host: str) -> None:
    assume_encodable = (path + host).encode("utf-8", "replace").decode()
    request = render_get(
        path=assume_encodable[: len(path)], host=assume_encodable[len(path) :], check_id="abc"
    )
    assert request.count(b"\n") == 7
    assert request.count(b"\r") == 7

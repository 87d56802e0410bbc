"""Requests to servers that are not nice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.engine.notify.lookups import Lookups
from stillup.engine.notify.web import Target, Unacceptable, Unanswered, WebClient, _request
from stillup.rules.health.addresses import ProbePolicy
from tests.engine.notify.peers import (
    Script,
    answering,
    authority,
    deaf,
    hanging,
    request_of,
    saying,
    server_context,
    serving,
)


def client(*addresses: str, within: float = 5.0, **policy: Sequence[str]) -> WebClient:
    async def resolve(name: str) -> Sequence[str]:
        if not addresses:
            raise OSError("no such name")
        return addresses

    return WebClient(resolve=resolve, permits=ProbePolicy.from_text(**policy).permits, within=within)


async def asked(port: int, given: WebClient, *, scheme: str = "http", body: bytes = b"hello") -> int | str:
    """The status, or why there is none."""
    try:
        return await given.ask("POST", f"{scheme}://hooks.example:{port}/a?b", {"X": "y"}, body)
    except (Unanswered, Unacceptable) as reason:
        return str(reason)


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "404 Not Found", "500 Internal Server Error"])
async def test_the_answer_is_its_status_and_redirects_are_not_followed(status: str) -> None:
    seen: list[tuple[str, bytes]] = []
    async with serving(answering(status, seen=seen)) as port:
        assert await asked(port, client("127.0.0.1")) == int(status[:3])
    ((head, body),) = seen
    assert head.startswith(f"POST /a?b HTTP/1.1\r\nHost: hooks.example:{port}\r\nX: y\r\n")
    assert body == b"hello"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (saying(b"SSH-2.0-OpenSSH_9.6\r\n"), "The answer was not understood"),
        (saying(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000), "The answer was not understood"),
        (saying(b"\x00" * 1_000_000), "The answer was not understood"),
        (hanging, "No answer within"),
        (deaf, "No answer within"),
        (saying(b"HTTP/1.1 200 OK\r\n"), "No answer within"),
    ],
    ids=["ssh", "endless head", "noise", "hangs", "never reads", "half a head"],
)
async def test_a_server_that_misbehaves_is_a_reason_in_time(script: Script, reason: str) -> None:
    within = 0.1 if "within" in reason else 5.0
    async with serving(script) as port:
        said = await asked(port, client("127.0.0.1", within=within), body=b"x" * 256_000)
        assert reason in str(said)


async def test_a_server_that_closes_or_is_not_there_is_a_reason() -> None:
    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)

    async with serving(closing) as port:
        assert isinstance(await asked(port, client("127.0.0.1")), str)
    assert "connection failed" in str(await asked(port, client("127.0.0.1")))


async def test_an_early_refusal_is_heard_before_all_is_said() -> None:
    async with serving(saying(b"HTTP/1.1 413 Too Large\r\n\r\n")) as port:
        assert await asked(port, client("127.0.0.1"), body=b"x" * 5_000_000) == 413


async def test_an_endless_body_is_not_read() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with serving(endless) as port:
        assert await asked(port, client("127.0.0.1")) == 200


async def test_tls_must_verify(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trusted = authority(monkeypatch, tmp_path)
    ours = client("127.0.0.1")
    async with serving(answering("200 OK"), server_context(trusted, "hooks.example")) as port:
        assert await asked(port, ours, scheme="https") == 200
    async with serving(answering("200 OK"), server_context(trusted, "other.example")) as port:
        assert "TLS failed" in str(await asked(port, ours, scheme="https"))
    async with serving(answering("200 OK"), server_context(trustme.CA(), "hooks.example")) as port:
        assert "TLS failed" in str(await asked(port, ours, scheme="https"))
    async with serving(hanging) as port:
        said = await asked(port, client("127.0.0.1", within=0.1), scheme="https")
        assert "No answer within" in str(said)


async def test_an_address_is_judged_when_it_is_connected_to() -> None:
    seen: list[tuple[str, bytes]] = []
    async with serving(answering("200 OK", seen=seen)) as port:
        for address in (
            "169.254.169.254",
            "fe80::1%lo",
            "fd00:ec2::254",
            "224.0.0.1",
            "::ffff:169.254.169.254",
        ):
            assert "not one that may be called" in str(await asked(port, client(address)))
        denied = client("127.0.0.1", deny=["127.0.0.0/8"])
        assert "not one that may be called" in str(await asked(port, denied))
        assert await asked(port, client("169.254.169.254", "127.0.0.1")) == 200
        assert await asked(port, client("::1", "127.0.0.1")) == 200
    assert len(seen) == 2
    assert "was not found" in str(await asked(port, client()))


async def test_names_are_looked_up_by_the_system_and_several_at_once() -> None:
    lookups = Lookups()
    assert "127.0.0.1" in await lookups.resolve("localhost")
    for name in ("a" * 70 + ".invalid", "a..b"):
        with pytest.raises(OSError, match=r"."):
            await lookups.resolve(name)


@pytest.mark.parametrize("address", ["127.0.0.1", "2001:db8::1"])
async def test_an_address_is_not_looked_up(address: str) -> None:
    def look_up(name: str) -> list[str]:
        raise OSError(name)

    assert list(await Lookups(look_up).resolve(address)) == [address]


@pytest.mark.parametrize(
    "url", ["ftp://a/", "https:///", "http://[::1/", "http://a:99999/", "http://bücher.example/"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Unacceptable):
        Target.of(url)


def test_credentials_of_a_url_become_a_header_field() -> None:
    target = Target.of("https://us%65r:p%40ss@a.example/")
    assert (target.authority, target.port) == ("a.example", 443)
    assert b"Authorization: Basic dXNlcjpwQHNz\r\n" in _request("GET", target, {}, b"")


@settings(max_examples=30)
@given(path=st.text(max_size=20), value=st.text(max_size=20))
def test_no_url_and_no_value_adds_a_line(path: str, value: str) -> None:
    try:
        target = Target.of(f"http://a.example/{path}")
    except Unacceptable:
        return
    assert len(_request("POST", target, {"X": value}, b"").split(b"\r\n")) == 7
    assert _request("POST", target, {"X": value}, b"").count(b"\n") == 6

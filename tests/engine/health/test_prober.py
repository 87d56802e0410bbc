"""Probes of real sockets on loopback, friendly and hostile (1.2 to 1.4, HC-54)."""

from __future__ import annotations

import asyncio
import gc
import gzip
import resource
import socket

import pytest

from stillup.engine.clock import EngineClock
from stillup.engine.health.probe import Observation
from stillup.engine.health.prober import Prober
from stillup.engine.health.resolver import Unresolved
from stillup.rules.health.check import HealthCheckType, Status
from tests.engine.health.peers import (
    OK,
    Script,
    at_once,
    endless,
    nothing,
    peer,
    probe_for,
    resetting,
    saying,
    stalling,
)

HTTP = HealthCheckType.HTTP
MATCH = HealthCheckType.HTTP_STR_MATCH
HEAD = b"HTTP/1.1 200 OK\r\n"


class Names:
    """A resolver that knows these names."""

    def __init__(self, **addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, name: str) -> str:
        try:
            return self.addresses[name.partition(".")[0]]
        except KeyError:
            raise Unresolved(name) from None


class Silence:
    """A resolver that never answers."""

    async def resolve(self, name: str) -> str:
        await asyncio.Event().wait()
        raise AssertionError


def prober(**options: object) -> Prober:
    """A prober whose time-outs last their time; with rate=40, a fortieth of it."""
    clock = EngineClock(rate=float(options.pop("rate", 1)))  # type: ignore[arg-type]
    defaults = {"clock": clock, "resolver": Names(), "may_probe": lambda address: True}
    return Prober(**{**defaults, **options})  # type: ignore[arg-type]


async def seen(
    script: Script, kind: HealthCheckType = HTTP, *, rate: float = 1, **config: object
) -> Observation:
    async with peer(script) as port:
        return await prober(rate=rate).probe(probe_for(port, kind, **config))


@pytest.mark.parametrize(
    ("response", "status", "text"),
    [
        (OK, "healthy", "Success: HTTP Status Code 200, OK"),
        (b"HTTP/1.1 301 Moved Permanently\r\nLocation: /x\r\n\r\n", "healthy", "Success: HTTP Status Code 301, Moved Permanently"),
        (b"HTTP/1.1 399 \r\n\r\n", "healthy", "Success: HTTP Status Code 399"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "unhealthy", "Failure: HTTP Status Code 400, Bad Request"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "unhealthy", "Failure: HTTP Status Code 101, Switching Protocols"),
        (b"HTTP/1.1 503 Service Temporarily Unavailable\r\n\r\n", "unhealthy", "Failure: HTTP Status Code 503, Service Temporarily Unavailable"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, "healthy", "Success: HTTP Status Code 200, OK"),
    ],
)  # fmt: skip
async def test_status_codes_from_200_to_399_are_healthy(response: bytes, status: str, text: str) -> None:
    observation = await seen(saying(response))
    assert (observation.status, observation.text) == (status, text)


async def test_the_expect_tag_decides_which_codes_are_healthy() -> None:
    tags = {"stillup:expect": "418"}
    assert (await seen(saying(b"HTTP/1.1 418 Teapot\r\n\r\n"), tags=tags)).status is Status.HEALTHY
    assert (await seen(saying(OK), tags=tags)).status is Status.UNHEALTHY


async def test_the_request_names_the_check_and_the_host() -> None:
    heard = asyncio.get_running_loop().create_future()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set_result(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)

    async with peer(script) as port:
        probe = probe_for(port, fqdn="www.example.com", resource_path="/health")
        await prober().probe(probe)
        assert probe.http is not None
        assert await heard == probe.http.request
        assert f"Host: www.example.com:{port}\r\n".encode() in probe.http.request


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (OK, Status.HEALTHY),
        (HEAD + b"\r\nStill up", Status.HEALTHY),
        (HEAD + b"Content-Length: 8\r\n\r\nstill up", Status.UNHEALTHY),
        (HEAD + b"\r\n" + b"x" * 5112 + b"Still up", Status.HEALTHY),
        (HEAD + b"\r\n" + b"x" * 5113 + b"Still up", Status.UNHEALTHY),
        (
            HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 5112 + b"Still up", mtime=0),
            Status.HEALTHY,
        ),
        (HEAD + b"Content-Encoding: br\r\n\r\n" + gzip.compress(b"Still up", mtime=0), Status.UNHEALTHY),
        (b"HTTP/1.1 500 No\r\n\r\nStill up", Status.UNHEALTHY),
    ],
)
async def test_the_search_string_must_be_in_the_first_5120_octets(response: bytes, status: Status) -> None:
    assert (await seen(saying(response), MATCH)).status is status


async def test_a_string_that_is_found_needs_no_end_of_the_body() -> None:
    assert (await seen(stalling(HEAD + b"\r\nStill", b" up"), MATCH)).status is Status.HEALTHY


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (nothing, "The connection was closed by the endpoint."),
        (resetting(nothing), "The connection was closed by the endpoint."),
        (saying(), "The connection was closed by the endpoint."),
        (resetting(saying()), "The connection was closed by the endpoint."),
        (saying(b"HTTP/1.1 20"), "The connection was closed by the endpoint."),
        (resetting(saying(b"HTTP/1.1 20")), "The connection was closed by the endpoint."),
        (resetting(saying(HEAD + b"Content-Length: 99\r\n\r\nStill")), "The connection was closed by the endpoint."),
        (saying(HEAD + b"Content-Length: 99\r\n\r\nStill"), "The connection was closed by the endpoint."),
        (saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\nStill"), "The connection was closed by the endpoint."),
        (saying(b"<html>0.9</html>"), "The response was not understood: this is not an HTTP/1.1 response."),
        (at_once(b"220 mail ESMTP\r\n"), "The response was not understood: this is not an HTTP/1.1 response."),
        (saying(HEAD + b"Bad Header: x\r\n\r\n"), "The response was not understood: the header fields do not follow RFC 7230 section 3.2."),
        (saying(HEAD + b"Content-Encoding: gzip\r\n\r\nnonsense"), "The response was not understood: the body is not in its Content-Encoding."),
        (endless(HEAD, b"A: b\r\n" * 99), "The response was not understood: the response's head is longer than 16384 octets."),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), "The response was not understood: the response's head is longer than 16384 octets."),
        (endless(HEAD + b"\r\n", b"x" * 9999), "HTTP Status Code 200, OK. The search string is not in the first 5120 bytes of the response body"),
    ],
)  # fmt: skip
async def test_a_bad_response_is_a_failure_with_a_reason(
    script: Script, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    observation = await seen(script, MATCH)
    assert (observation.status, observation.text) == (Status.UNHEALTHY, f"Failure: {text}")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (stalling(), "a whole response header within the timeout limit"),
        (stalling(HEAD + b"A: b"), "a whole response header within the timeout limit"),
        (stalling(HEAD + b"Content-Length: 99\r\n\r\nStill"), "the response body within the timeout limit"),
        (
            stalling(HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
            "the response body within the timeout limit",
        ),
    ],
)
async def test_every_phase_has_a_time_out(script: Script, text: str) -> None:
    observation = await seen(script, MATCH, rate=40)
    assert observation.status is Status.UNHEALTHY
    assert text in observation.text


async def test_a_connection_that_nobody_accepts_times_out() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(address)  # the backlog is full from here on
            observation = await prober(rate=40).probe(probe_for(address[1]))
    assert observation.status is Status.UNHEALTHY
    assert observation.text.startswith("Failure: Connection timed out. The endpoint or the internet")


@pytest.mark.parametrize("kind", [HTTP, HealthCheckType.TCP])
async def test_a_refused_connection_is_a_failure(kind: HealthCheckType) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        observation = await prober().probe(probe_for(taken.getsockname()[1], kind))
    assert observation.status is Status.UNHEALTHY
    assert observation.text == "Failure: The connection was refused by the endpoint."


async def test_a_tcp_check_is_healthy_once_connected() -> None:
    observation = await seen(nothing, HealthCheckType.TCP)
    assert (observation.status, observation.text) == (
        Status.HEALTHY,
        "Success: The connection was established",
    )
    assert observation.timings.connect is not None


async def test_an_ipv6_address_is_probed_as_any_other() -> None:
    async with peer(saying(OK), host="::1") as port:
        observation = await prober().probe(probe_for(port, ip_address="::1"))
    assert observation.status is Status.HEALTHY


async def test_a_name_is_resolved_anew_for_each_probe() -> None:
    names = Names()
    subject = prober(resolver=names)
    async with peer(saying(OK)) as port:
        probe = probe_for(port, ip_address=None, fqdn="www.example.com")
        before = await subject.probe(probe)
        names.addresses["www"] = "127.0.0.1"
        after = await subject.probe(probe)
    assert (before.status, before.text) == (Status.UNHEALTHY, "Failure: DNS resolution failed")
    assert after.text == "Success: HTTP Status Code 200, OK. Resolved IP: 127.0.0.1"
    assert after.resolved_ip == "127.0.0.1"


async def test_a_failure_to_connect_names_the_resolved_address_first() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        probe = probe_for(taken.getsockname()[1], ip_address=None, fqdn="www.example.com")
        observation = await prober(resolver=Names(www="127.0.0.1")).probe(probe)
    assert observation.text == "Failure: Resolved IP: 127.0.0.1. The connection was refused by the endpoint."


async def test_a_resolver_that_does_not_answer_is_a_failure() -> None:
    probe = probe_for(80, ip_address=None, fqdn="www.example.com")
    observation = await prober(resolver=Silence(), rate=40).probe(probe)
    assert (observation.status, observation.text) == (Status.UNHEALTHY, "Failure: DNS resolution failed")


@pytest.mark.parametrize(
    "config", [{"ip_address": None, "fqdn": "www.example.com"}, {"ip_address": "127.0.0.1"}]
)
async def test_a_forbidden_address_is_never_connected_to(config: dict[str, object]) -> None:
    visits = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1

    async with peer(script) as port:
        subject = prober(resolver=Names(www="127.0.0.1"), may_probe=lambda address: address != "127.0.0.1")
        observation = await subject.probe(probe_for(port, **config))
    assert observation.status is Status.UNHEALTHY
    assert observation.text.endswith("it is restricted or private.")
    assert visits == 0


async def test_a_cancelled_probe_closes_its_connection() -> None:
    gone = asyncio.Event()
    arrived = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await reader.read()
        gone.set()

    async with peer(script) as port:
        probing = asyncio.create_task(prober().probe(probe_for(port)))
        await arrived.wait()
        probing.cancel()
        await asyncio.wait_for(gone.wait(), 10)
        with pytest.raises(asyncio.CancelledError):
            await probing


async def test_every_probe_closes_its_connection() -> None:
    closed = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal closed
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.read()
        closed += 1

    async with peer(script) as port:
        subject, probe = prober(), probe_for(port)
        await asyncio.gather(*(subject.probe(probe) for _ in range(20)))
        async with asyncio.timeout(10):
            while closed < 20:
                await asyncio.sleep(0.001)
        gc.collect()  # an unclosed transport warns, and warnings are errors


async def test_a_probe_without_descriptors_says_nothing_about_the_endpoint() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with peer(saying(OK)) as port:
        subject, probe = prober(), probe_for(port)
        assert (await subject.probe(probe)).status is Status.HEALTHY
        lowest_free = socket.socket()
        limit = lowest_free.fileno()
        lowest_free.close()
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            observation = await subject.probe(probe)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert observation.status is None
    assert observation.text == "Unknown: This health checker could not probe: Too many open files"

"""HTTPS probes (1.4): certificates, SNI, alerts, and peers that do not speak TLS at all."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import warnings

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from stillup.engine.clock import EngineClock
from stillup.engine.health import texts
from stillup.engine.health.certificates import carries_name
from stillup.engine.health.conversation import Conversation
from stillup.engine.health.probe import Observation
from stillup.engine.health.prober import Prober
from stillup.engine.health.resolver import SystemResolver
from stillup.engine.health.tls import TlsSession, unverified_context
from stillup.rules.health.check import HealthCheckType, Status
from tests.engine.health.peers import OK, Script, at_once, nothing, peer, probe_for, resetting, saying

NAME = "www.example.com"
VERIFY = {"stillup:verify-tls": "true"}
AUTHORITY = trustme.CA()


def served_with(*names: str, **options: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(*names, **options).configure_cert(context)  # type: ignore[arg-type]
    return context


def names_asked_of(context: ssl.SSLContext) -> list[str | None]:
    """What the server names of handshakes with this context are, as they come."""
    asked: list[str | None] = []

    def note(tls: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        asked.append(name)

    context.sni_callback = note
    return asked


async def seen(
    context: ssl.SSLContext | None, script: Script | None = None, *, rate: float = 1, **config: object
) -> Observation:
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    AUTHORITY.configure_trust(trusted)
    subject = Prober(
        clock=EngineClock(rate), resolver=SystemResolver(), may_probe=lambda _: True, trusted=trusted
    )
    async with peer(script or saying(OK), tls=context) as port:
        return await subject.probe(probe_for(port, HealthCheckType.HTTPS, **{"fqdn": NAME, **config}))


async def test_an_https_endpoint_that_answers_is_healthy() -> None:
    observation = await seen(served_with(NAME))
    assert (observation.status, observation.text) == (Status.HEALTHY, "Success: HTTP Status Code 200, OK")
    assert observation.timings.connect is not None
    assert observation.timings.tls is not None
    assert observation.timings.first_byte is not None


@pytest.mark.parametrize(
    "options",
    [
        {"not_after": datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)},
        {"common_name": "somebody.else"},
    ],
)
async def test_certificates_are_not_validated(options: dict[str, object]) -> None:
    if "not_after" in options:
        options["not_before"] = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    assert (await seen(served_with("other.example.net", **options))).status is Status.HEALTHY


async def test_the_name_is_sent_and_a_certificate_that_carries_it_is_enough() -> None:
    context = served_with(NAME)
    asked = names_asked_of(context)
    await seen(context)
    assert asked == [NAME]


async def test_where_the_certificate_lacks_the_name_the_handshake_is_tried_again_without_it() -> None:
    context = served_with("other.example.net")
    asked = names_asked_of(context)
    observation = await seen(context)
    assert asked == [NAME, None]
    assert observation.status is Status.HEALTHY


@pytest.mark.parametrize(("enable_sni", "asked_names"), [(False, [None]), (None, [NAME]), (True, [NAME])])
async def test_enable_sni_decides_whether_the_name_is_sent(
    enable_sni: bool | None, asked_names: list[str | None]
) -> None:
    context = served_with(NAME)
    asked = names_asked_of(context)
    await seen(context, enable_sni=enable_sni)
    assert asked == asked_names


def shaking_hands(context: ssl.SSLContext) -> Script:
    """A server that sends its alert before it closes, which asyncio's does not."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(received, sent, server_side=True)
        while True:
            received.write(await reader.read(65536))
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                writer.write(sent.read())
            except ssl.SSLError:
                writer.write(sent.read())
                return

    return script


async def test_an_endpoint_that_needs_sni_and_gets_none_answers_with_an_alert() -> None:
    context = served_with(NAME)
    context.sni_callback = lambda tls, name, context: (
        None if name else ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
    )
    observation = await seen(None, shaking_hands(context), enable_sni=False)
    assert observation.status is Status.UNHEALTHY
    assert observation.text == "Failure: SSL alert handshake_failure"


@pytest.mark.parametrize(
    ("names", "config", "status"),
    [
        ((NAME,), {}, Status.HEALTHY),
        (("*.example.com",), {}, Status.HEALTHY),
        (("other.example.net",), {}, Status.UNHEALTHY),
        ((NAME,), {"enable_sni": False}, Status.HEALTHY),
        (("127.0.0.1",), {"fqdn": None}, Status.HEALTHY),
        ((NAME,), {"fqdn": None}, Status.UNHEALTHY),
    ],
)
async def test_verify_tls_demands_the_right_name(
    names: tuple[str, ...], config: dict[str, object], status: Status
) -> None:
    observation = await seen(served_with(*names), tags=VERIFY, **config)
    assert observation.status is status
    if status is Status.UNHEALTHY:
        assert observation.text.startswith("Failure: The certificate was not accepted: ")


async def test_verify_tls_demands_a_known_authority() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(NAME).configure_cert(context)
    assert (await seen(context)).status is Status.HEALTHY
    assert (await seen(context, tags=VERIFY)).status is Status.UNHEALTHY


async def test_tls_1_0_is_enough() -> None:
    context = served_with(NAME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    assert (await seen(context)).status is Status.HEALTHY


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (nothing, "The connection was closed by the endpoint."),
        (resetting(nothing), "The connection was closed by the endpoint."),
        (at_once(b"HTTP/1.1 400 This is not TLS\r\n\r\n"), "was not understood"),
        (at_once(b"\x16\x03\x03\xff\xff" + b"garbage" * 99), "was not understood"),
        (at_once(b"\x15\x03\x01\x00\x02\x02\x28"), "SSL alert handshake_failure"),
    ],
)
async def test_a_peer_that_does_not_speak_tls_is_a_failure(
    script: Script, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    observation = await seen(None, script)
    assert observation.status is Status.UNHEALTHY
    assert text in observation.text
    assert caplog.records == []


async def test_a_handshake_that_does_not_end_times_out() -> None:
    observation = await seen(None, at_once(b""), rate=40)
    assert observation.status is Status.UNHEALTHY
    assert "TLS handshake" in observation.text


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example.com", ".example.com"])
async def test_a_name_that_tls_cannot_carry_is_a_failure(name: str) -> None:
    observation = await seen(served_with(NAME), fqdn=name)
    assert observation.status is Status.UNHEALTHY
    assert "server name" in observation.text


@pytest.mark.parametrize(
    ("names", "wanted", "carried"),
    [
        (["www.example.com"], "WWW.example.com", True),
        (["*.example.com"], "www.example.com", True),
        (["*.example.com"], "example.com", False),
        (["*.example.com"], "a.www.example.com", False),
        (["example.com"], "www.example.com", False),
    ],
)
def test_a_certificate_carries_its_names_and_what_its_wildcards_cover(
    names: list[str], wanted: str, carried: bool
) -> None:
    pem = AUTHORITY.issue_cert(*names).cert_chain_pems[0].bytes().decode()
    assert carries_name(ssl.PEM_cert_to_DER_cert(pem), wanted) is carried


@given(st.binary(max_size=100))
def test_octets_that_are_no_certificate_carry_no_name(octets: bytes) -> None:
    assert not carries_name(octets, NAME)


class Drain(asyncio.Transport):
    """A transport on which everything is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.is_aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.is_aborted

    def abort(self) -> None:
        self.is_aborted = True


@pytest.mark.slow
@given(st.lists(st.binary(max_size=60), max_size=8), st.booleans(), st.booleans())
def test_whatever_a_peer_sends_a_conversation_ends_with_an_outcome(
    pieces: list[bytes], is_tls: bool, is_greeted: bool
) -> None:
    async def converse() -> None:
        loop = asyncio.get_running_loop()
        question = probe_for(80, HealthCheckType.HTTP_STR_MATCH).http
        assert question is not None
        conversation = Conversation(
            question,
            clock=EngineClock(),
            loop=loop,
            connect_by=loop.time() + 60,
            session=TlsSession(unverified_context(), NAME) if is_tls else None,
        )
        transport = Drain()
        conversation.connection_made(transport)
        for piece in pieces:
            conversation.data_received((b"\x16\x03\x03" if is_tls and is_greeted else b"") + piece)
        conversation.eof_received()
        conversation.connection_lost(None)
        assert texts.status_of(conversation.outcome.result()) is Status.UNHEALTHY
        assert transport.is_aborted

    asyncio.run(converse())

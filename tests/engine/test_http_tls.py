"""The listener over TLS, and certificates that are none."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stillup.engine.http import CertificateUnusable, HttpListener, tls_context


async def _scheme(request: Request) -> Response:
    return PlainTextResponse(request.url.scheme)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who vouches for the listener."""
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(scope="module")
def pair(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("pair")
    issued = authority.issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA)
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    return folder / "cert.pem", folder / "key.pem"


async def test_a_listener_with_a_certificate_speaks_tls_and_nothing_else(
    authority: trustme.CA, pair: tuple[Path, Path]
) -> None:
    application = Starlette(routes=[Route("/", _scheme)])
    listener = HttpListener(application, "127.0.0.1", 0, tls=tls_context(*pair))
    host, port = await listener.start()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    question = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    try:
        reader, writer = await asyncio.open_connection(host, port, ssl=trusting)
        writer.write(question)
        assert (await reader.read()).endswith(b"\r\n\r\nhttps")
        writer.close()
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(question)
        assert b"HTTP/1.1" not in await reader.read()
        writer.close()
    finally:
        await listener.close()


def test_what_is_wrong_with_a_certificate_is_said(pair: tuple[Path, Path], tmp_path: Path) -> None:
    certificate, key = pair
    other = tmp_path / "other.pem"
    trustme.CA().issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA).private_key_pem.write_to_path(other)
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")

    with pytest.raises(CertificateUnusable, match=r"missing.pem: No such file"):
        tls_context(tmp_path / "missing.pem", key)
    with pytest.raises(CertificateUnusable, match="the key is not the certificate's"):
        tls_context(certificate, other)
    for wrong in ((rubbish, key), (certificate, rubbish), (key, certificate)):
        with pytest.raises(CertificateUnusable, match="not a certificate chain and its unencrypted key"):
            tls_context(*wrong)

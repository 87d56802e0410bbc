"""TLS as a health checker speaks it: octets in, octets out; the socket is somebody else's."""

from __future__ import annotations

import ssl
from typing import Final


class TlsSession:
    """One TLS connection, client side.

    Feed it with `receive`; send what `outgoing` returns after every other call. Any method may raise
    ssl.SSLError. Raises ValueError if made with a `server_name` that TLS cannot carry.
    """

    def __init__(self, context: ssl.SSLContext, server_name: str | None) -> None:
        self._from_peer = ssl.MemoryBIO()
        self._to_peer = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._from_peer, self._to_peer, server_hostname=server_name)
        self.is_established = False
        self.is_closed = False
        """The peer said that it sends no more."""

    def receive(self, data: bytes) -> bytes:
        """Take octets from the peer, go on with the handshake, return what was said."""
        self._from_peer.write(data)
        if not self.is_established:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                return b""
            self.is_established = True
        return self._read_all()

    def certificate(self) -> bytes:
        """The peer's, as DER; empty if it showed none."""
        return self._tls.getpeercert(binary_form=True) or b""

    def send(self, data: bytes) -> None:
        """Say this."""
        self._tls.write(data)

    def close(self) -> None:
        """Say goodbye, without waiting for the peer's."""
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            return  # SSLWantRead, as a rule: the peer has not answered yet

    def outgoing(self) -> bytes:
        """What the peer must get now."""
        return self._to_peer.read()

    def _read_all(self) -> bytes:
        chunks = []
        try:
            while chunk := self._tls.read(_RECORD):
                chunks.append(chunk)
            self.is_closed = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.is_closed = True
        return b"".join(chunks)


def unverified_context() -> ssl.SSLContext:
    """Accepts any certificate (HC-14) and TLS from 1.0 on (HC-15), as far as this OpenSSL still can."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= _OP_LEGACY_SERVER_CONNECT
    return context


def verified_context() -> ssl.SSLContext:
    """Accepts what a browser would: a valid chain to this machine's authorities, and the right name."""
    return ssl.create_default_context()


_RECORD: Final = 16_384
"""Octets in a TLS record at most (RFC 8446 §5.1)."""
_OP_LEGACY_SERVER_CONNECT: Final = 0x4
"""SSL_OP_LEGACY_SERVER_CONNECT: servers older than RFC 5746 too. `ssl` has the name from Python 3.12 on."""

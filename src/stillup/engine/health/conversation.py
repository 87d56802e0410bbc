"""One connection of one HTTP or HTTPS probe, from the moment it is made to its outcome."""

from __future__ import annotations

import asyncio
import ssl
from typing import Final, cast

from stillup.engine.health import texts
from stillup.engine.health.certificates import carries_name
from stillup.engine.health.probe import Answered, Failed, HttpQuestion, Outcome
from stillup.engine.health.tls import TlsSession
from stillup.engine.ports import Clock
from stillup.wire.http1.head import BadResponse
from stillup.wire.http1.response import ResponseReader

WRONG_NAME: Final = Failed("The certificate does not carry the name that was asked for.")
"""The outcome after which the handshake is tried again without SNI (HC-16)."""


class Conversation(asyncio.Protocol):
    """Asks the question, reads the answer, hangs up.

    ```text
    made ─(TLS handshake: until connect_by)─▶ asked ─(head: status_timeout)─▶ (body: body_timeout)─▶ outcome
    ```

    `outcome` is set exactly once, whatever the peer does, and then the connection is gone: the socket is
    closed at once and nothing that still arrives is read.
    """

    def __init__(
        self,
        question: HttpQuestion,
        *,
        clock: Clock,
        loop: asyncio.AbstractEventLoop,
        connect_by: float,
        session: TlsSession | None = None,
        required_name: str | None = None,
    ) -> None:
        """`connect_by` is the loop's time by which a handshake must be over."""
        self.outcome: asyncio.Future[Outcome] = loop.create_future()
        self.made_at: float | None = None
        self.asked_at: float | None = None
        self.first_byte_at: float | None = None
        self._question = question
        self._clock = clock
        self._loop = loop
        self._connect_by = connect_by
        self._session = session
        self._required_name = required_name
        self._reader = ResponseReader(wants_body=question.search is not None)
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask, or begin the handshake."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are no subclasses
        self.made_at = self._loop.time()
        if self._session is None:
            self._ask()
        else:
            self._timer = self._loop.call_at(self._connect_by, self.decide, texts.NO_HANDSHAKE)
            self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        """Go on with the handshake, then with the response."""
        if self._is_over:
            return
        try:
            if self._session is not None:
                data = self._received_tls(self._session, data)
            if data:
                self._received(data)
            if self._session is not None and self._session.is_closed:
                self.eof_received()
        except ssl.SSLError as error:
            self._send_pending()
            self.decide(texts.CLOSED if isinstance(error, ssl.SSLEOFError) else texts.tls_failure(error))
        except BadResponse as error:
            self.decide(Failed(f"The response was not understood: {error}."))

    def eof_received(self) -> None:
        """The peer sends no more: what is there must do."""
        if self._is_over:
            return
        try:
            self._reader.end()
        except BadResponse:
            self.decide(texts.CLOSED)
        else:
            self._judge()

    def connection_lost(self, exc: Exception | None) -> None:
        """Reset, or closed after all was said."""
        self.decide(texts.CLOSED)

    def decide(self, outcome: Outcome) -> None:
        """Hang up with this outcome, unless there is one already."""
        if self._is_over:
            return
        self._is_over = True
        if not self.outcome.done():  # it is where whoever waited for it was cancelled
            self.outcome.set_result(outcome)
        if self._timer is not None:
            self._timer.cancel()
        if self.made_at is None:
            return
        if self._session is not None and self._session.is_established:
            self._session.close()
            self._send_pending()
        self._transport.abort()

    def _received_tls(self, session: TlsSession, data: bytes) -> bytes:
        was_established = session.is_established
        said = session.receive(data)
        self._send_pending()
        if session.is_established and not was_established:
            name = self._required_name
            if name is not None and not carries_name(session.certificate(), name):
                self.decide(WRONG_NAME)
                return b""
            self._ask()
        return said

    def _ask(self) -> None:
        self.asked_at = self._loop.time()
        self._set_timer(self._question.status_timeout, texts.NO_STATUS)
        if self._session is None:
            self._transport.write(self._question.request)
        else:
            self._session.send(self._question.request)
            self._send_pending()

    def _received(self, data: bytes) -> None:
        if self.first_byte_at is None:
            self.first_byte_at = self._loop.time()
        had_head = self._reader.head is not None
        self._reader.receive(data)
        head = self._reader.head
        if head is None:
            return
        if self._reader.is_complete or self._found() or not self._expects(head.status):
            self._judge()
        elif not had_head:
            self._set_timer(self._question.body_timeout, texts.NO_BODY)

    def _expects(self, code: int) -> bool:
        return any(code in codes for codes in self._question.expect)

    def _found(self) -> bool:
        search = self._question.search
        return search is not None and search in self._reader.body

    def _judge(self) -> None:
        head = self._reader.head
        assert head is not None  # noqa: S101 — nobody judges without
        is_expected = self._expects(head.status)
        lacks_search = is_expected and self._question.search is not None and not self._found()
        self.decide(Answered(head.status, head.reason, is_expected, lacks_search))

    def _send_pending(self) -> None:
        if self._session is not None and (data := self._session.outgoing()):
            self._transport.write(data)

    def _set_timer(self, seconds: float, otherwise: Outcome) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(self._clock.real(seconds), self.decide, otherwise)

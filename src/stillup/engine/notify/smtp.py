"""Mails through an SMTP server, on connections that are used again."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from stillup.engine.notify.attempt import DELIVERED, TIMED_OUT, WITHIN, Attempt
from stillup.rules.topics.retries import Outcome

IDLE: Final = 20.0
"""Real seconds for which a connection is kept after a mail."""
_PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """What `--smtp` says."""

    host: str
    port: int
    is_tls: bool
    """From the first octet (smtps)."""
    requires_starttls: bool
    user: str | None = None
    password: str | None = None

    @classmethod
    def from_url(cls, url: str) -> SmtpServer:
        """`smtp[s]://[user:password@]host[:port][?starttls=required]`. Raises ValueError with what is wrong.

        | scheme | password, and not on loopback; or starttls=required | TLS                     |
        |--------|-----------------------------------------------------|-------------------------|
        | smtps  | any                                                 | from the start          |
        | smtp   | yes                                                 | by STARTTLS, or no mail |
        | smtp   | no                                                  | by STARTTLS if offered  |
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("expected smtp://user:password@host:port or smtps://…")
        query = parse_qs(parts.query)
        if set(query) - {"starttls"} or query.get("starttls", ["required"]) != ["required"]:
            raise ValueError("the only thing to ask for after the ? is starttls=required")
        is_exposed = parts.password is not None and not _is_loopback(parts.hostname)
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            is_tls=parts.scheme == "smtps",
            requires_starttls=parts.scheme == "smtp" and (is_exposed or "starttls" in query),
            user=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpPost:
    """Hands mails to the server. Its certificate must verify, against SSL_CERT_FILE's authorities where that is set."""

    def __init__(self, server: SmtpServer, *, within: float = WITHIN) -> None:
        self._server = server
        self._within = within
        self._idle: dict[SMTP, asyncio.TimerHandle] = {}
        self._trusted: ssl.SSLContext | None = None

    async def send(self, mail: EmailMessage, *, key: str) -> Attempt:
        """One attempt; it raises nothing but CancelledError.

        | the server says                               | outcome |
        |-----------------------------------------------|---------|
        | 2xx                                           | delivered |
        | 5xx to the recipient or to the mail           | refused |
        | 4xx; 5xx to our login or sender; nothing      | failed: the operator or time may put it right |
        """
        del key  # the Message-ID has it
        try:
            async with asyncio.timeout(self._within):
                while True:
                    client, is_used = await self._connected()
                    try:
                        await self._hand_over(client, mail)
                    except (SMTPServerDisconnected, ConnectionError):
                        # It was closed while it was idle, perhaps. If not, the Message-ID tells that it is the same.
                        if not is_used:
                            raise
                    else:
                        return DELIVERED
        except (TimeoutError, SMTPTimeoutError):
            return TIMED_OUT
        except SMTPRecipientsRefused as refused:
            return _judged(refused.recipients[0])
        except (SMTPRecipientRefused, SMTPDataError) as refused:
            return _judged(refused)
        except (SMTPException, OSError) as wrong:
            return Attempt(Outcome.FAILED, f"The mail server: {wrong}")
        except ValueError as wrong:  # what cannot be spelled in SMTP
            return Attempt(Outcome.REFUSED, f"The mail cannot be sent: {wrong}")

    async def close(self) -> None:
        """Hang up."""
        for client, timer in self._idle.items():
            timer.cancel()
            client.close()
        self._idle.clear()

    async def _connected(self) -> tuple[SMTP, bool]:
        """A connection, and whether it was used before."""
        while self._idle:
            client, timer = self._idle.popitem()
            timer.cancel()
            if client.is_connected:
                return client, True
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.is_tls,
            start_tls=False if server.is_tls else True if server.requires_starttls else None,
            tls_context=self._context(),
            timeout=self._within,
        )
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        return client, False

    async def _hand_over(self, client: SMTP, mail: EmailMessage) -> None:
        try:
            await client.send_message(
                mail, sender=parseaddr(str(mail["From"]))[1], recipients=[mail["To"].addresses[0].addr_spec]
            )
        except (SMTPRecipientsRefused, SMTPDataError):
            self._keep(client)  # it is the mail's fault
            raise
        except BaseException:
            client.close()
            raise
        self._keep(client)

    def _keep(self, client: SMTP) -> None:
        def hang_up() -> None:
            if self._idle.pop(client, None) is not None:
                client.close()

        self._idle[client] = asyncio.get_running_loop().call_later(IDLE, hang_up)

    def _context(self) -> ssl.SSLContext:
        if self._trusted is None:
            self._trusted = ssl.create_default_context()
        return self._trusted


def _judged(refused: SMTPRecipientRefused | SMTPDataError) -> Attempt:
    outcome = Outcome.REFUSED if refused.code >= 500 else Outcome.FAILED
    return Attempt(outcome, f"The mail server: {refused.code} {refused.message}")

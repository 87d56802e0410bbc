"""Mails through an SMTP server, on connections that are used again."""

from __future__ import annotations

import asyncio
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from stillup.engine.config.serve import SmtpServer
from stillup.engine.notify.attempt import DELIVERED, TIMED_OUT, WITHIN, Attempt
from stillup.rules.topics.retries import Outcome

IDLE: Final = 20.0
"""Real seconds for which a connection is kept after a mail."""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpPost:
    """Hands mails to the server.

    | TLS from the start | password, and not on loopback | TLS                     |
    |--------------------|-------------------------------|-------------------------|
    | yes                | any                           | from the start          |
    | no                 | yes                           | by STARTTLS, or no mail |
    | no                 | no                            | by STARTTLS if offered  |

    The server's certificate must verify, against this machine's authorities or those that SSL_CERT_FILE names.
    """

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
        is_exposed = server.password is not None and not _is_loopback(server.host)
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.is_tls,
            start_tls=False if server.is_tls else (is_exposed or None),
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

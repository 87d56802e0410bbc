"""A real SMTP server that keeps what it is given."""

from __future__ import annotations

import asyncio
import re
import threading
import time
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from aiosmtpd.smtp import SMTP

from tests.engine.notify.peers import close_listener


class Mailbox:
    """Takes every mail. `url` is what `--smtp` wants."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._transports: list[asyncio.BaseTransport] = []
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"smtp://{host}:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._session, "127.0.0.1", 0)

    def _session(self) -> SMTP:
        return _Session(self, loop=self._loop, transports=self._transports)

    async def _close(self) -> None:
        await close_listener(self._server)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in self._transports:
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
        await asyncio.sleep(0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()
        return "250 OK"

    def await_mail(self, subject: str, within: float) -> EmailMessage:
        """The first mail whose subject contains this; waits for it for so many real seconds."""
        deadline = time.monotonic() + within
        with self._arrived:
            while True:
                for mail in self.mails:
                    if subject in str(mail["subject"]):
                        return mail
                left = deadline - time.monotonic()
                subjects = [str(mail["subject"]) for mail in self.mails]
                assert left > 0, f"no mail says {subject!r} after {within:.0f} s; there are {subjects}"
                self._arrived.wait(left)


class _Session(SMTP):
    """Remembers its transport for us, whatever becomes of it."""

    def __init__(self, *args: Any, transports: list[asyncio.BaseTransport], **options: Any) -> None:
        super().__init__(*args, **options)
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.append(transport)
        super().connection_made(transport)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """One of its alternatives."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """The first link of the text."""
    found = re.search(r"https?://\S+", text_of(mail))
    assert found is not None
    return found[0]


def press_the_button(link: str) -> str:
    """Do what a person does with the page behind a link: submit its form; the page that comes then."""
    with urllib.request.urlopen(link) as answer:
        page = answer.read().decode()
    form = re.search(r"<form[^>]*>", page)
    assert form is not None, page
    action = re.search(r'action="([^"]*)"', form[0])
    fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page))
    target = link if action is None or not action[1] else _absolute(link, action[1])
    with urllib.request.urlopen(target, data=urlencode(fields).encode()) as answer:
        return answer.read().decode()


def _absolute(base: str, path: str) -> str:
    parts = urlsplit(base)
    return path if "://" in path else f"{parts.scheme}://{parts.netloc}{path}"

"""Mails through a real SMTP server (aiosmtpd), and as files."""

from __future__ import annotations

import asyncio
import ssl
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from stillup.engine.config.serve import SmtpServer
from stillup.engine.notify.attempt import DELIVERED
from stillup.engine.notify.links import Links
from stillup.engine.notify.mail import Mailer, Post
from stillup.engine.notify.mail_files import MailFiles
from stillup.engine.notify.signing import Signer
from stillup.engine.notify.smtp import SmtpPost
from stillup.rules.topics.message import Message
from stillup.rules.topics.retries import Outcome
from tests.engine.notify.peers import authority, hanging, server_context, serving
from tests.engine.notify.people import alarm, confirmation, delivery, message, subscription, topic


class Mailbox:
    """Takes mails, unless it was told what to say instead."""

    def __init__(self, **answers: str) -> None:
        self.mails: list[Any] = []
        self.connections = 0
        self._answers = answers

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self._answers.get("rcpt"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if answer := self._answers.get("data"):
            return answer
        self.mails.append((envelope, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@asynccontextmanager
async def serving_smtp(
    mailbox: Mailbox, *, tls: ssl.SSLContext | None = None, from_the_start: bool = False, **given: Any
) -> AsyncIterator[tuple[int, Callable[[], None]]]:
    """The port, and a function that closes all connections."""
    made: list[SMTP] = []

    def make() -> SMTP:
        mailbox.connections += 1
        made.append(SMTP(mailbox, tls_context=None if from_the_start else tls, **given))
        return made[-1]

    def hang_up() -> None:
        for each in made:
            if each.transport is not None:
                each.transport.abort()

    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls if from_the_start else None)
    try:
        yield server.sockets[0].getsockname()[1], hang_up
    finally:
        server.close()
        hang_up()
        await asyncio.sleep(0)
        for each in made:
            if each._handler_coroutine is not None:
                each._handler_coroutine.cancel()
                await asyncio.wait([each._handler_coroutine])


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.open(tmp_path_factory.mktemp("data"), now=0.0)


def mailer(post: Post, signer: Signer) -> Mailer:
    links = Links("http://console", "http://api", "http://api/cert.pem")
    return Mailer(post=post, sender="stillup <watch@example.net>", signer=signer, links=links)


async def sent(given: Mailer, *messages: Message, protocol: str = "email") -> list[str]:
    """What became of each."""
    try:
        return [
            (await given.deliver(delivery(each), subscription(protocol=protocol), topic())).outcome.value
            for each in messages
        ]
    finally:
        await given.close()


async def test_mails_go_to_the_subscriber_over_one_connection(signer: Signer) -> None:
    mailbox = Mailbox()
    async with serving_smtp(mailbox) as (port, _):
        given = mailer(SmtpPost(SmtpServer("127.0.0.1", port, is_tls=False)), signer)
        assert await sent(given, alarm(), confirmation()) == ["delivered", "delivered"]
    assert mailbox.connections == 1
    (envelope, mail), _ = mailbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("watch@example.net", ["anna@example.com"])
    assert mail["Subject"].startswith("ALARM")
    assert {each.get_content_type() for each in mail.iter_parts()} == {"text/plain", "text/html"}


async def test_a_connection_that_was_closed_meanwhile_costs_no_mail(signer: Signer) -> None:
    mailbox = Mailbox()
    async with serving_smtp(mailbox) as (port, hang_up):
        given = mailer(SmtpPost(SmtpServer("127.0.0.1", port, is_tls=False)), signer)
        assert await given.deliver(delivery(alarm()), subscription(), None) is DELIVERED
        hang_up()
        assert await sent(given, alarm()) == ["delivered"]
    assert mailbox.connections == 2


async def test_the_password_goes_through_starttls_only(
    signer: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted = authority(monkeypatch, tmp_path)
    said: list[tuple[bytes, bytes]] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        said.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss", handled=False)

    given = {"auth_required": True, "auth_require_tls": True, "authenticator": authenticate}
    mailbox = Mailbox()
    tls = server_context(trusted, "localhost", "127.0.0.1")
    async with serving_smtp(mailbox, tls=tls, require_starttls=True, **given) as (port, _):
        server = SmtpServer("localhost", port, is_tls=False, username="me", password="p@ss")
        assert await sent(mailer(SmtpPost(server), signer), alarm()) == ["delivered"]
        wrong = SmtpServer("localhost", port, is_tls=False, username="me", password="wrong")
        assert await sent(mailer(SmtpPost(wrong), signer), alarm()) == ["failed"]
    assert said[0] == (b"me", b"p@ss")
    # A stranger's certificate: no mail, and no password.
    said.clear()
    stranger = server_context(trustme.CA(), "localhost")
    async with serving_smtp(mailbox, tls=stranger, **given) as (port, _):
        server = SmtpServer("localhost", port, is_tls=False, username="me", password="p@ss")
        assert await sent(mailer(SmtpPost(server), signer), alarm()) == ["failed"]
    assert not said


async def test_smtps_is_tls_from_the_first_octet(
    signer: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted = authority(monkeypatch, tmp_path)
    mailbox = Mailbox()
    tls = server_context(trusted, "localhost")
    async with serving_smtp(mailbox, tls=tls, from_the_start=True) as (port, _):
        post = SmtpPost(SmtpServer("localhost", port, is_tls=True))
        assert await sent(mailer(post, signer), alarm()) == ["delivered"]


@pytest.mark.parametrize(
    ("answers", "outcomes"),
    [
        ({"rcpt": "550 No such user"}, ["refused", "refused"]),
        ({"rcpt": "450 Try later"}, ["failed", "failed"]),
        ({"data": "554 Spam"}, ["refused", "refused"]),
        ({"data": "451 Greylisted"}, ["failed", "failed"]),
    ],
)
async def test_what_the_server_says_decides_whether_it_is_tried_again(
    signer: Signer, answers: dict[str, str], outcomes: list[str]
) -> None:
    async with serving_smtp(Mailbox(**answers)) as (port, _):
        post = SmtpPost(SmtpServer("127.0.0.1", port, is_tls=False))
        assert await sent(mailer(post, signer), alarm(), message()) == outcomes


async def test_a_server_that_hangs_or_is_gone_fails_in_time(signer: Signer) -> None:
    async with serving(hanging) as port:
        post = SmtpPost(SmtpServer("127.0.0.1", port, is_tls=False), within=0.1)
        attempt = await post.send(_mail(signer), key="k")
        assert (attempt.outcome, attempt.hung) == (Outcome.FAILED, True)
    attempt = await SmtpPost(SmtpServer("127.0.0.1", port, is_tls=False)).send(_mail(signer), key="k")
    assert (attempt.outcome, attempt.hung) == (Outcome.FAILED, False)


async def test_an_address_that_is_none_is_refused(signer: Signer, tmp_path: Path) -> None:
    given = mailer(MailFiles(tmp_path), signer)
    attempt = await given.deliver(delivery(alarm()), subscription(endpoint="anna"), None)
    assert attempt.outcome is Outcome.REFUSED


async def test_an_address_in_unicode_takes_a_server_that_can_spell_it(signer: Signer, tmp_path: Path) -> None:
    for can, endpoint, outcome, recipient in (
        (True, "müller@bücher.example", "delivered", "müller@xn--bcher-kva.example"),
        (False, "müller@bücher.example", "failed", None),
        (False, "ops@bücher.example", "delivered", "ops@xn--bcher-kva.example"),
    ):
        mailbox = Mailbox()
        async with serving_smtp(mailbox, enable_SMTPUTF8=can) as (port, _):
            given = mailer(SmtpPost(SmtpServer("127.0.0.1", port, is_tls=False)), signer)
            attempt = await given.deliver(delivery(alarm()), subscription(endpoint=endpoint), None)
            await given.close()
        assert attempt.outcome.value == outcome
        assert [envelope.rcpt_tos for envelope, _ in mailbox.mails] == ([[recipient]] if recipient else [])
    await mailer(MailFiles(tmp_path), signer).deliver(
        delivery(alarm()), subscription(endpoint="müller@bücher.example"), None
    )
    (file,) = tmp_path.iterdir()
    assert "To: müller@xn--bcher-kva.example" in file.read_text()


async def test_without_a_server_mails_are_files(signer: Signer, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    given = mailer(MailFiles(folder), signer)
    assert await sent(given, alarm(), alarm(), protocol="email-json") == ["delivered", "delivered"]
    (file,) = folder.iterdir()
    assert file.name == f"20231114T221320Z-{delivery(alarm()).id}.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert '"UnsubscribeURL" : "http://console/unsubscribe?' in read.get_content()  # type: ignore[attr-defined]
    (tmp_path / "taken").write_text("")
    assert await sent(mailer(MailFiles(tmp_path / "taken"), signer), alarm()) == ["failed"]


def _mail(signer: Signer):  # type: ignore[no-untyped-def]
    return mailer(MailFiles(Path()), signer)._written(delivery(alarm()), subscription(), None)

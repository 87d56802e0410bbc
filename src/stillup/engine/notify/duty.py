"""All of notifications, put together: what assemble starts and stops as one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stillup.engine.config.serve import SmtpServer
from stillup.engine.notify.dead_man import DeadMansSwitch
from stillup.engine.notify.heartbeats import Heartbeats
from stillup.engine.notify.links import Links
from stillup.engine.notify.lookups import Lookups
from stillup.engine.notify.mail import Mailer
from stillup.engine.notify.mail_files import MailFiles
from stillup.engine.notify.notifier import Notifier
from stillup.engine.notify.signing import Signer
from stillup.engine.notify.smtp import SmtpPost
from stillup.engine.notify.web import WebClient
from stillup.engine.notify.webhook import Webhooks
from stillup.engine.ports import Clock, Die, Figure, OutboxArchive, Worlds

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """What the operator chose."""

    console_url: str
    """Where the links in mails lead."""
    api_url: str
    """Where the links in webhooks lead, and the certificate is found."""
    mail_from: str
    mail_directory: Path
    """Where mails are kept without an SMTP server."""
    smtp: SmtpServer | None = None
    heartbeat_url: str | None = field(default=None, repr=False)
    heartbeat_interval: float = 60.0
    """Real seconds: who listens lives in real time."""


class Notifications:
    """Tells whoever wants to be told, and shows that it can."""

    def __init__(
        self,
        settings: NotifySettings,
        *,
        worlds: Worlds,
        clock: Clock,
        die: Die,
        outbox: OutboxArchive,
        signer: Signer,
        permits: Callable[[str], bool],
        well: Callable[[], str | None],
    ) -> None:
        """`permits` says which addresses may be called; `well` what is wrong with the engine, None for nothing."""
        self._settings = settings
        links = Links(
            console_url=settings.console_url,
            api_url=settings.api_url,
            signing_cert_url=settings.api_url.rstrip("/") + signer.path,
        )
        client = WebClient(resolve=Lookups().resolve, permits=permits)
        post = MailFiles(settings.mail_directory) if settings.smtp is None else SmtpPost(settings.smtp)
        self._mailer = Mailer(post=post, sender=settings.mail_from, signer=signer, links=links)
        self._notifier = Notifier(
            worlds=worlds,
            clock=clock,
            die=die,
            outbox=outbox,
            mailer=self._mailer,
            webhooks=Webhooks(client=client, signer=signer, links=links),
        )
        self._heartbeats = Heartbeats(worlds=worlds, clock=clock, die=die)
        self._switch = (
            None
            if settings.heartbeat_url is None
            else DeadMansSwitch(
                url=settings.heartbeat_url,
                interval=settings.heartbeat_interval,
                well=well,
                clock=clock,
                client=client,
            )
        )

    def start(self) -> None:
        """Begin, with what a former engine left first."""
        if self._settings.smtp is None:
            _log.warning(
                "NO MAIL IS SENT: there is no --smtp; mails are kept as files",
                extra={"directory": str(self._settings.mail_directory)},
            )
        self._notifier.start()
        self._heartbeats.start()
        if self._switch is not None:
            self._switch.start()

    async def close(self) -> None:
        """Stop; what was not delivered is delivered after the next start."""
        if self._switch is not None:
            await self._switch.close()
        await self._heartbeats.close()
        await self._notifier.close()
        await self._mailer.close()

    def figures(self) -> Sequence[Figure]:
        """All numbers of deliveries and heartbeats."""
        return [
            Figure(
                "stillup_mail_is_kept_as_files",
                "1 where there is no SMTP server, so that nobody gets a mail.",
                float(self._settings.smtp is None),
                {},
            ),
            *self._notifier.figures(),
            *self._heartbeats.figures(),
            *(() if self._switch is None else self._switch.figures()),
        ]

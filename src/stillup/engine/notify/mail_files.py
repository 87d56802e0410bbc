"""Mails as files, where there is no SMTP server: better found late than lost."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path

from stillup.engine.files import keep_private
from stillup.engine.notify.attempt import DELIVERED, Attempt
from stillup.rules.topics.retries import Outcome


class MailFiles:
    """Keeps each mail as `KEY.eml` in a folder, durably, readable by the operator alone."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def send(self, mail: EmailMessage, *, key: str) -> Attempt:
        """One attempt. The same key is the same file."""
        spelling = SMTP if str(mail["To"]).isascii() else SMTPUTF8
        try:
            await asyncio.to_thread(self._write, f"{key}.eml", mail.as_bytes(policy=spelling))
        except OSError as wrong:
            return Attempt(Outcome.FAILED, f"The mail could not be kept as a file: {wrong}")
        return DELIVERED

    async def close(self) -> None:
        """Nothing is open."""

    def _write(self, name: str, octets: bytes) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep_private(self._directory / name, octets)

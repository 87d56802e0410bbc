"""The on-call person's mail: an engine without an SMTP server keeps it as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, and when it was there: seconds since the epoch, real ones."""

    subject: str
    text: str
    at: float


def letters(folder: Path) -> Iterator[Letter]:
    """All mails in the folder, without those that are being written, whose names begin with a dot."""
    for path in sorted(folder.glob("[!.]*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - what that policy makes
        body = mail.get_body(("plain",))
        text = "" if body is None else str(body.get_content())
        yield Letter(str(mail["subject"]), text, path.stat().st_mtime)


def token_in(letter: Letter) -> str | None:
    """The token of a confirmation mail, from the link that it carries."""
    found = re.search(r"[?&]token=([^&\s]+)", letter.text, re.IGNORECASE)
    return found[1] if found else None

"""Where messages may go: mail addresses and URLs (SN-2).

A mail address is a dot-atom of RFC 5322 (3.2.3) or its UTF-8 form (RFC 6531), an at sign and a host name, at most
as long as RFC 5321 (4.5.3.1) has it. Quoted local parts, comments, several addresses and address literals are
refused: nothing that could end a header field or an SMTP command gets in.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category
from urllib.parse import urlsplit

from stillup.rules.refusal import Refusal
from stillup.rules.topics.refusals import invalid
from stillup.rules.topics.topic import DeliveryProtocol

MOST_ADDRESS: Final = 254
MOST_LOCAL_PART: Final = 64
MOST_URL: Final = 2048

_ATEXT: Final = frozenset("!#$%&'*+-/=?^_`{|}~")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII | re.IGNORECASE)
_URL: Final = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
"""The characters of RFC 3986."""
_PASSWORD: Final = re.compile(r"(?P<before>^https?://[^/?#:]*:)[^/?#]*(?P<after>@)", re.IGNORECASE)
_WORD_CATEGORIES: Final = frozenset({"L", "M", "N"})


def parse_protocol(text: str) -> DeliveryProtocol | Refusal:
    """The protocol, or InvalidParameter, also for those of AWS's that are not spoken here."""
    if text in list(DeliveryProtocol):
        return DeliveryProtocol(text)
    return invalid(f"Amazon SNS does not support this protocol string: {text}")


def check_endpoint(protocol: DeliveryProtocol, endpoint: str) -> Refusal | None:
    """InvalidParameter unless this is an endpoint of that protocol."""
    if protocol in (DeliveryProtocol.EMAIL, DeliveryProtocol.EMAIL_JSON):
        return None if is_mail_address(endpoint) else invalid("Email address")
    if not endpoint.lower().startswith(f"{protocol}://"):
        return invalid("Endpoint must match the specified protocol")
    reason = _wrong_with_url(endpoint)
    return None if reason is None else invalid(f"Endpoint Reason: {reason}")


def shown_endpoint(endpoint: str) -> str:
    """The endpoint as SNS shows it: the password of a URL as four asterisks.

    >>> shown_endpoint("https://ops:secret@example.com/hook")
    'https://ops:****@example.com/hook'
    """
    return _PASSWORD.sub(r"\g<before>****\g<after>", endpoint)


def is_mail_address(text: str) -> bool:
    """Whether it is one mail address and nothing else.

    >>> [is_mail_address(each) for each in ("ops@example.com", "müller@bücher.example", "a@b, c@d")]
    [True, True, False]
    """
    local, at, domain = text.rpartition("@")
    return bool(at) and _is_local_part(local) and _is_domain(domain) and len(text.encode()) <= MOST_ADDRESS


def _is_local_part(text: str) -> bool:
    return all(atom and all(map(_is_atext, atom)) for atom in text.split(".")) and (
        len(text.encode(errors="replace")) <= MOST_LOCAL_PART
    )


def _is_atext(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _ATEXT
    return category(character)[0] in _WORD_CATEGORIES


def _is_domain(text: str) -> bool:
    if not all(each in "-." or category(each)[0] in _WORD_CATEGORIES for each in text):
        return False
    try:
        name = text.encode("idna").decode()
    except UnicodeError:
        return False
    return len(name) <= 253 and all(map(_LABEL.fullmatch, name.split(".")))


def _wrong_with_url(text: str) -> str | None:
    if len(text) > MOST_URL:
        return f"a URL has at most {MOST_URL} characters"
    if not _URL.fullmatch(text):
        return "a URL has characters that must be percent-encoded"
    try:
        parts = urlsplit(text)
        has_port = parts.port != 0
    except ValueError:
        return "the URL has no valid host and port"
    if not parts.hostname or not has_port:
        return "the URL has no valid host and port"
    if "#" in text:
        return "a URL that is posted to has no fragment"
    return None

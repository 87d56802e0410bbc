"""What SNS posts to a webhook, believed only with SNS's signature (SN-6 to SN-8)."""

from __future__ import annotations

import json
import re
import urllib.request
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from stillup.rules.topics.envelope import string_to_sign
from stillup.rules.topics.message import MessageType

PATIENCE: Final = 5.0
"""Seconds for the certificate."""
_MOST_CERTIFICATE: Final = 65_536
_IS_AWS: Final = re.compile(r"(\.amazonaws\.com(\.cn)?|\.api\.aws)$")
_SIGNER: Final = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", re.ASCII)
# SHA-1 is what SNS signs version 1 with.
_HASHES: Final[dict[object, type[HashAlgorithm]]] = {"1": SHA1, "2": SHA256}


class NotGenuine(Exception):
    """Not from SNS, or not whole; the text says why."""


@dataclass(frozen=True, slots=True)
class SnsMessage:
    """One that SNS has signed."""

    type: MessageType
    topic_arn: str
    text: str
    token: str | None = None
    """That of a confirmation."""


class Certificates:
    """Where the certificates of signers come from. Each is fetched once."""

    def __init__(self, endpoint_url: str) -> None:
        """Of AWS's own endpoint: from AWS. Of an engine's: from there, whatever address it goes by elsewhere."""
        self._elsewhere = None if _IS_AWS.search(urlsplit(endpoint_url).netloc) else endpoint_url.rstrip("/")
        self._known: dict[str, bytes] = {}

    def __call__(self, url: str) -> bytes:
        """The certificate as PEM. Raises NotGenuine for a URL that is not the signer's, OSError."""
        if url not in self._known:
            try:
                with urllib.request.urlopen(self._trusted(url), timeout=PATIENCE) as answer:  # noqa: S310
                    self._known[url] = answer.read(_MOST_CERTIFICATE)
            except (ValueError, HTTPException) as wrong:
                raise NotGenuine(f"the certificate {url}: {wrong}") from None
        return self._known[url]

    def _trusted(self, url: str) -> str:
        parts = urlsplit(url)
        if self._elsewhere is not None:
            return self._elsewhere + parts.path
        if parts.scheme != "https" or not _SIGNER.fullmatch(parts.netloc):
            raise NotGenuine(f"the certificate {url} is not AWS's")
        return url


def read_message(body: bytes, certificate: Callable[[str], bytes]) -> SnsMessage:
    """The message in the body of a request. Raises NotGenuine, and what `certificate` raises."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NotGenuine("no JSON") from None
    if not isinstance(told, dict) or not all(isinstance(told.get(each), str) for each in _NEEDED):
        raise NotGenuine("no message of SNS")
    _verify(told, certificate(told["SigningCertURL"]))
    try:
        kind = MessageType(told["Type"])
    except ValueError:
        raise NotGenuine(f"a message of type {told['Type']}") from None
    token = told.get("Token")
    return SnsMessage(kind, told["TopicArn"], told["Message"], str(token) if token else None)


_NEEDED: Final = ("Type", "TopicArn", "Message", "SignatureVersion", "Signature", "SigningCertURL")


def _verify(told: dict[str, Any], pem: bytes) -> None:
    hashed = _HASHES.get(told["SignatureVersion"])
    if hashed is None:
        raise NotGenuine(f"signature version {told['SignatureVersion']}")
    try:
        key = load_pem_x509_certificate(pem).public_key()
        signature = b64decode(told["Signature"], validate=True)
    except ValueError as wrong:
        raise NotGenuine(f"no signature that can be checked: {wrong}") from None
    if not isinstance(key, RSAPublicKey):
        raise NotGenuine("a signer without an RSA key")
    try:
        key.verify(signature, string_to_sign(told), PKCS1v15(), hashed())
    except InvalidSignature:
        raise NotGenuine("the signature is not SNS's") from None

"""The key that signs what goes out over http(s), and its certificate (SN-8)."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from stillup.engine.files import keep_private
from stillup.rules.ids import Instant
from stillup.rules.topics.envelope import Envelope, string_to_sign

FILE: Final = "sns-signing.pem"
VERSIONS: Final = ("1", "2")

_KEY_SIZE: Final = 2048
_EXPONENT: Final = 65_537
_LIFE: Final = timedelta(days=20 * 365)
_SAME_TEXTS: Final = 256
"""One message has one signature for all its subscribers: what is signed does not name them."""


class Signer:
    """Signs. `certificate` is what verifiers need, as PEM, and `path` where they find it."""

    def __init__(self, key: RSAPrivateKey, certificate: x509.Certificate) -> None:
        self.certificate = certificate.public_bytes(Encoding.PEM)
        octets = certificate.public_bytes(Encoding.DER)
        self.path = f"/SimpleNotificationService-{sha256(octets).hexdigest()[:32]}.pem"
        self._key = key
        self._signature = lru_cache(_SAME_TEXTS)(self._sign)

    @classmethod
    def open(cls, directory: Path, *, now: Instant) -> Signer:
        """The one of this data directory; made at the first start. Raises OSError, and ValueError if it is damaged."""
        path = directory / FILE
        try:
            pem = path.read_bytes()
        except FileNotFoundError:
            pem = _made(now)
            keep_private(path, pem)
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError(f"{path}: no RSA key")  # noqa: TRY004 - it is a damaged file
        return cls(key, x509.load_pem_x509_certificate(pem))

    def sign(self, envelope: Envelope) -> str:
        """The signature in base64: RSA with SHA-1 for SignatureVersion 1, with SHA-256 for 2."""
        return self._signature(string_to_sign(envelope), envelope["SignatureVersion"] == "2")

    def _sign(self, text: bytes, is_second: bool) -> str:  # noqa: FBT001 - the key of a cache
        # SHA-1 is what version 1 is; it is AWS's default (SN-8).
        digest = SHA256() if is_second else SHA1()  # noqa: S303
        return b64encode(self._key.sign(text, PKCS1v15(), digest)).decode()


def _made(now: Instant) -> bytes:
    """A new key with its certificate, as PEM.

    Verifiers look for `sns.amazonaws.com` as the common name (AWS's SDK for Java) and for AWS in the issuer's.
    """
    key = generate_private_key(_EXPONENT, _KEY_SIZE)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "stillup"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "in the place of AWS SNS"),
            x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com"),
        ]
    )
    today = datetime.fromtimestamp(now, UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + _LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)

"""The certificate that the primary shows, which no health check looks at (HC-16)."""

from __future__ import annotations

import socket
import ssl
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from stillup.lint.live import Certificate
from stillup.provision.live.primary import https_target
from stillup.provision.live.question import NotAsked, Question
from stillup.provision.web import PATIENCE, Target, connect

_EXPIRED: Final = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED: dates are judged apart."""


def read_certificate(question: Question) -> Certificate:
    """What a visitor of the failover's name is shown. Raises NotAsked where nobody speaks TLS there."""
    target = https_target(question)
    try:
        with connect(target) as connection:
            shown = (
                connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
            )
    except OSError as error:
        raise NotAsked from error
    if shown is None:
        raise NotAsked
    certificate = x509.load_der_x509_certificate(shown)
    names = names_of(certificate)
    return Certificate(
        port=target.port,
        not_after=certificate.not_valid_after_utc.timestamp(),
        covers_name=any(covers(name, target.host) for name in names),
        is_trusted=_is_trusted(target),
        names=names,
    )


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The DNS names that it is for; the common name where there are none, for people to read."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return tuple(str(each.value) for each in common)
    return tuple(name.lower() for name in extension.value.get_values_for_type(x509.DNSName))


def covers(pattern: str, name: str) -> bool:
    """RFC 9525 §6.3: a wildcard is the whole leftmost label, and stands for exactly one."""
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return pattern == name


def _is_trusted(target: Target) -> bool:
    context = ssl.create_default_context()
    context.check_hostname = False
    try:
        with (
            socket.create_connection((target.address or target.host, target.port), PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=target.host),
        ):
            return True
    except ssl.SSLCertVerificationError as error:
        return error.verify_code == _EXPIRED
    except OSError:
        return True

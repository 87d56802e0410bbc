"""Which names a certificate carries."""

from __future__ import annotations

import warnings
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID


@lru_cache(maxsize=64)
def carries_name(certificate: bytes, name: str) -> bool:
    """Whether this DER certificate is for this host name, by a subjectAltName or the common name (HC-16).

    A `*` stands for one whole leftmost label (RFC 6125 §6.4.3). One that cannot be read carries none.
    """
    wanted = name.lower()
    _, _, parent = wanted.partition(".")
    return not {wanted, f"*.{parent}"}.isdisjoint(_names_on(certificate))


def _names_on(certificate: bytes) -> set[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # other people's certificates are not ours to complain about
            parsed = x509.load_der_x509_certificate(certificate)
            names = [
                str(attribute.value)
                for attribute in parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            ]
            for extension in parsed.extensions:
                if extension.oid == ExtensionOID.SUBJECT_ALTERNATIVE_NAME:
                    alternatives = extension.value
                    assert isinstance(alternatives, x509.SubjectAlternativeName)  # noqa: S101 — by its OID
                    names += alternatives.get_values_for_type(x509.DNSName)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return set()
    return {each.lower().rstrip(".") for each in names}

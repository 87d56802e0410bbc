"""What a bucket may be called, and an object."""

from __future__ import annotations

import re
from typing import Final

from stillup.rules.buckets.errors import refusal
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal

MAX_KEY_OCTETS: Final = 1024

_SHAPE: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_IPV4: Final = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_RESERVED_PREFIXES: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES: Final = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def parse_bucket_name(text: str) -> BucketName | Refusal:
    """A name that S3 accepts for a general purpose bucket (S3 user guide, "bucket naming rules").

    3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit; no two
    dots in a row, not an IPv4 address, none of the prefixes and suffixes that AWS keeps for itself.
    """
    if (
        _SHAPE.fullmatch(text)
        and ".." not in text
        and not _IPV4.fullmatch(text)
        and not text.startswith(_RESERVED_PREFIXES)
        and not text.endswith(_RESERVED_SUFFIXES)
    ):
        return BucketName(text)
    return refusal("InvalidBucketName")


def why_not_a_key(key: str) -> Refusal | None:
    """A key is any text of 1 to 1024 octets of UTF-8; `..` in it means nothing."""
    if len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_OCTETS:
        return refusal("KeyTooLongError")
    return None

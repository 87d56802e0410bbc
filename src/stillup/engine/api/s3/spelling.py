"""How S3 spells what we keep: times, entity tags, owners, checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from stillup.engine.api.call import ApiPorts
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.ids import Instant

Members = dict[str, Any]


def time_of(instant: Instant) -> datetime:
    """A timestamp member; S3 counts whole seconds."""
    return datetime.fromtimestamp(int(instant), UTC)


def quoted(etag: str) -> str:
    """An ETag member."""
    return f'"{etag}"'


def owner(ports: ApiPorts) -> Members:
    """The account's canonical user: 64 hexadecimal digits, ever the same for the same account."""
    return {"ID": hashlib.sha256(f"canonical user {ports.settings.account_id}".encode()).hexdigest()}


def checksum_members(checksums: Mapping[str, str], checksum_type: str | None) -> Members:
    """`ChecksumCRC32` and so on, with the type that they share."""
    members: Members = {f"Checksum{algorithm}": value for algorithm, value in checksums.items()}
    if checksums and checksum_type is not None:
        members["ChecksumType"] = checksum_type
    return members


def listed_checksums(stored: StoredObject) -> Members:
    """How listings mention the checksums: by algorithm only."""
    if not stored.checksums:
        return {}
    return {"ChecksumAlgorithm": list(stored.checksums), "ChecksumType": stored.checksum_type}

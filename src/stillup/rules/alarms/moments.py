"""How CloudWatch writes moments: three forms, by where they stand. All are UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from stillup.rules.ids import Instant


def in_json(at: Instant) -> str:
    """`2025-08-13T08:08:23.374+0000`: no colon in the offset (CW-20, CW-21)."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def in_reason(at: Instant) -> str:
    """`13/08/25 08:07:00`, beside a datapoint (CW-19)."""
    return f"{datetime.fromtimestamp(at, UTC):%d/%m/%y %H:%M:%S}"


def in_words(at: Instant) -> str:
    """`Wednesday 13 August, 2025 08:08:23 UTC`: mails, and reasons of composite alarms."""
    return f"{datetime.fromtimestamp(at, UTC):%A %d %B, %Y %H:%M:%S} UTC"

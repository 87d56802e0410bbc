"""Times as the status page shows them."""

from __future__ import annotations

from datetime import UTC, datetime

from stillup.rules.ids import Instant


def moment(at: Instant | None) -> str:
    """`2030-01-01 02:00:00 UTC`; empty for none."""
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"

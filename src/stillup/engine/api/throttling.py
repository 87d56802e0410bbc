"""Route 53's limits, enforced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stillup.rules.ids import Instant
from stillup.rules.throttle import Buckets, charges, take_all
from stillup.wire.aws.messages import AwsError


class Throttle:
    """The buckets of the one account."""

    def __init__(self) -> None:
        self._buckets = Buckets()

    def raise_if_exceeded(self, operation: str, parameters: Mapping[str, Any], now: Instant) -> None:
        """Charge the request. Raises AwsError Throttling, status 400 (TH-3), if it cannot pay."""
        batch = parameters.get("ChangeBatch", {})
        actions = [change["Action"] for change in batch.get("Changes", ())]
        paid = take_all(self._buckets, charges(operation, actions), now)
        if paid is None:
            raise AwsError("Throttling", "Rate exceeded", status=400)
        self._buckets = paid

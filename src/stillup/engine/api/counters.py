"""How many calls the API has answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from stillup.engine.ports import Figure


class ApiCounters:
    """Running totals; the listener alone writes them."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[str, str, int]] = Counter()

    def count(self, service: str, operation: str, status: int) -> None:
        """One call answered with this HTTP status.

        `operation` is one that is built, else the empty string: what strangers call must not make new numbers
        without end.
        """
        self._calls[service, operation, status] += 1

    def figures(self) -> Sequence[Figure]:
        """`stillup_api_requests_total`, for each service, operation and status that there has been."""
        return [
            Figure(
                "stillup_api_requests_total",
                "Calls of the AWS API that were answered.",
                total,
                {"service": service, "operation": operation, "status": str(status)},
                is_counter=True,
            )
            for (service, operation, status), total in sorted(self._calls.items())
        ]

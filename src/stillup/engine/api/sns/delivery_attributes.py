"""How deliveries went, as attributes that AWS does not have: proof that a notice arrives.

They can be read and not set; clients that do not know them ignore them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stillup.engine.ports import DeliveryReport
from stillup.rules.ids import Instant
from stillup.rules.topics.envelope import timestamp


def delivery_attributes(reports: Iterable[DeliveryReport]) -> Mapping[str, str]:
    """The attributes of a subscription, or of a topic: its subscriptions' reports taken together.

    `stillup:LastDelivered` and `stillup:LastFailure` are there from the first delivery and failure on.
    """
    listed = list(reports)
    attributes = {
        "stillup:Delivered": str(sum(each.delivered for each in listed)),
        "stillup:FailedAttempts": str(sum(each.failed_attempts for each in listed)),
        "stillup:Pending": str(sum(each.pending for each in listed)),
        "stillup:DeadLetters": str(sum(each.dead for each in listed)),
    }
    delivered = _latest(each.last_delivered_at for each in listed)
    if delivered is not None:
        attributes["stillup:LastDelivered"] = timestamp(delivered)
    failed = _latest(each.last_failure_at for each in listed)
    if failed is not None:
        attributes["stillup:LastFailure"] = timestamp(failed)
        reason = next(each.last_failure for each in listed if each.last_failure_at == failed)
        attributes["stillup:LastFailureReason"] = reason or ""
    return attributes


def _latest(instants: Iterable[Instant | None]) -> Instant | None:
    return max((each for each in instants if each is not None), default=None)

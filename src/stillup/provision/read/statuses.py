"""Whether checks are healthy now, as far as their checkers' last observations tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from stillup.plan.setup import Check, Setup
from stillup.rules.health.check import Status
from stillup.rules.health.verdict import HEALTHY_FRACTION

if TYPE_CHECKING:
    from mypy_boto3_route53 import Route53Client

_OBSERVED: Final = ("HTTP", "TCP")
"""How the types begin whose checkers look for themselves."""
_SUCCESS: Final = "Success"


def read_statuses(route53: Route53Client, setup: Setup) -> dict[str, Status]:
    """Of the checks that the failover's records name, by id; those that nothing is known of are not in it.

    | observations                             | Inverted | status    |
    |------------------------------------------|----------|-----------|
    | none; disabled; of another type          | any      | not known |
    | more than 18 % are successes (HC-23)     | no       | healthy   |
    | fewer                                    | no       | unhealthy |
    | more than 18 %                           | yes      | unhealthy |
    | fewer                                    | yes      | healthy   |

    Raises ClientError.
    """
    named = {record.check for record in setup.records if record.failover is not None}
    found = {key: _status(route53, check) for key, check in _observed(setup.checks).items() if key in named}
    return {key: status for key, status in found.items() if status is not None}


def _observed(checks: Mapping[str, Check]) -> dict[str, Check]:
    return {
        key: check
        for key, check in checks.items()
        if check.config is not None and not check.config.disabled and check.config.type.startswith(_OBSERVED)
    }


def _status(route53: Route53Client, check: Check) -> Status | None:
    seen = route53.get_health_check_status(HealthCheckId=check.id or check.key)["HealthCheckObservations"]
    if not seen:
        return None
    successes = sum(each["StatusReport"]["Status"].startswith(_SUCCESS) for each in seen)
    is_inverted = check.config is not None and check.config.inverted
    return Status.HEALTHY if (successes / len(seen) > HEALTHY_FRACTION) != is_inverted else Status.UNHEALTHY

"""Every Route 53 operation that the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.route53.dnssec import DNSSEC_OPERATIONS
from stillup.engine.api.route53.health_checks import HEALTH_CHECK_OPERATIONS
from stillup.engine.api.route53.health_status import HEALTH_STATUS_OPERATIONS
from stillup.engine.api.route53.limits import LIMIT_OPERATIONS
from stillup.engine.api.route53.records import RECORD_OPERATIONS
from stillup.engine.api.route53.submissions import SUBMISSION_OPERATIONS
from stillup.engine.api.route53.tags import TAG_OPERATIONS
from stillup.engine.api.route53.zones import ZONE_OPERATIONS

ROUTE53_OPERATIONS: Final[Mapping[str, Operation]] = {
    **ZONE_OPERATIONS,
    **RECORD_OPERATIONS,
    **SUBMISSION_OPERATIONS,
    **HEALTH_CHECK_OPERATIONS,
    **HEALTH_STATUS_OPERATIONS,
    **TAG_OPERATIONS,
    **LIMIT_OPERATIONS,
    **DNSSEC_OPERATIONS,
}

"""Every Route 53 operation that the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.route53.health_checks import HEALTH_CHECK_OPERATIONS
from stillup.engine.api.route53.health_status import HEALTH_STATUS_OPERATIONS
from stillup.engine.api.route53.tags import TAG_OPERATIONS

ROUTE53_OPERATIONS: Final[Mapping[str, Operation]] = {
    **HEALTH_CHECK_OPERATIONS,
    **HEALTH_STATUS_OPERATIONS,
    **TAG_OPERATIONS,
}

"""Every operation that is built, by service. What is not here answers with AWS's own error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.ec2.operations import EC2_OPERATIONS
from stillup.engine.api.route53.operations import ROUTE53_OPERATIONS
from stillup.engine.api.s3.operations import S3_OPERATIONS
from stillup.engine.api.sts import STS_OPERATIONS

OPERATIONS: Final[Mapping[str, Mapping[str, Operation]]] = {
    "ec2": EC2_OPERATIONS,
    "route53": ROUTE53_OPERATIONS,
    "s3": S3_OPERATIONS,
    "sts": STS_OPERATIONS,
}

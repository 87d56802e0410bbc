"""Every operation that is built, by service. What is not here answers with AWS's own error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.cloudwatch.operations import CLOUDWATCH_OPERATIONS
from stillup.engine.api.ec2.operations import EC2_OPERATIONS
from stillup.engine.api.iam.operations import IAM_OPERATIONS
from stillup.engine.api.route53.operations import ROUTE53_OPERATIONS
from stillup.engine.api.s3.operations import S3_OPERATIONS
from stillup.engine.api.sns.operations import SNS_OPERATIONS
from stillup.engine.api.sqs.operations import SQS_OPERATIONS
from stillup.engine.api.sts import STS_OPERATIONS

OPERATIONS: Final[Mapping[str, Mapping[str, Operation]]] = {
    "cloudwatch": CLOUDWATCH_OPERATIONS,
    "ec2": EC2_OPERATIONS,
    "iam": IAM_OPERATIONS,
    "route53": ROUTE53_OPERATIONS,
    "s3": S3_OPERATIONS,
    "sns": SNS_OPERATIONS,
    "sqs": SQS_OPERATIONS,
    "sts": STS_OPERATIONS,
}

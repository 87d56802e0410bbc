"""The whole table. An operation that is not in it may be called by nobody; a test says so of each that is built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.rules.iam.table.cloudwatch import CLOUDWATCH
from stillup.rules.iam.table.ec2 import EC2
from stillup.rules.iam.table.iam import IAM
from stillup.rules.iam.table.route53 import ROUTE53
from stillup.rules.iam.table.row import Row
from stillup.rules.iam.table.s3 import S3
from stillup.rules.iam.table.sns import SNS
from stillup.rules.iam.table.sqs import SQS
from stillup.rules.iam.table.sts import STS

ROWS: Final[Mapping[str, Mapping[str, Row]]] = {
    "cloudwatch": CLOUDWATCH,
    "ec2": EC2,
    "iam": IAM,
    "route53": ROUTE53,
    "s3": S3,
    "sns": SNS,
    "sqs": SQS,
    "sts": STS,
}

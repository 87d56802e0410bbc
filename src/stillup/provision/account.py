"""Where a plan is carried out: clients of the AWS API, on AWS or on an engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3control import S3ControlClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sts import STSClient

PATIENT: Final = Config(
    retries={"mode": "standard", "total_max_attempts": 8},
    connect_timeout=5,
    read_timeout=60,
    user_agent_extra="stillup",
)
"""Throttling is waited out: botocore's backoff, up to eight attempts."""
HASTY: Final = PATIENT.merge(
    Config(retries={"mode": "standard", "total_max_attempts": 2}, connect_timeout=3, read_timeout=4)
)
"""For questions whose answer one can do without."""


@dataclass(frozen=True)
class Account:
    """Which account is meant, as the `aws` command would be told. Clients are made when first asked for."""

    profile: str | None = None
    region: str = "us-east-1"
    endpoint_url: str | None = None
    patience: Config = PATIENT

    @cached_property
    def session(self) -> boto3.Session:
        """Raises botocore's ProfileNotFound."""
        return boto3.Session(profile_name=self.profile, region_name=self.region)

    @cached_property
    def route53(self) -> Route53Client:
        """Route 53, which is global."""
        return self.session.client("route53", endpoint_url=self.endpoint_url, config=self.patience)

    def s3(self, region: str | None = None) -> S3Client:
        """S3 in a Region; without one, in the account's."""
        config = self.patience.merge(
            Config(s3={"addressing_style": "path"}) if self.endpoint_url else Config()
        )
        return self.session.client(
            "s3", region_name=region or self.region, endpoint_url=self.endpoint_url, config=config
        )

    def s3control(self) -> S3ControlClient:
        """Settings of S3 for the whole account."""
        return self.session.client("s3control", region_name=self.region, config=self.patience)

    def cloudwatch(self, region: str) -> CloudWatchClient:
        """CloudWatch in a Region."""
        return self.session.client(
            "cloudwatch", region_name=region, endpoint_url=self.endpoint_url, config=self.patience
        )

    def sns(self, region: str) -> SNSClient:
        """SNS in a Region."""
        return self.session.client(
            "sns", region_name=region, endpoint_url=self.endpoint_url, config=self.patience
        )

    def ec2(self, region: str | None = None) -> EC2Client:
        """EC2 in a Region; without one, in the account's."""
        return self.session.client(
            "ec2", region_name=region or self.region, endpoint_url=self.endpoint_url, config=self.patience
        )

    @cached_property
    def sts(self) -> STSClient:
        """Who is calling."""
        return self.session.client("sts", endpoint_url=self.endpoint_url, config=self.patience)

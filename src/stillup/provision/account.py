"""Where a plan is carried out: clients of the AWS API, on AWS or on an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

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
    _one_by_one: Lock = field(default_factory=Lock, repr=False, compare=False, init=False)

    @cached_property
    def session(self) -> boto3.Session:
        """Raises botocore's ProfileNotFound."""
        return boto3.Session(profile_name=self.profile, region_name=self.region)

    @cached_property
    def route53(self) -> Route53Client:
        """Route 53, which is global."""
        client: Route53Client = self._client("route53", self.region)
        return client

    @cached_property
    def hasty_route53(self) -> Route53Client:
        """The same, for questions whose answer one can do without."""
        client: Route53Client = self._client("route53", self.region, HASTY)
        return client

    def s3(self, region: str | None = None) -> S3Client:
        """S3 in a Region; without one, in the account's."""
        client: S3Client = self._client("s3", region or self.region)
        return client

    def s3control(self) -> S3ControlClient:
        """Settings of S3 for the whole account; AWS's own, whatever the endpoint."""
        with self._one_by_one:
            return self.session.client("s3control", region_name=self.region, config=self.patience)

    def cloudwatch(self, region: str, patience: Config | None = None) -> CloudWatchClient:
        """CloudWatch in a Region."""
        client: CloudWatchClient = self._client("cloudwatch", region, patience)
        return client

    def sns(self, region: str) -> SNSClient:
        """SNS in a Region."""
        client: SNSClient = self._client("sns", region)
        return client

    def ec2(self, region: str | None = None) -> EC2Client:
        """EC2 in a Region; without one, in the account's."""
        client: EC2Client = self._client("ec2", region or self.region)
        return client

    @cached_property
    def sts(self) -> STSClient:
        """Who is calling. Asked first of all: where nobody answers, that is told within seconds."""
        client: STSClient = self._client("sts", self.region, HASTY)
        return client

    @cached_property
    def _made(self) -> dict[tuple[str, str, Config], Any]:
        return {}

    def _client(self, service: Any, region: str, patience: Config | None = None) -> Any:
        """One for each service, Region and patience: each takes tens of milliseconds to make."""
        config = patience or self.patience
        key = service, region, config
        # Threads may share clients, but not the session while it makes one (boto3, multithreading).
        with self._one_by_one:
            if key not in self._made:
                if service == "s3" and self.endpoint_url:
                    # Bucket names are no host names where one address answers for all.
                    config = config.merge(Config(s3={"addressing_style": "path"}))
                self._made[key] = self.session.client(
                    service, region_name=region, endpoint_url=self.endpoint_url, config=config
                )
            return self._made[key]

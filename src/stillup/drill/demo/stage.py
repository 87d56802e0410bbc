"""The guide's steps 1 to 4, through the AWS API, as the guide has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

SITE: Final = "www.example.com"
ZONE: Final = "example.com"
REGION: Final = "us-east-1"
ON_CALL: Final = "oncall@example.com"
ALARM: Final = "EC2-HealthCheck-Failed"
INSTANCE: Final = "i-0123456789abcdef0"
TTL: Final = 60
"""Seconds, as the guide advises."""
BACKUP_PAGE: Final = (
    b"<!doctype html><title>www.example.com</title><h1>We are working on it, this is the backup</h1>\n"
)


class Cloud:
    """The AWS API of one endpoint, with credentials that mean nothing outside a demo."""

    def __init__(self, endpoint_url: str) -> None:
        session = boto3.Session("demo", "demo", region_name=REGION)
        config = Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=10)
        self.route53: Route53Client = session.client("route53", endpoint_url=endpoint_url, config=config)
        self.s3: S3Client = session.client("s3", endpoint_url=endpoint_url, config=config)
        self.ec2: EC2Client = session.client("ec2", endpoint_url=endpoint_url, config=config)
        self.sns: SNSClient = session.client("sns", endpoint_url=endpoint_url, config=config)
        self.cloudwatch: CloudWatchClient = session.client(
            "cloudwatch", endpoint_url=endpoint_url, config=config
        )


def make_backup_site(cloud: Cloud) -> None:
    """Step 1: the bucket, public, a website, with its page (S3-10)."""
    s3 = cloud.s3
    s3.create_bucket(Bucket=SITE)
    s3.put_public_access_block(
        Bucket=SITE,
        PublicAccessBlockConfiguration={"BlockPublicPolicy": False, "RestrictPublicBuckets": False},
    )
    statement = {
        "Sid": "PublicReadGetObject",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{SITE}/*",
    }
    s3.put_bucket_policy(Bucket=SITE, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_bucket_website(
        Bucket=SITE,
        WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"},
            "ErrorDocument": {"Key": "error.html"},
        },
    )
    s3.put_object(Bucket=SITE, Key="index.html", Body=BACKUP_PAGE, ContentType="text/html")


def make_health_check(cloud: Cloud, address: str, port: int) -> str:
    """Step 2: the guide's check, at this address and port; its id."""
    created = cloud.route53.create_health_check(
        CallerReference="ec2-primary-demo",
        HealthCheckConfig={
            "IPAddress": address,
            "Port": port,
            "Type": "HTTP",
            "ResourcePath": "/health",
            "FullyQualifiedDomainName": SITE,
            "RequestInterval": 30,
            "FailureThreshold": 3,
        },
    )
    return created["HealthCheck"]["Id"]


def make_records(cloud: Cloud, address: str, check_id: str) -> None:
    """Step 3: the zone and the failover pair; ends when the change is INSYNC."""
    zone = cloud.route53.create_hosted_zone(Name=ZONE, CallerReference="demo")
    zone_id = zone["HostedZone"]["Id"]
    change = cloud.route53.change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={
            "Comment": f"Failover records for {SITE}",
            "Changes": [
                {
                    "Action": "CREATE",
                    "ResourceRecordSet": {
                        "Name": SITE,
                        "Type": "A",
                        "SetIdentifier": "Primary-EC2",
                        "Failover": "PRIMARY",
                        "TTL": TTL,
                        "ResourceRecords": [{"Value": address}],
                        "HealthCheckId": check_id,
                    },
                },
                {
                    "Action": "CREATE",
                    "ResourceRecordSet": {
                        "Name": SITE,
                        "Type": "A",
                        "SetIdentifier": "Secondary-S3",
                        "Failover": "SECONDARY",
                        "AliasTarget": {
                            "HostedZoneId": "Z3AQBSTGFYJSTF",
                            "DNSName": f"{SITE}.s3-website-{REGION}.amazonaws.com",
                            "EvaluateTargetHealth": False,
                        },
                    },
                },
            ],
        },
    )
    cloud.route53.get_waiter("resource_record_sets_changed").wait(
        Id=change["ChangeInfo"]["Id"], WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )


def make_topic(cloud: Cloud) -> str:
    """Step 4, first half: a topic, and the on-call person's address, not confirmed yet; the topic's ARN."""
    topic = cloud.sns.create_topic(Name="ec2-failover-alerts")["TopicArn"]
    cloud.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=ON_CALL)
    return topic


def make_alarm(cloud: Cloud, check_id: str, topic: str) -> None:
    """Step 4, second half: the guide's alarm, which also tells of the return (8.i)."""
    cloud.cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/Route53",
        MetricName="HealthCheckStatus",
        Dimensions=[{"Name": "HealthCheckId", "Value": check_id}],
        Statistic="Minimum",
        Period=60,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        EvaluationPeriods=1,
        AlarmActions=[topic],
        OKActions=[topic],
    )

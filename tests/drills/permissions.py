"""What the guide's steps need: the least policy by 7.2, a statement for each action, and the guide's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

ACCOUNT = "123456789012"


def least(*, zone_id: str, site: str, alarm: str, topic: str, instance: str) -> dict[str, dict[str, Any]]:
    """The statements of 7.2 that this engine has operations for, by the one action that each allows (7.1)."""
    zone, check = f"arn:aws:route53:::hostedzone/{zone_id}", "arn:aws:route53:::healthcheck/*"
    bucket, topic_arn = f"arn:aws:s3:::{site}", f"arn:aws:sns:us-east-1:{ACCOUNT}:{topic}"
    alarm_arn = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{alarm}"
    instance_arn = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/{instance}"
    resources = {
        "route53:ListHostedZonesByName": "*",
        "route53:CreateHealthCheck": "*",
        "route53:ChangeTagsForResource": check,
        "route53:GetHealthCheck": check,
        "route53:GetHealthCheckStatus": check,
        "route53:DeleteHealthCheck": check,
        "route53:ListResourceRecordSets": zone,
        "route53:ChangeResourceRecordSets": zone,
        "route53:GetChange": "arn:aws:route53:::change/*",
        "s3:CreateBucket": bucket,
        "s3:PutBucketPublicAccessBlock": bucket,
        "s3:PutBucketPolicy": bucket,
        "s3:PutBucketWebsite": bucket,
        "s3:PutObject": f"{bucket}/*",
        "cloudwatch:PutMetricAlarm": alarm_arn,
        "cloudwatch:DescribeAlarms": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*",
        "sns:CreateTopic": topic_arn,
        "sns:Subscribe": topic_arn,
        "ec2:DescribeInstances": "*",
        "ec2:StopInstances": instance_arn,
        "ec2:StartInstances": instance_arn,
    }
    statements = {
        action: {"Effect": "Allow", "Action": action, "Resource": resource}
        for action, resource in resources.items()
    }
    # IA-2: this zone's other names are none of the guide's business.
    statements["route53:ChangeResourceRecordSets"]["Condition"] = {
        "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": [site],
            "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
        }
    }
    return statements


def document(statements: Sequence[Mapping[str, Any]]) -> str:
    """The policy that has these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


GUIDES_OWN: Sequence[Mapping[str, Any]] = (
    {
        "Sid": "Route53FailoverManagement",
        "Effect": "Allow",
        "Action": [
            "route53:CreateHealthCheck",
            "route53:GetHealthCheck",
            "route53:GetHealthCheckStatus",
            "route53:ChangeResourceRecordSets",
            "route53:ListResourceRecordSets",
        ],
        "Resource": "*",
    },
    {
        "Sid": "S3WebsiteSetup",
        "Effect": "Allow",
        "Action": ["s3:CreateBucket", "s3:PutBucketWebsite", "s3:PutBucketPolicy", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::www.example.com", "arn:aws:s3:::www.example.com/*"],
    },
    {
        "Sid": "CloudWatchAlarmSetup",
        "Effect": "Allow",
        "Action": ["cloudwatch:PutMetricAlarm"],
        "Resource": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:EC2-HealthCheck-Failed",
    },
    {
        "Sid": "SNSTopicSetup",
        "Effect": "Allow",
        "Action": ["sns:CreateTopic", "sns:Subscribe"],
        "Resource": f"arn:aws:sns:us-east-1:{ACCOUNT}:ec2-failover-alerts",
    },
)
"""The guide's "Minimum IAM Policy", to the letter."""
GAPS = {
    "route53:ListHostedZonesByName",
    "route53:ChangeTagsForResource",
    "route53:GetChange",
    "route53:DeleteHealthCheck",
    "s3:PutBucketPublicAccessBlock",
    "cloudwatch:DescribeAlarms",
    "ec2:DescribeInstances",
    "ec2:StopInstances",
    "ec2:StartInstances",
}
"""What it lacks for the guide's own steps (8.h), for describing the instance and for cleaning up."""

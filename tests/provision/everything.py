"""Everything that an account holds, in one value, to tell what a verb has left behind."""

from __future__ import annotations

from typing import Any

from stillup.provision.account import Account


def everything(account: Account) -> dict[str, Any]:
    """What there is, by kind; subscriptions go and come with their topics."""
    zones = account.route53.list_hosted_zones()["HostedZones"]
    return {
        "records": [
            each
            for zone in zones
            for each in account.route53.list_resource_record_sets(HostedZoneId=zone["Id"])[
                "ResourceRecordSets"
            ]
        ],
        "checks": [each["Id"] for each in account.route53.list_health_checks()["HealthChecks"]],
        "buckets": {
            each["Name"]: objects(account, each["Name"]) for each in account.s3().list_buckets()["Buckets"]
        },
        "topics": [each["TopicArn"] for each in account.sns("us-east-1").list_topics()["Topics"]],
        "alarms": [
            each["AlarmName"] for each in account.cloudwatch("us-east-1").describe_alarms()["MetricAlarms"]
        ],
    }


def objects(account: Account, bucket: str) -> dict[str, str]:
    """ETags by key."""
    region = account.s3().get_bucket_location(Bucket=bucket)["LocationConstraint"]
    listed = account.s3(region).list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: each["ETag"] for each in listed}

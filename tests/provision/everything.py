"""Everything that an account holds, in one value, to tell what a verb has left behind."""

from __future__ import annotations

from typing import Any

from stillup.provision.account import Account


def everything(account: Account, zone_id: str | None = None) -> dict[str, Any]:
    """What there is, by kind; subscriptions go and come with their topics.

    The records of one zone are shown, of the others there is the number only: other tests leave a hundred of them.
    """
    zones = account.route53.list_hosted_zones()["HostedZones"]
    listed = zone_id and account.route53.list_resource_record_sets(HostedZoneId=zone_id)
    return {
        "zones": {each["Id"]: each["ResourceRecordSetCount"] for each in zones},
        "records": listed and listed["ResourceRecordSets"],
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
    listed = account.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: each["ETag"] for each in listed}

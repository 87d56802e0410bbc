"""Everything that an account holds, in one value, to tell what a verb has left behind."""

from __future__ import annotations

from typing import Any

from stillup.provision.account import Account
from tests.provision.typed import Typed


def everything(typed: Typed) -> dict[str, Any]:
    """What there is in the account, by kind; subscriptions go and come with their topics.

    Of other zones there is the number of records only, of other buckets the name: other tests leave a hundred of them.
    """
    account = typed.account
    zones = account.route53.list_hosted_zones()["HostedZones"]
    listed = account.route53.list_resource_record_sets(HostedZoneId=typed.zone_id)
    buckets = [each["Name"] for each in account.s3().list_buckets()["Buckets"]]
    return {
        "zones": {each["Id"]: each["ResourceRecordSetCount"] for each in zones},
        "records": listed["ResourceRecordSets"],
        "checks": [each["Id"] for each in account.route53.list_health_checks()["HealthChecks"]],
        "buckets": {each: objects(account, each) if typed.zone[:8] in each else None for each in buckets},
        "topics": [each["TopicArn"] for each in account.sns("us-east-1").list_topics()["Topics"]],
        "alarms": [
            each["AlarmName"] for each in account.cloudwatch("us-east-1").describe_alarms()["MetricAlarms"]
        ],
    }


def objects(account: Account, bucket: str) -> dict[str, str]:
    """ETags by key."""
    listed = account.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: each["ETag"] for each in listed}

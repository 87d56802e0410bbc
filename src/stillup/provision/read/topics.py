"""Topics, with who is subscribed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from stillup.plan.setup import Subscription, Topic
from stillup.provision.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

_ARN: Final = re.compile(r"arn:[^:]+:sns:(?P<region>[^:]+):(?P<account>[^:]*):(?P<name>[^:]+)")
_GONE: Final = frozenset({"NotFound", "NotFoundException", "ResourceNotFound", "ResourceNotFoundException"})
_DENIED: Final = frozenset({"AuthorizationError", "AuthorizationErrorException", "AccessDenied"})
_DEFAULT_POLICY: Final = "__default_policy_ID"
_CONFIRMED: Final = "arn:"


def region_of(arn: str) -> str | None:
    """The Region of a topic's ARN; None where that is the ARN of something else."""
    found = _ARN.fullmatch(arn)
    return None if found is None else found["region"]


def read_topic(sns: SNSClient, arn: str, *, account_id: str) -> Topic | None:
    """The topic with this ARN; None where there is none.

    Of another account's topic that we may not look at, only the name is known. Raises ClientError.
    """
    found = _ARN.fullmatch(arn)
    if found is None:
        return None
    name, region = found["name"], found["region"]
    try:
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    except ClientError as error:
        if code_of(error) in _GONE:
            return None
        if code_of(error) in _DENIED and found["account"] != account_id:
            return Topic(key=arn, name=name, region=region, is_kept=False, arn=arn)
        raise
    tags = sns.list_tags_for_resource(ResourceArn=arn).get("Tags", [])
    return Topic(
        key=arn,
        name=name,
        region=region,
        arn=arn,
        policy=_own_policy(attributes.get("Policy")),
        kms_key=attributes.get("KmsMasterKeyId") or None,
        subscriptions=_subscriptions(sns, arn),
        tags={tag["Key"]: tag["Value"] for tag in tags},
    )


def _own_policy(policy: str | None) -> str | None:
    """None for the policy that every topic starts with."""
    if not policy:
        return None
    document = json.loads(policy)
    is_default = document.get("Id") == _DEFAULT_POLICY and len(document.get("Statement", ())) == 1
    return None if is_default else policy


def _subscriptions(sns: SNSClient, arn: str) -> tuple[Subscription, ...]:
    """In place of the ARN of one that is not confirmed SNS lists `PendingConfirmation`, or `Deleted` (SN-3)."""
    return tuple(
        Subscription(
            protocol=each["Protocol"],
            endpoint=each["Endpoint"],
            arn=each["SubscriptionArn"] if each["SubscriptionArn"].startswith(_CONFIRMED) else None,
            is_confirmed=each["SubscriptionArn"].startswith(_CONFIRMED),
        )
        for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
        for each in page["Subscriptions"]
        if each["SubscriptionArn"] != "Deleted"
    )

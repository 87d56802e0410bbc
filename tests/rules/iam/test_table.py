"""What calls need: actions, resources (7.1) and keys."""

from collections.abc import Mapping

import pytest

from stillup.rules.buckets.bucket import Bucket, StoredObject
from stillup.rules.iam.context import principal_keys, request_keys
from stillup.rules.iam.evaluate import ServicePrincipal
from stillup.rules.iam.identity import AccessKey, Principal, PrincipalKind, User
from stillup.rules.iam.services import service_may
from stillup.rules.iam.table.route53 import normalized
from stillup.rules.iam.table.row import Check, Facts, Parameters, checks
from stillup.rules.iam.table.table import ROWS
from stillup.rules.ids import Arn, BlobId, BucketName
from stillup.rules.topics.topic import DeliveryProtocol, Subscription
from stillup.rules.world import World

ACCOUNT = "123456789012"
KEY = AccessKey("AKIAALICE", "secret", 0)
ALICE = User("alice", "AIDA1", Arn(f"arn:aws:iam::{ACCOUNT}:user/ops/alice"), 0, "/ops/", access_keys=(KEY,))
CALLER = Principal(PrincipalKind.USER, ACCOUNT, ALICE)
ANYBODY = Principal(PrincipalKind.ANONYMOUS, ACCOUNT)
TAGGED = StoredObject("k", BlobId("1"), 1, "etag", 0, tags={"Team": "ops"})
SUBSCRIPTION = f"arn:aws:sns:us-east-1:{ACCOUNT}:t:1"
GUARDED = Subscription(
    arn=Arn(SUBSCRIPTION),
    topic_arn=Arn(SUBSCRIPTION[:-2]),
    protocol=DeliveryProtocol.EMAIL,
    endpoint="a@example.com",
    owner=ACCOUNT,
    created_at=0,
    token="t",
    token_at=0,
    needs_authentication_to_unsubscribe=True,
)
WORLD = World(
    users={"alice": ALICE},
    buckets={BucketName("b"): Bucket(BucketName("b"), "us-east-1", 0, objects={"k": TAGGED})},
)


def facts(
    parameters: Parameters,
    caller: Principal = CALLER,
    world: World = WORLD,
    headers: Mapping[str, str] | None = None,
) -> Facts:
    return Facts(parameters, world, caller, ACCOUNT, "us-east-1", headers=headers or {})


def needed(service: str, operation: str, **parameters: object) -> list[Check]:
    return list(checks(ROWS[service][operation], facts(parameters)))


ALARM = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:t"
USER = f"arn:aws:iam::{ACCOUNT}:user"
TAGS = [{"Key": "Team", "Value": "ops"}]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        ("route53", "ListHostedZones", {}, [("route53:ListHostedZones", "*")]),
        (
            "route53",
            "GetHostedZone",
            {"Id": "Z1"},
            [("route53:GetHostedZone", "arn:aws:route53:::hostedzone/Z1")],
        ),
        (
            "route53",
            "GetChange",
            {"Id": "/change/C1"},
            [("route53:GetChange", "arn:aws:route53:::change/C1")],
        ),
        (
            "route53",
            "ListTagsForResources",
            {"ResourceType": "healthcheck", "ResourceIds": ["1", "2"]},
            [
                ("route53:ListTagsForResources", "arn:aws:route53:::healthcheck/1"),
                ("route53:ListTagsForResources", "arn:aws:route53:::healthcheck/2"),
            ],
        ),
        ("route53", "CreateHealthCheck", {"HealthCheckConfig": {}}, [("route53:CreateHealthCheck", "*")]),
        (
            "route53",
            "CreateHealthCheck",
            {"HealthCheckConfig": {"AlarmIdentifier": {"Region": "eu-west-1", "Name": "a"}}},
            [
                ("route53:CreateHealthCheck", "*"),
                ("cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:a"),
            ],
        ),
        ("s3", "ListBuckets", {}, [("s3:ListAllMyBuckets", "*")]),
        ("s3", "HeadBucket", {"Bucket": "b"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
        (
            "s3",
            "PutPublicAccessBlock",
            {"Bucket": "b"},
            [("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b")],
        ),
        (
            "s3",
            "DeletePublicAccessBlock",
            {"Bucket": "b"},
            [("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b")],
        ),
        ("s3", "HeadObject", {"Bucket": "b", "Key": "k"}, [("s3:GetObject", "arn:aws:s3:::b/k")]),
        (
            "s3",
            "GetObject",
            {"Bucket": "b", "Key": "k", "VersionId": "null"},
            [("s3:GetObjectVersion", "arn:aws:s3:::b/k")],
        ),
        (
            "s3",
            "DeleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}, {"Key": "y"}]}},
            [("s3:DeleteObject", "arn:aws:s3:::b/x"), ("s3:DeleteObject", "arn:aws:s3:::b/y")],
        ),
        (
            "s3",
            "PutObject",
            {"Bucket": "b", "Key": "k", "Tagging": "a=b"},
            [("s3:PutObject", "arn:aws:s3:::b/k"), ("s3:PutObjectTagging", "arn:aws:s3:::b/k")],
        ),
        (
            "s3",
            "CopyObject",
            {"Bucket": "c", "Key": "new", "CopySource": "/b/a%20b?versionId=null"},
            [("s3:GetObject", "arn:aws:s3:::b/a b"), ("s3:PutObject", "arn:aws:s3:::c/new")],
        ),
        (
            "s3",
            "CopyObject",
            {"Bucket": "c", "Key": "new", "CopySource": "b/k"},
            [
                ("s3:GetObject", "arn:aws:s3:::b/k"),
                ("s3:GetObjectTagging", "arn:aws:s3:::b/k"),
                ("s3:PutObjectTagging", "arn:aws:s3:::c/new"),
                ("s3:PutObject", "arn:aws:s3:::c/new"),
            ],
        ),
        ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a"}, [("cloudwatch:PutMetricAlarm", f"{ALARM}a")]),
        (
            "cloudwatch",
            "PutMetricAlarm",
            {"AlarmName": "a", "Tags": TAGS},
            [("cloudwatch:PutMetricAlarm", f"{ALARM}a"), ("cloudwatch:TagResource", f"{ALARM}a")],
        ),
        ("cloudwatch", "DescribeAlarms", {}, [("cloudwatch:DescribeAlarms", f"{ALARM}*")]),
        ("cloudwatch", "DescribeAlarms", {"AlarmNames": ["a"]}, [("cloudwatch:DescribeAlarms", f"{ALARM}a")]),
        (
            "cloudwatch",
            "DescribeAlarms",
            {"AlarmTypes": ["CompositeAlarm"]},
            [("cloudwatch:DescribeAlarms", "*")],
        ),
        ("cloudwatch", "DeleteAlarms", {"AlarmNames": []}, [("cloudwatch:DeleteAlarms", "*")]),
        ("cloudwatch", "PutMetricData", {"Namespace": "n"}, [("cloudwatch:PutMetricData", "*")]),
        ("sns", "CreateTopic", {"Name": "t"}, [("sns:CreateTopic", TOPIC)]),
        ("sns", "ListTopics", {}, [("sns:ListTopics", f"arn:aws:sns:us-east-1:{ACCOUNT}:*")]),
        ("iam", "ListUsers", {}, [("iam:ListUsers", f"arn:aws:iam::{ACCOUNT}:user/")]),
        ("iam", "ListUsers", {"PathPrefix": "/ops"}, [("iam:ListUsers", f"arn:aws:iam::{ACCOUNT}:user/ops")]),
        (
            "sns",
            "CreateTopic",
            {"Name": "t", "Tags": TAGS},
            [("sns:CreateTopic", TOPIC), ("sns:TagResource", TOPIC)],
        ),
        ("sns", "PublishBatch", {"TopicArn": TOPIC}, [("sns:Publish", TOPIC)]),
        ("sns", "Publish", {"TargetArn": TOPIC}, [("sns:Publish", TOPIC)]),
        ("sns", "Publish", {"PhoneNumber": "1"}, [("sns:Publish", "*")]),
        (
            "sqs",
            "DeleteMessageBatch",
            {"QueueUrl": "http://127.0.0.1:1/123456789012/dead"},
            [("sqs:DeleteMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead")],
        ),
        ("iam", "GetUser", {}, [("iam:GetUser", ALICE.arn)]),
        ("iam", "GetUser", {"UserName": "Alice"}, [("iam:GetUser", ALICE.arn)]),
        ("iam", "GetUser", {"UserName": "bob"}, [("iam:GetUser", f"{USER}/bob")]),
        ("iam", "CreateUser", {"UserName": "bob", "Path": "/x/"}, [("iam:CreateUser", f"{USER}/x/bob")]),
        (
            "iam",
            "UpdateUser",
            {"UserName": "alice", "NewUserName": "eve"},
            [("iam:UpdateUser", ALICE.arn), ("iam:UpdateUser", f"{USER}/ops/eve")],
        ),
        (
            "iam",
            "GetAccessKeyLastUsed",
            {"AccessKeyId": "AKIAALICE"},
            [("iam:GetAccessKeyLastUsed", ALICE.arn)],
        ),
        (
            "iam",
            "CreatePolicy",
            {"PolicyName": "p"},
            [("iam:CreatePolicy", f"arn:aws:iam::{ACCOUNT}:policy/p")],
        ),
        ("sts", "GetCallerIdentity", {}, []),
        ("ec2", "DescribeInstances", {"InstanceIds": ["i-1"]}, [("ec2:DescribeInstances", "*")]),
        (
            "ec2",
            "StopInstances",
            {"InstanceIds": ["i-1"]},
            [("ec2:StopInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1")],
        ),
    ],
)
def test_what_a_call_needs(
    service: str, operation: str, parameters: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert [(each.action, each.resource) for each in needed(service, operation, **parameters)] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("WWW.Example.com.", "www.example.com"),
        ("*.example.com", "\\052.example.com"),
        ("\\052.example.com", "\\052.example.com"),
        ("a!b.example.com", "a\\041b.example.com"),
        ("_sip-x.example.com", "_sip-x.example.com"),
        ("a..b", "a..b"),
    ],
)
def test_records_have_normalised_names_in_conditions(name: str, expected: str) -> None:
    """IA-2."""
    assert normalized(name) == expected


def test_a_batch_has_the_keys_of_all_its_changes() -> None:
    """IA-2."""
    changes = [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "A.example.com", "Type": "A"}},
        {"Action": "DELETE", "ResourceRecordSet": {"Name": "*.example.com.", "Type": "AAAA"}},
    ]
    (check,) = needed(
        "route53", "ChangeResourceRecordSets", HostedZoneId="Z1", ChangeBatch={"Changes": changes}
    )
    assert check.keys == {
        "route53:changeresourcerecordsetsnormalizedrecordnames": ("a.example.com", "\\052.example.com"),
        "route53:changeresourcerecordsetsrecordtypes": ("A", "AAAA"),
        "route53:changeresourcerecordsetsactions": ("CREATE", "DELETE"),
    }


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "key", "values"),
    [
        ("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": ""}, "s3:prefix", ("",)),
        ("s3", "ListObjectsV2", {"Bucket": "b", "MaxKeys": 10}, "s3:max-keys", ("10",)),
        ("s3", "GetObject", {"Bucket": "b", "Key": "k"}, "s3:existingobjecttag/team", ("ops",)),
        ("s3", "PutObject", {"Bucket": "b", "Key": "x", "Tagging": "A=1"}, "s3:requestobjecttag/a", ("1",)),
        (
            "s3",
            "CreateBucket",
            {"Bucket": "c", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
            "s3:locationconstraint",
            ("eu-west-1",),
        ),
        ("cloudwatch", "PutMetricData", {"Namespace": "n"}, "cloudwatch:namespace", ("n",)),
        ("sns", "Subscribe", {"TopicArn": TOPIC, "Protocol": "email"}, "sns:protocol", ("email",)),
        ("iam", "TagUser", {"UserName": "alice", "Tags": TAGS}, "aws:requesttag/team", ("ops",)),
        ("iam", "UntagUser", {"UserName": "alice", "TagKeys": ["Team"]}, "aws:tagkeys", ("Team",)),
        ("iam", "AttachUserPolicy", {"PolicyArn": "p"}, "iam:policyarn", ("p",)),
    ],
)
def test_calls_have_condition_keys(
    service: str, operation: str, parameters: dict[str, object], key: str, values: tuple[str, ...]
) -> None:
    assert needed(service, operation, **parameters)[0].keys[key] == values


def test_headers_are_condition_keys_of_s3() -> None:
    asked = facts(
        {"Bucket": "b", "Key": "x", "ACL": "private"}, headers={"x-amz-acl": "private", "host": "b"}
    )
    first = next(checks(ROWS["s3"]["PutObject"], asked))
    assert first.keys == {"s3:x-amz-acl": ("private",)}


def test_who_has_the_link_may_unsubscribe_unless_it_takes_credentials() -> None:
    row, stated = ROWS["sns"]["Unsubscribe"], {"SubscriptionArn": SUBSCRIPTION}
    guarded = World(subscriptions={GUARDED.arn: GUARDED})
    assert row.without_credentials(facts(stated, ANYBODY))
    assert not row.without_credentials(facts(stated, ANYBODY, guarded))
    assert not row.without_credentials(facts(stated, CALLER))


def test_the_keys_of_a_principal() -> None:
    keys = principal_keys(CALLER)
    assert keys["aws:principalarn"] == (ALICE.arn,)
    assert keys["aws:username"] == ("alice",)
    assert keys["aws:userid"] == ("AIDA1",)
    assert keys["aws:principaltype"] == ("User",)
    assert "aws:principalarn" not in principal_keys(ANYBODY)
    assert principal_keys(ServicePrincipal("s"))["aws:principalservicename"] == ("s",)


def test_the_keys_of_a_request() -> None:
    headers = {"user-agent": "aws-cli", "referer": "https://example.com/"}
    assert request_keys(now=1_700_000_000.5, source_ip="192.0.2.1", is_secure=True, headers=headers) == {
        "aws:currenttime": ("2023-11-14T22:13:20Z",),
        "aws:epochtime": ("1700000000",),
        "aws:securetransport": ("true",),
        "aws:viaawsservice": ("false",),
        "aws:sourceip": ("192.0.2.1",),
        "aws:useragent": ("aws-cli",),
        "aws:referer": ("https://example.com/",),
    }


@pytest.mark.parametrize(
    ("condition", "may"),
    [
        ("{}", True),
        ('{"StringEquals": {"AWS:SourceOwner": "123456789012"}}', True),
        ('{"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:a*"}}', True),
        ('{"StringEquals": {"aws:SourceAccount": "999999999999"}}', False),
    ],
)
def test_a_service_may_what_the_topics_policy_says(condition: str, may: bool) -> None:
    """SN-12."""
    policy = (
        '{"Statement": {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"},'
        f'"Action": "sns:Publish", "Resource": "{TOPIC}", "Condition": {condition}}}}}'
    )
    asked = {"action": "sns:Publish", "resource": TOPIC, "account": ACCOUNT, "source_arn": f"{ALARM}a"}
    assert service_may(policy, service="cloudwatch.amazonaws.com", **asked) is may
    assert not service_may(policy, service="events.amazonaws.com", **asked)
    assert service_may(None, service="cloudwatch.amazonaws.com", **asked)

"""Refusals in AWS's words, and the order in which they come."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from stillup.engine.api.authorization import authorize, refusals
from stillup.engine.api.call import Call
from stillup.engine.api.operations import OPERATIONS
from stillup.engine.api.s3.writing import delete_objects
from stillup.engine.ports import Instance, InstanceState
from stillup.rules.buckets.bucket import Bucket, PublicAccessBlock, StoredObject
from stillup.rules.iam.identity import ManagedPolicy, PolicyVersion, Principal, PrincipalKind, User
from stillup.rules.iam.table.table import ROWS
from stillup.rules.ids import Arn, BlobId, BucketName, InstanceId
from stillup.rules.topics.topic import Topic
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, HttpRequest
from tests.fakes import ROOT, FakeWorlds, api_ports

ACCOUNT = "123456789012"
ANYBODY = Principal(PrincipalKind.ANONYMOUS, ACCOUNT)
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/alice"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:t"
MANAGED = Arn(f"arn:aws:iam::{ACCOUNT}:policy/p")
OPEN = PublicAccessBlock(block_public_policy=False, restrict_public_buckets=False)


def policy(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def world(
    *statements: dict[str, object],
    attached: str | None = None,
    bucket_policy: str | None = None,
    block: PublicAccessBlock = OPEN,
    topic_policy: str | None = None,
) -> World:
    user = User(
        "alice",
        "AIDA1",
        Arn(USER_ARN),
        0,
        policies={"own": policy(*statements)} if statements else {},
        attached=() if attached is None else (MANAGED,),
    )
    versions = () if attached is None else (PolicyVersion("v1", attached, 0),)
    managed = ManagedPolicy(MANAGED, "p", "ANPA1", 0, 0, versions, "v1")
    stored = StoredObject("k", BlobId("1"), 1, "etag", 0)
    name = BucketName("b")
    bucket = Bucket(name, "us-east-1", 0, block, policy=bucket_policy, objects={"k": stored})
    attributes = {} if topic_policy is None else {"Policy": topic_policy}
    return World(
        users={"alice": user},
        policies={MANAGED: managed},
        buckets={name: bucket},
        topics={Arn(TOPIC): Topic(Arn(TOPIC), "t", "us-east-1", ACCOUNT, 0, attributes)},
    )


class OneInstance:
    """It is tagged."""

    def describe(self) -> Sequence[Instance]:
        return [Instance(InstanceId("i-1"), InstanceState.RUNNING, 0, None, "192.0.2.9", {"Team": "ops"})]


async def _nothing() -> AsyncIterator[bytes]:
    for chunk in list[bytes]():
        yield chunk


def call_of(
    given: World, service: str, operation: str, caller: Principal | None = None, **parameters: Any
) -> Call:
    alice = Principal(PrincipalKind.USER, ACCOUNT, given.users["alice"])
    return Call(
        service=service,
        operation=operation,
        parameters=parameters,
        request=HttpRequest("GET", "/", "", {}),
        request_id="1",
        region="us-east-1",
        access_key_id=None,
        body=_nothing(),
        principal=caller or alice,
        source_ip="192.0.2.1",
    )


def asked(
    given: World, service: str, operation: str, caller: Principal | None = None, **parameters: Any
) -> tuple[str, ...]:
    ports = api_ports(worlds=FakeWorlds(given), instances=OneInstance())
    return authorize(ports, call_of(given, service, operation, caller, **parameters))


def refusal(
    given: World, service: str, operation: str, caller: Principal | None = None, **parameters: Any
) -> AwsError:
    with pytest.raises(AwsError) as caught:
        asked(given, service, operation, caller, **parameters)
    return caught.value


@pytest.mark.parametrize("service", OPERATIONS)
def test_every_operation_that_is_built_has_its_row_and_no_other_has(service: str) -> None:
    assert sorted(OPERATIONS[service]) == sorted(ROWS[service])


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "message"),
    [
        (
            "route53",
            "GetChange",
            {"Id": "C1"},
            "AccessDenied",
            (
                f"User: {USER_ARN} is not authorized to perform: route53:GetChange on resource: "
                "arn:aws:route53:::change/C1 because no identity-based policy allows the route53:GetChange action"
            ),
        ),
        (
            "route53",
            "ListHostedZones",
            {},
            "AccessDenied",
            (
                f"User: {USER_ARN} is not authorized to perform: route53:ListHostedZones "
                "because no identity-based policy allows the route53:ListHostedZones action"
            ),
        ),
        (
            "s3",
            "PutBucketPolicy",
            {"Bucket": "b"},
            "AccessDenied",
            (
                f'User: {USER_ARN} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::b" '
                "because no identity-based policy allows the s3:PutBucketPolicy action"
            ),
        ),
        (
            "sns",
            "Publish",
            {"TopicArn": TOPIC},
            "AuthorizationError",
            (
                f"User: {USER_ARN} is not authorized to perform: SNS:Publish on resource: {TOPIC} "
                "because no identity-based policy allows the SNS:Publish action"
            ),
        ),
        (
            "ec2",
            "StopInstances",
            {"InstanceIds": ["i-1"]},
            "UnauthorizedOperation",
            (
                f"You are not authorized to perform this operation. User: {USER_ARN} is not authorized to perform: "
                f"ec2:StopInstances on resource: arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1 "
                "because no identity-based policy allows the ec2:StopInstances action"
            ),
        ),
    ],
)
def test_who_may_not_is_told_so_in_the_services_words(
    service: str, operation: str, parameters: dict[str, Any], code: str, message: str
) -> None:
    error = refusal(world(), service, operation, **parameters)
    assert (error.code, error.status, error.message) == (code, 403, message)


def test_an_explicit_deny_is_told_with_its_kind() -> None:
    own = refusal(world(allow("s3:*"), deny("s3:PutObject")), "s3", "PutObject", Bucket="b", Key="x")
    assert own.message.endswith('"arn:aws:s3:::b/x" with an explicit deny in an identity-based policy')
    closed = policy(deny("s3:*", "arn:aws:s3:::b/*", Principal="*"))
    for caller in (None, ROOT):
        error = refusal(
            world(allow("*"), bucket_policy=closed), "s3", "GetObject", caller, Bucket="b", Key="k"
        )
        assert error.message.endswith("with an explicit deny in a resource-based policy")


def test_who_may_is_let_through_and_the_resources_are_named() -> None:
    given = world(
        allow("s3:PutObject", "arn:aws:s3:::b/*"), attached=policy(allow("s3:GetObject", "arn:aws:s3:::b/k"))
    )
    assert asked(given, "s3", "CopyObject", Bucket="b", Key="new", CopySource="b/k") == (
        "arn:aws:s3:::b/k",
        "arn:aws:s3:::b/new",
    )
    assert asked(given, "route53", "GetChange", ROOT, Id="C1") == ("arn:aws:route53:::change/C1",)
    assert asked(given, "sts", "GetCallerIdentity") == ()


def test_a_user_who_is_gone_may_nothing() -> None:
    before = world(allow("*"))
    alice = Principal(PrincipalKind.USER, ACCOUNT, before.users["alice"])
    successor = User("alice", "AIDA2", Arn(USER_ARN), 0, policies={"own": policy(allow("*"))})
    after = World(users={"alice": successor})
    assert refusal(after, "route53", "ListHostedZones", alice).code == "AccessDenied"


def test_a_policy_of_the_bucket_or_topic_is_enough() -> None:
    bucket_policy = policy(allow("s3:GetObject", "arn:aws:s3:::b/*", Principal={"AWS": USER_ARN}))
    topic_policy = policy(allow("sns:Publish", TOPIC, Principal="*"))
    given = world(bucket_policy=bucket_policy, topic_policy=topic_policy)
    assert asked(given, "s3", "GetObject", Bucket="b", Key="k")
    assert asked(given, "sns", "Publish", TopicArn=TOPIC)


PUBLIC = policy(allow("s3:GetObject", "arn:aws:s3:::b/*", Principal="*"))


def test_public_objects_are_read_without_credentials_unless_public_access_is_restricted() -> None:
    """S3-8."""
    get: dict[str, Any] = {"Bucket": "b", "Key": "k"}
    assert asked(world(bucket_policy=PUBLIC), "s3", "GetObject", ANYBODY, **get)
    restricted = world(bucket_policy=PUBLIC, block=PublicAccessBlock())
    assert asked(restricted, "s3", "GetObject", **get)
    error = refusal(restricted, "s3", "GetObject", ANYBODY, **get)
    assert (error.code, error.message) == ("AccessDenied", "Access Denied")


def test_without_credentials_nothing_but_s3_is_asked_for_permission() -> None:
    assert refusal(world(), "route53", "ListHostedZones", ANYBODY).code == "MissingAuthenticationToken"
    assert refusal(world(), "s3", "ListBuckets", ANYBODY).message == "Access Denied"
    assert asked(world(), "route53", "GetCheckerIpRanges", ANYBODY) == ()
    assert asked(world(), "sns", "ConfirmSubscription", ANYBODY, Token="t") == ()


def test_missing_objects_are_told_of_to_those_who_may_list() -> None:
    missing: dict[str, Any] = {"Bucket": "b", "Key": "missing"}
    reader = world(allow("s3:GetObject", "arn:aws:s3:::b/*"))
    assert "s3:ListBucket" in refusal(reader, "s3", "GetObject", **missing).message
    assert "s3:ListBucket" in refusal(reader, "s3", "HeadObject", **missing).message
    assert refusal(world(bucket_policy=PUBLIC), "s3", "GetObject", ANYBODY, **missing).code == "AccessDenied"
    assert asked(reader, "s3", "GetObject", Bucket="b", Key="k")
    lister = world(allow("s3:GetObject", "arn:aws:s3:::b/*"), allow("s3:ListBucket", "arn:aws:s3:::b"))
    assert asked(lister, "s3", "GetObject", **missing)


def test_a_bucket_that_is_missing_is_no_secret() -> None:
    error = refusal(world(), "s3", "GetObject", Bucket="absent", Key="k")
    assert (error.code, error.members) == ("NoSuchBucket", {"BucketName": "absent"})
    assert refusal(world(), "s3", "CreateBucket", Bucket="absent").code == "AccessDenied"
    assert refusal(world(), "route53", "GetHostedZone", Id="absent").code == "AccessDenied"


def test_deleting_many_objects_leaves_alone_what_one_may_not_delete() -> None:
    given = world(allow("s3:DeleteObject", "arn:aws:s3:::b/k"))
    objects = [{"Key": "k"}, {"Key": "other"}, {"Key": "k2", "VersionId": "null"}]
    call = call_of(given, "s3", "DeleteObjects", Bucket="b", Delete={"Objects": objects})
    ports = api_ports(worlds=FakeWorlds(given))
    assert authorize(ports, call) == ("arn:aws:s3:::b/k", "arn:aws:s3:::b/other", "arn:aws:s3:::b/k2")
    forbidden = refusals(ports, call)
    assert list(forbidden) == ["arn:aws:s3:::b/other", "arn:aws:s3:::b/k2"]
    answer = asyncio.run(delete_objects(ports, call))
    assert answer.members["Deleted"] == [{"Key": "k"}]
    assert [(each["Key"], each["Code"]) for each in answer.members["Errors"]] == [
        ("other", "AccessDenied"),
        ("k2", "AccessDenied"),
    ]


def test_an_instance_is_known_by_its_tags() -> None:
    condition = {"StringEquals": {"ec2:ResourceTag/Team": "ops"}}
    given = world(allow("ec2:StopInstances", Condition=condition))
    assert asked(given, "ec2", "StopInstances", InstanceIds=["i-1"])
    assert refusal(given, "ec2", "StopInstances", InstanceIds=["i-2"]).code == "UnauthorizedOperation"


def test_an_operation_without_a_row_is_for_nobody() -> None:
    assert refusal(world(), "route53", "MakeCoffee", ROOT).code == "AccessDenied"


def test_a_batch_is_allowed_by_the_names_in_it() -> None:
    """IA-2, IA-3."""
    condition = {
        "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["www.example.com"],
            "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
        }
    }
    given = world(
        allow("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1", Condition=condition)
    )

    def batch(*names: str) -> dict[str, Any]:
        sets = [{"Action": "UPSERT", "ResourceRecordSet": {"Name": name, "Type": "A"}} for name in names]
        return {"HostedZoneId": "Z1", "ChangeBatch": {"Changes": sets}}

    change = "ChangeResourceRecordSets"
    assert asked(given, "route53", change, **batch("WWW.example.com."))
    assert (
        refusal(given, "route53", change, **batch("www.example.com", "mail.example.com")).code
        == "AccessDenied"
    )

"""Being public: bucket policies and Block Public Access (S3-7 … S3-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.configuring import configure
from stillup.engine.api.s3.errors import bucket_or_raise, refused, s3_error
from stillup.rules.buckets.access import is_public
from stillup.rules.buckets.bucket import Bucket, PublicAccessBlock
from stillup.rules.buckets.errors import refusal
from stillup.rules.buckets.policy import parse_policy
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal
from stillup.wire.aws.messages import Output

_FLAGS: Final = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}


async def put_bucket_policy(ports: ApiPorts, call: Call) -> Output:
    """Keep a valid policy. A public one is refused while BlockPublicPolicy is on (S3-8), and is told how to go on."""
    text = str(call.parameters["Policy"])
    policy = parse_policy(text, BucketName(call.parameters["Bucket"]))
    if isinstance(policy, Refusal):
        bucket_or_raise(ports, call)
        raise refused(call, policy)
    public = is_public(policy)

    def change(bucket: Bucket) -> Bucket | Refusal:
        block = bucket.public_access_block
        if public and block is not None and block.block_public_policy:
            return refusal("AccessDenied", _how_to_go_public(call, bucket.name))
        return replace(bucket, policy=text)

    await configure(ports, call, change)
    return Output(status=204)


async def get_bucket_policy(ports: ApiPorts, call: Call) -> Output:
    """The policy as it was put."""
    return Output({"Policy": _policy_or_raise(ports, call)})


async def get_bucket_policy_status(ports: ApiPorts, call: Call) -> Output:
    """Whether the policy is public (S3-9)."""
    policy = parse_policy(_policy_or_raise(ports, call), BucketName(call.parameters["Bucket"]))
    return Output({"PolicyStatus": {"IsPublic": not isinstance(policy, Refusal) and is_public(policy)}})


async def delete_bucket_policy(ports: ApiPorts, call: Call) -> Output:
    """No policy any more, or still none."""
    await configure(ports, call, lambda bucket: replace(bucket, policy=None))
    return Output(status=204)


async def put_public_access_block(ports: ApiPorts, call: Call) -> Output:
    """All four flags as stated; one that is not stated is off."""
    stated = call.parameters["PublicAccessBlockConfiguration"]
    block = PublicAccessBlock(**{field: bool(stated.get(member)) for member, field in _FLAGS.items()})
    await configure(ports, call, lambda bucket: replace(bucket, public_access_block=block))
    return Output()


async def get_public_access_block(ports: ApiPorts, call: Call) -> Output:
    """The four flags."""
    block = bucket_or_raise(ports, call).public_access_block
    if block is None:
        raise s3_error(
            "NoSuchPublicAccessBlockConfiguration", members={"BucketName": call.parameters["Bucket"]}
        )
    flags = {member: getattr(block, field) for member, field in _FLAGS.items()}
    return Output({"PublicAccessBlockConfiguration": flags})


async def delete_public_access_block(ports: ApiPorts, call: Call) -> Output:
    """Nothing is blocked any more."""
    await configure(ports, call, lambda bucket: replace(bucket, public_access_block=None))
    return Output(status=204)


def _policy_or_raise(ports: ApiPorts, call: Call) -> str:
    policy = bucket_or_raise(ports, call).policy
    if policy is None:
        raise s3_error("NoSuchBucketPolicy", members={"BucketName": call.parameters["Bucket"]})
    return policy


def _how_to_go_public(call: Call, bucket: str) -> str:
    return (
        f"User: {call.principal.arn} is not authorized to perform: s3:PutBucketPolicy on "
        f'resource: "arn:aws:s3:::{bucket}" because public policies are prevented by the BlockPublicPolicy setting '
        "in S3 Block Public Access. To allow them: aws s3api put-public-access-block "
        f"--bucket {bucket} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false"
    )


PUBLIC_ACCESS_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DeleteBucketPolicy": delete_bucket_policy,
    "DeletePublicAccessBlock": delete_public_access_block,
    "GetBucketPolicy": get_bucket_policy,
    "GetBucketPolicyStatus": get_bucket_policy_status,
    "GetPublicAccessBlock": get_public_access_block,
    "PutBucketPolicy": put_bucket_policy,
    "PutPublicAccessBlock": put_public_access_block,
}

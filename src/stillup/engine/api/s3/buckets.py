"""Buckets: create, head, delete, list, and where they are."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.description import raise_if_unsupported
from stillup.engine.api.s3.errors import bucket_or_raise, commit_or_raise, refused, s3_error
from stillup.engine.api.s3.spelling import owner, time_of
from stillup.rules.buckets.bucket import Bucket
from stillup.rules.buckets.errors import refusal
from stillup.rules.buckets.names import parse_bucket_name
from stillup.rules.buckets.tags import MAX_BUCKET_TAGS, parse_tags
from stillup.rules.changes import BucketCreated, BucketDeleted
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, Output

US_EAST_1: Final = "us-east-1"
MAX_LISTED_BUCKETS: Final = 10_000
_OLD_NAMES: Final = {"EU": "eu-west-1"}


async def create_bucket(ports: ApiPorts, call: Call) -> Output:
    """A new bucket, public access blocked (S3-7). In us-east-1 the owner may create it again, to no effect."""
    bucket = _new_bucket_or_raise(ports, call)

    def decide(world: World) -> BucketCreated | Refusal | None:
        existing = world.buckets.get(bucket.name)
        if existing is None:
            return BucketCreated(bucket)
        if existing.region == bucket.region == US_EAST_1:
            return None
        return refusal("BucketAlreadyOwnedByYou")

    await commit_or_raise(ports, call, decide)
    at_home = bucket.region == US_EAST_1
    location = f"/{bucket.name}" if at_home else f"http://{bucket.name}.s3.amazonaws.com/"
    return Output({"Location": location, "BucketArn": _arn(bucket)})


async def head_bucket(ports: ApiPorts, call: Call) -> Output:
    """Whether the bucket is there, and in which Region."""
    bucket = bucket_or_raise(ports, call)
    return Output({"BucketRegion": bucket.region, "BucketArn": _arn(bucket), "AccessPointAlias": False})


async def delete_bucket(ports: ApiPorts, call: Call) -> Output:
    """Only an empty bucket goes; uploads that nobody completed go with it."""
    name = bucket_or_raise(ports, call).name

    def decide(world: World) -> BucketDeleted | Refusal:
        bucket = world.buckets.get(name)
        if bucket is None:
            return refusal("NoSuchBucket")
        if bucket.objects:
            return refusal("BucketNotEmpty")
        return BucketDeleted(name)

    await commit_or_raise(ports, call, decide)
    return Output(status=204)


async def list_buckets(ports: ApiPorts, call: Call) -> Output:
    """The buckets by name, in pages if the caller says how long."""
    prefix = call.parameters.get("Prefix", "")
    region = call.parameters.get("BucketRegion")
    limit = call.parameters.get("MaxBuckets", MAX_LISTED_BUCKETS)
    if not 0 < limit <= MAX_LISTED_BUCKETS:
        raise s3_error("InvalidArgument", f"MaxBuckets must be between 1 and {MAX_LISTED_BUCKETS}")
    after = token_or_raise(call.parameters.get("ContinuationToken"))
    found = [
        bucket
        for name, bucket in sorted(ports.worlds.current.buckets.items())
        if name.startswith(prefix) and name > after and region in (None, bucket.region)
    ]
    members: dict[str, Any] = {"Owner": owner(ports), "Buckets": list(map(_listed, found[:limit]))}
    if "Prefix" in call.parameters:
        members["Prefix"] = prefix
    if len(found) > limit:
        members["ContinuationToken"] = token_of(found[limit - 1].name)
    return Output(members)


async def get_bucket_location(ports: ApiPorts, call: Call) -> Output:
    """The Region, spelled as ever: us-east-1 is no constraint."""
    region = bucket_or_raise(ports, call).region
    return Output({} if region == US_EAST_1 else {"LocationConstraint": region})


def token_of(name: str) -> str:
    """A continuation token: where to go on, opaque to the caller."""
    return urlsafe_b64encode(name.encode("utf-8", "surrogatepass")).decode()


def token_or_raise(token: str | None) -> str:
    """Where to go on; raises for a token that is none of ours."""
    try:
        return "" if token is None else b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise bad_token() from None


def bad_token() -> AwsError:
    """The error for a continuation token that this engine never gave."""
    return s3_error(
        "InvalidArgument",
        "The continuation token provided is incorrect",
        members={"ArgumentName": "continuation-token"},
    )


def _new_bucket_or_raise(ports: ApiPorts, call: Call) -> Bucket:
    name = parse_bucket_name(call.parameters["Bucket"])
    if isinstance(name, Refusal):
        raise refused(call, name)
    ownership = call.parameters.get("ObjectOwnership", "BucketOwnerEnforced")
    if call.parameters.get("ObjectLockEnabledForBucket"):
        raise s3_error("NotImplemented")
    if call.parameters.get("ACL", "private") != "private":
        raise s3_error("InvalidBucketAclWithObjectOwnership")
    raise_if_unsupported(call)
    configuration: Mapping[str, Any] = call.parameters.get("CreateBucketConfiguration") or {}
    if "Location" in configuration or "Bucket" in configuration:
        raise s3_error("NotImplemented", "Directory buckets are not implemented")
    tags = parse_tags(
        ((tag["Key"], tag["Value"]) for tag in configuration.get("Tags", ())), limit=MAX_BUCKET_TAGS
    )
    if isinstance(tags, Refusal):
        raise refused(call, tags)
    region = _region_or_raise(call.region, configuration.get("LocationConstraint"))
    return Bucket(name, region, int(ports.clock.now()), ownership=ownership, tags=tags)


def _region_or_raise(endpoint: str, constraint: str | None) -> str:
    """Where the bucket goes, by the Region of the endpoint and the constraint.

    | endpoint  | constraint | Region     |
    |-----------|------------|------------|
    | us-east-1 | none       | us-east-1  |
    | any       | us-east-1  | refused    |
    | us-east-1 | other      | constraint |
    | other     | the same   | constraint |
    | other     | otherwise  | refused    |
    """
    if constraint is None and endpoint == US_EAST_1:
        return US_EAST_1
    if constraint == US_EAST_1:
        raise s3_error("InvalidLocationConstraint")
    region = _OLD_NAMES.get(constraint or "", constraint)
    if region is None or endpoint not in (US_EAST_1, region):
        raise s3_error(
            "IllegalLocationConstraintException",
            f"The {constraint or 'unspecified'} location constraint is incompatible for the region specific "
            "endpoint this request was sent to.",
        )
    return region


def _listed(bucket: Bucket) -> dict[str, Any]:
    return {
        "Name": bucket.name,
        "CreationDate": time_of(bucket.created_at),
        "BucketRegion": bucket.region,
        "BucketArn": _arn(bucket),
    }


def _arn(bucket: Bucket) -> str:
    return f"arn:aws:s3:::{bucket.name}"


BUCKET_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreateBucket": create_bucket,
    "DeleteBucket": delete_bucket,
    "GetBucketLocation": get_bucket_location,
    "HeadBucket": head_bucket,
    "ListBuckets": list_buckets,
}

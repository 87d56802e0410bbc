"""S3's errors as operations raise them, and the look-ups that every operation begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call
from stillup.engine.ports import Committed
from stillup.rules.buckets.bucket import Bucket, MultipartUpload, StoredObject
from stillup.rules.buckets.errors import S3_ERRORS
from stillup.rules.changes import Change
from stillup.rules.ids import BucketName, UploadId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError

# What S3 adds to an error, and the parameter of the call that it repeats.
_REPEATED: Final[Mapping[str, tuple[str, str]]] = {
    "BucketAlreadyOwnedByYou": ("BucketName", "Bucket"),
    "BucketNotEmpty": ("BucketName", "Bucket"),
    "InvalidBucketName": ("BucketName", "Bucket"),
    "InvalidPart": ("UploadId", "UploadId"),
    "InvalidPartOrder": ("UploadId", "UploadId"),
    "NoSuchBucket": ("BucketName", "Bucket"),
    "NoSuchBucketPolicy": ("BucketName", "Bucket"),
    "NoSuchKey": ("Key", "Key"),
    "NoSuchPublicAccessBlockConfiguration": ("BucketName", "Bucket"),
    "NoSuchTagSet": ("BucketName", "Bucket"),
    "NoSuchUpload": ("UploadId", "UploadId"),
    "NoSuchWebsiteConfiguration": ("BucketName", "Bucket"),
    "OwnershipControlsNotFoundError": ("BucketName", "Bucket"),
}


def s3_error(
    code: str,
    text: str | None = None,
    *,
    members: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> AwsError:
    """The error with S3's status and text, or with a more telling text."""
    status, usual = S3_ERRORS[code]
    return AwsError(code, usual if text is None else text, status=status, members=members, headers=headers)


def refused(call: Call, refusal: Refusal) -> AwsError:
    """A rule's no, as S3 says it to this call."""
    member, parameter = _REPEATED.get(refusal.code, ("", ""))
    members = {member: str(call.parameters[parameter])} if parameter in call.parameters else {}
    return s3_error(refusal.code, refusal.message, members=members | dict(refusal.details))


def raise_if_refused(call: Call, refusal: Refusal | None) -> None:
    """Raises what the rule objects to, if it does."""
    if refusal is not None:
        raise refused(call, refusal)


async def commit_or_raise(
    ports: ApiPorts, call: Call, decide: Callable[[World], Change | Refusal | None]
) -> Committed:
    """Commit what `decide` wants; raises its Refusal as S3's error."""
    outcome = await ports.worlds.commit(decide)
    if isinstance(outcome, Refusal):
        raise refused(call, outcome)
    return outcome


def bucket_or_raise(ports: ApiPorts, call: Call) -> Bucket:
    """The bucket of the call. Raises NoSuchBucket, and AccessDenied if the caller expects another owner."""
    return named_bucket_or_raise(ports, call, call.parameters["Bucket"], "ExpectedBucketOwner")


def named_bucket_or_raise(ports: ApiPorts, call: Call, name: str, expectation: str) -> Bucket:
    """The bucket of this name; `expectation` is the parameter with the owner that the caller expects."""
    bucket = ports.worlds.current.buckets.get(BucketName(name))
    if bucket is None:
        raise s3_error("NoSuchBucket", members={"BucketName": name})
    if call.parameters.get(expectation, ports.settings.account_id) != ports.settings.account_id:
        raise s3_error("AccessDenied")
    return bucket


def object_or_raise(ports: ApiPorts, call: Call) -> StoredObject:
    """The object of the call. Raises NoSuchKey, and InvalidArgument for a version that cannot be."""
    stored = bucket_or_raise(ports, call).objects.get(call.parameters["Key"])
    raise_if_versioned(call.parameters.get("VersionId"))
    if stored is None:
        raise s3_error("NoSuchKey", members={"Key": call.parameters["Key"]})
    return stored


def raise_if_versioned(version: str | None) -> None:
    """Raises for any version but `null`, the only one that there is without versioning."""
    if version not in (None, "null"):
        raise s3_error(
            "InvalidArgument",
            "Invalid version id specified",
            members={"ArgumentName": "versionId", "ArgumentValue": str(version)},
        )


def upload_or_raise(ports: ApiPorts, call: Call) -> MultipartUpload:
    """The multipart upload of the call. Raises NoSuchUpload, also where it is that of another key."""
    upload = bucket_or_raise(ports, call).uploads.get(UploadId(call.parameters["UploadId"]))
    if upload is None or upload.key != call.parameters["Key"]:
        raise s3_error("NoSuchUpload", members={"UploadId": call.parameters["UploadId"]})
    return upload

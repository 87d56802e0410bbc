"""Features that a bucket here has only in AWS's default state.

Reading them tells that state, in AWS's shapes and with AWS's not-configured errors, as infrastructure tools read
them all. Writing exactly what holds already is taken; anything else is refused with NotImplemented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.description import ENCRYPTION, raise_if_unsupported
from stillup.engine.api.s3.errors import bucket_or_raise, object_or_raise, s3_error
from stillup.engine.api.s3.spelling import owner
from stillup.wire.aws.messages import Output

_ENCRYPTION_RULE: Final = {
    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": ENCRYPTION},
    "BucketKeyEnabled": False,
}

_STATES: Final[Mapping[str, Mapping[str, Any]]] = {
    "GetBucketAbac": {"AbacStatus": {"Status": "Disabled"}},
    "GetBucketAccelerateConfiguration": {},
    "GetBucketEncryption": {"ServerSideEncryptionConfiguration": {"Rules": [_ENCRYPTION_RULE]}},
    "GetBucketLogging": {},
    "GetBucketNotification": {},
    "GetBucketNotificationConfiguration": {},
    "GetBucketRequestPayment": {"Payer": "BucketOwner"},
    "GetBucketVersioning": {},
    "ListBucketAnalyticsConfigurations": {"IsTruncated": False},
    "ListBucketIntelligentTieringConfigurations": {"IsTruncated": False},
    "ListBucketInventoryConfigurations": {"IsTruncated": False},
    "ListBucketMetricsConfigurations": {"IsTruncated": False},
}
_NOT_CONFIGURED: Final[Mapping[str, str]] = {
    "GetBucketAnalyticsConfiguration": "NoSuchConfiguration",
    "GetBucketCors": "NoSuchCORSConfiguration",
    "GetBucketIntelligentTieringConfiguration": "NoSuchConfiguration",
    "GetBucketInventoryConfiguration": "NoSuchConfiguration",
    "GetBucketLifecycle": "NoSuchLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "GetBucketMetricsConfiguration": "NoSuchConfiguration",
    "GetBucketReplication": "ReplicationConfigurationNotFoundError",
    "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
}
_NOTHING_TO_DELETE: Final = (
    "DeleteBucketCors",
    "DeleteBucketEncryption",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)


def _states_default_encryption(parameters: Mapping[str, Any]) -> bool:
    rules = parameters["ServerSideEncryptionConfiguration"].get("Rules") or [{}]
    default = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
    blocked = (rules[0].get("BlockedEncryptionTypes") or {}).get("EncryptionType") or []
    return len(rules) == 1 and default == {"SSEAlgorithm": ENCRYPTION} and blocked in ([], ["NONE"])


_ALREADY_SO: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "PutBucketEncryption": _states_default_encryption,
    "PutBucketLogging": lambda said: not said["BucketLoggingStatus"].get("LoggingEnabled"),
    "PutBucketNotificationConfiguration": lambda said: not any(said["NotificationConfiguration"].values()),
    "PutBucketRequestPayment": lambda said: said["RequestPaymentConfiguration"] == {"Payer": "BucketOwner"},
}
_REFUSED: Final = (
    "PutBucketAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration",
    "PutBucketCors",
    "PutBucketIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration",
    "PutBucketLifecycle",
    "PutBucketLifecycleConfiguration",
    "PutBucketMetricsConfiguration",
    "PutBucketReplication",
    "PutBucketVersioning",
    "PutObjectLegalHold",
    "PutObjectLockConfiguration",
    "PutObjectRetention",
)


async def get_default_state(ports: ApiPorts, call: Call) -> Output:
    """The state that every bucket here has."""
    bucket_or_raise(ports, call)
    return Output(_STATES[call.operation])


async def find_nothing_configured(ports: ApiPorts, call: Call) -> Output:
    """Raises AWS's error for a bucket where this was never configured."""
    bucket_or_raise(ports, call)
    raise s3_error(_NOT_CONFIGURED[call.operation], members={"BucketName": call.parameters["Bucket"]})


async def delete_nothing(ports: ApiPorts, call: Call) -> Output:
    """Nothing was configured, and so it stays."""
    bucket_or_raise(ports, call)
    return Output(status=204)


async def accept_what_holds(ports: ApiPorts, call: Call) -> Output:
    """Takes the state that the bucket has; raises NotImplemented for any other."""
    bucket_or_raise(ports, call)
    if not _ALREADY_SO[call.operation](call.parameters):
        raise _not_implemented(call)
    return Output()


async def refuse(ports: ApiPorts, call: Call) -> Output:
    """Raises NotImplemented."""
    bucket_or_raise(ports, call)
    raise _not_implemented(call)


async def get_bucket_acl(ports: ApiPorts, call: Call) -> Output:
    """The owner, and nobody else (S3-7)."""
    bucket_or_raise(ports, call)
    return _owners_acl(ports)


async def get_object_acl(ports: ApiPorts, call: Call) -> Output:
    """The owner, and nobody else (S3-7)."""
    object_or_raise(ports, call)
    return _owners_acl(ports)


async def put_acl(ports: ApiPorts, call: Call) -> Output:
    """Takes the ACLs that say what holds, canned or in XML; raises AccessControlListNotSupported for any other."""
    (object_or_raise if "Key" in call.parameters else bucket_or_raise)(ports, call)
    stated = call.parameters.get("AccessControlPolicy")
    if stated and not _is_the_owners(ports, stated):
        raise s3_error("AccessControlListNotSupported")
    raise_if_unsupported(call)
    return Output()


def _is_the_owners(ports: ApiPorts, stated: Mapping[str, Any]) -> bool:
    """Whether the ACL gives the owner everything and nobody else anything; s3cmd copies it with each object."""
    granted = [
        (grant.get("Permission"), (grant.get("Grantee") or {}).get("ID"))
        for grant in stated.get("Grants") or ()
    ]
    return granted == [("FULL_CONTROL", owner(ports)["ID"])]


def _owners_acl(ports: ApiPorts) -> Output:
    account = owner(ports)
    grant = {"Grantee": {**account, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    return Output({"Owner": account, "Grants": [grant]})


def _not_implemented(call: Call) -> Exception:
    return s3_error("NotImplemented", f"{call.operation} is not implemented for the state that it asks for.")


DEFAULT_OPERATIONS: Final[Mapping[str, Operation]] = {
    "GetBucketAcl": get_bucket_acl,
    "GetObjectAcl": get_object_acl,
    "PutBucketAcl": put_acl,
    "PutObjectAcl": put_acl,
    **dict.fromkeys(_STATES, get_default_state),
    **dict.fromkeys(_NOT_CONFIGURED, find_nothing_configured),
    **dict.fromkeys(_NOTHING_TO_DELETE, delete_nothing),
    **dict.fromkeys(_ALREADY_SO, accept_what_holds),
    **dict.fromkeys(_REFUSED, refuse),
}

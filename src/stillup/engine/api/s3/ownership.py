"""Who owns the objects of a bucket (S3-7).

The setting is kept and told. It changes nothing here, for no object can have an ACL: there is one account, and
what is public is said by policies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.configuring import configure
from stillup.engine.api.s3.errors import bucket_or_raise, s3_error
from stillup.wire.aws.messages import Output


async def put_bucket_ownership_controls(ports: ApiPorts, call: Call) -> Output:
    """The one rule that there can be."""
    rules = call.parameters["OwnershipControls"].get("Rules") or []
    if len(rules) != 1:
        bucket_or_raise(ports, call)
        raise s3_error("MalformedXML")
    ownership = rules[0]["ObjectOwnership"]
    await configure(ports, call, lambda bucket: replace(bucket, ownership=ownership))
    return Output()


async def get_bucket_ownership_controls(ports: ApiPorts, call: Call) -> Output:
    """The rule."""
    ownership = bucket_or_raise(ports, call).ownership
    if ownership is None:
        raise s3_error("OwnershipControlsNotFoundError", members={"BucketName": call.parameters["Bucket"]})
    return Output({"OwnershipControls": {"Rules": [{"ObjectOwnership": ownership}]}})


async def delete_bucket_ownership_controls(ports: ApiPorts, call: Call) -> Output:
    """No rule any more, or still none."""
    await configure(ports, call, lambda bucket: replace(bucket, ownership=None))
    return Output(status=204)


OWNERSHIP_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DeleteBucketOwnershipControls": delete_bucket_ownership_controls,
    "GetBucketOwnershipControls": get_bucket_ownership_controls,
    "PutBucketOwnershipControls": put_bucket_ownership_controls,
}

"""Block Public Access of the whole account."""

from __future__ import annotations

from typing import Final

from botocore.exceptions import ClientError

from stillup.plan.setup import PublicAccessBlock
from stillup.provision.errors import code_of
from stillup.provision.live.question import NotAsked, Question

_NOTHING_BLOCKED: Final = PublicAccessBlock(
    block_public_acls=False,
    ignore_public_acls=False,
    block_public_policy=False,
    restrict_public_buckets=False,
)


def read_account_block(question: Question) -> PublicAccessBlock:
    """The account's four switches, which win over a bucket's (S3-8). Raises NotAsked and ClientError."""
    if question.is_engine:
        raise NotAsked("this endpoint has no settings for the whole account")
    if question.setup.bucket is None:
        raise NotAsked
    account = question.account
    caller = account.sts.get_caller_identity()["Account"]
    try:
        found = account.s3control().get_public_access_block(AccountId=caller)[
            "PublicAccessBlockConfiguration"
        ]
    except ClientError as error:
        if code_of(error) == "NoSuchPublicAccessBlockConfiguration":
            return _NOTHING_BLOCKED
        raise
    return PublicAccessBlock(
        block_public_acls=found.get("BlockPublicAcls", False),
        ignore_public_acls=found.get("IgnorePublicAcls", False),
        block_public_policy=found.get("BlockPublicPolicy", False),
        restrict_public_buckets=found.get("RestrictPublicBuckets", False),
    )

"""The bucket behind the standby: its website, and how far it is opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.file.targets import Standby
from stillup.plan.ownership import owner
from stillup.plan.setup import OWNER_TAG, Bucket, PublicAccessBlock, StoredObject, Website
from stillup.rules.zones.s3_endpoints import ENDPOINT_NAMES, ENDPOINT_ZONE_IDS

OPENED: Final = PublicAccessBlock(
    block_public_acls=True, ignore_public_acls=True, block_public_policy=False, restrict_public_buckets=False
)
"""Just as far as a public policy needs (S3-10); ACLs stay shut."""

CUSTOM_ERROR: Final = "error.html"
"""Taken for the error page where the folder has one."""


def bucket_of(failover: Failover, where: Where, files: Mapping[str, StoredObject]) -> Bucket | None:
    """The standby's bucket; None where the standby is something else."""
    standby, name = failover.standby, _bucket_name(failover)
    if name is None:
        return None
    region = _region(standby, where)
    if standby.folder is None:
        return Bucket(name, region, is_published=False)
    return Bucket(
        name=name,
        region=region,
        block=OPENED,
        policy=public_read(name, region),
        website=Website(index=standby.index, error=_error_page(standby, files)),
        objects={key: _with_cache(file, standby.cache_control) for key, file in files.items()},
        tags={OWNER_TAG: owner(failover.name)},
    )


def website_host(failover: Failover, where: Where) -> str | None:
    """`BUCKET.s3-website-REGION.amazonaws.com`; None where the standby is no bucket."""
    name = _bucket_name(failover)
    return None if name is None else f"{name}.{bare_endpoint(_region(failover.standby, where))}"


def bare_endpoint(region: str) -> str:
    """The Region's website endpoint, without a bucket; for a Region that is not known, as newer ones are called."""
    known = ENDPOINT_NAMES.get(region)
    return f"s3-website.{region}.amazonaws.com" if known is None else known.to_text().removesuffix(".")


def endpoint_zone_id(region: str) -> str:
    """The hosted zone id of the Region's website endpoint; empty where it is not known."""
    return next(iter(ENDPOINT_ZONE_IDS.get(region, ())), "")


def public_read(bucket: str, region: str) -> str:
    """The bucket policy that lets everybody read objects, and nothing else (S3-10)."""
    partition = (
        "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    )
    statement = {
        "Sid": "PublicReadGetObject",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:{partition}:s3:::{bucket}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _bucket_name(failover: Failover) -> str | None:
    standby = failover.standby
    return standby.bucket or (failover.name if standby.folder is not None else None)


def _region(standby: Standby, where: Where) -> str:
    return standby.region or where.region


def _error_page(standby: Standby, files: Mapping[str, StoredObject]) -> str:
    if standby.error is not None:
        return standby.error
    return CUSTOM_ERROR if CUSTOM_ERROR in files else standby.index


def _with_cache(file: StoredObject, cache_control: str) -> StoredObject:
    return file if file.cache_control is not None else replace(file, cache_control=cache_control)

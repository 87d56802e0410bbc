"""Buckets, objects and uploads as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stillup.rules.ids import BlobId, BucketName, Instant, UploadId


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The four flags of Block Public Access, all on for a new bucket (S3-7, S3-8)."""

    block_public_acls: bool = True
    ignore_public_acls: bool = True
    block_public_policy: bool = True
    restrict_public_buckets: bool = True


@dataclass(frozen=True, slots=True)
class RedirectAll:
    """`RedirectAllRequestsTo` of a website configuration."""

    host_name: str
    protocol: str | None = None


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One routing rule (S3-6): both conditions hold when both are given, none means always."""

    key_prefix_equals: str | None = None
    http_error_code_returned_equals: str | None = None
    host_name: str | None = None
    protocol: str | None = None
    http_redirect_code: str | None = None
    replace_key_prefix_with: str | None = None
    replace_key_with: str | None = None


@dataclass(frozen=True, slots=True)
class Website:
    """A website configuration: an index document, or a redirect of everything."""

    index_suffix: str | None = None
    error_key: str | None = None
    redirect_all: RedirectAll | None = None
    routing_rules: tuple[RoutingRule, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's description; its contents are a blob."""

    key: str
    blob: BlobId
    size: int
    etag: str
    """Without the quotes."""
    modified_at: Instant
    headers: Mapping[str, str] = field(default_factory=dict)
    """System metadata by lower-case header name: content-type, cache-control, content-encoding,
    content-language, content-disposition, expires, x-amz-website-redirect-location."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """User metadata, without `x-amz-meta-`."""
    checksums: Mapping[str, str] = field(default_factory=dict)
    """Base64 by algorithm as the S3 model spells it: CRC32, CRC32C, CRC64NVME, SHA1, SHA256."""
    checksum_type: str | None = None
    part_sizes: tuple[int, ...] = ()
    """Empty unless it was uploaded in parts."""
    part_checksums: tuple[str, ...] = ()
    """Those of the parts, base64, where the checksum is COMPOSITE; else empty."""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UploadPart:
    """One part of a multipart upload."""

    number: int
    blob: BlobId
    size: int
    etag: str
    modified_at: Instant
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MultipartUpload:
    """An upload in parts, not yet complete."""

    id: UploadId
    key: str
    initiated_at: Instant
    headers: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    checksum_algorithm: str | None = None
    checksum_type: str | None = None
    parts: Mapping[int, UploadPart] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket. The policy is kept as the caller's JSON text, validated."""

    name: BucketName
    region: str
    created_at: Instant
    public_access_block: PublicAccessBlock | None = field(default_factory=PublicAccessBlock)
    """None once the configuration was deleted, which lets everything through."""
    ownership: str | None = "BucketOwnerEnforced"
    """ObjectOwnership (S3-7); None once the configuration was deleted."""
    website: Website | None = None
    policy: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, StoredObject] = field(default_factory=dict)
    uploads: Mapping[UploadId, MultipartUpload] = field(default_factory=dict)

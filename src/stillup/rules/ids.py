"""The identifiers that AWS gives things, each a type of its own."""

from __future__ import annotations

from typing import NewType

HostedZoneId = NewType("HostedZoneId", str)
"""`Z…`, without the `/hostedzone/` prefix (HZ-4)."""
HealthCheckId = NewType("HealthCheckId", str)
"""A lower-case UUID (HC-42)."""
ChangeId = NewType("ChangeId", str)
"""`C…`, without the `/change/` prefix (CH-6)."""
BucketName = NewType("BucketName", str)
UploadId = NewType("UploadId", str)
BlobId = NewType("BlobId", str)
"""The name of one stored object's contents in the blob store."""
InstanceId = NewType("InstanceId", str)
Instant = float
"""Seconds since the epoch, in engine time."""
Arn = NewType("Arn", str)
"""`arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`."""
MessageId = NewType("MessageId", str)
"""A lower-case UUID, the same in every delivery of one message."""

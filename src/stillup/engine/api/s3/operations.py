"""All of S3 that this engine does. What is not here is answered with AWS's error for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.s3.buckets import BUCKET_OPERATIONS
from stillup.engine.api.s3.completing import COMPLETING_OPERATIONS
from stillup.engine.api.s3.copying import COPYING_OPERATIONS
from stillup.engine.api.s3.defaults import DEFAULT_OPERATIONS
from stillup.engine.api.s3.listing import LISTING_OPERATIONS
from stillup.engine.api.s3.ownership import OWNERSHIP_OPERATIONS
from stillup.engine.api.s3.public_access import PUBLIC_ACCESS_OPERATIONS
from stillup.engine.api.s3.reading import READING_OPERATIONS
from stillup.engine.api.s3.tagging import TAGGING_OPERATIONS
from stillup.engine.api.s3.uploading import UPLOADING_OPERATIONS
from stillup.engine.api.s3.uploads import UPLOAD_LISTING_OPERATIONS
from stillup.engine.api.s3.website import WEBSITE_OPERATIONS
from stillup.engine.api.s3.writing import WRITING_OPERATIONS

S3_OPERATIONS: Final[Mapping[str, Operation]] = {
    **BUCKET_OPERATIONS,
    **WEBSITE_OPERATIONS,
    **PUBLIC_ACCESS_OPERATIONS,
    **OWNERSHIP_OPERATIONS,
    **DEFAULT_OPERATIONS,
    **TAGGING_OPERATIONS,
    **LISTING_OPERATIONS,
    **READING_OPERATIONS,
    **WRITING_OPERATIONS,
    **COPYING_OPERATIONS,
    **UPLOADING_OPERATIONS,
    **COMPLETING_OPERATIONS,
    **UPLOAD_LISTING_OPERATIONS,
}

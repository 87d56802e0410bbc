import pytest_asyncio

from tests.engine.api.s3.driver import Driver


@pytest_asyncio.fixture
async def s3() -> Driver:
    """An S3 with the bucket `bkt`."""
    driver = Driver()
    await driver("CreateBucket", Bucket="bkt")
    return driver

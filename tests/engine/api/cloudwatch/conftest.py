"""CloudWatch over an empty world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.api.cloudwatch.cloudwatch_api import CloudWatchApi


@pytest.fixture
def api(tmp_path: Path) -> Iterator[CloudWatchApi]:
    api = CloudWatchApi(tmp_path / "metrics.db")
    yield api
    api.metrics.close()

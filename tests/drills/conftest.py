"""What the drills share."""

from __future__ import annotations

import pytest

from stillup.drill.loopback import free_port


@pytest.fixture
def free_pair_port() -> int:
    """A port that is free on 127.0.0.2 and 127.0.0.3."""
    return free_port()

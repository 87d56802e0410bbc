"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
import pytest
from hypothesis import settings

from tests.aws_command.command import aws_command

# Hypothesis fails an example that takes longer than 200 ms: on a busy machine that says nothing about the product.
# Fifty examples, other ones in each run, where a test does not say how many it needs.
settings.register_profile("stillup", deadline=None, max_examples=50)
settings.load_profile("stillup")

# Each session reads the models of the services that it is asked for anew, which takes most of the time in which a
# client is made. They are the same for all.
botocore.session.create_loader = cache(botocore.session.create_loader)


@pytest.fixture(scope="session")
def aws_folder() -> Iterator[Path]:
    """Where a shell finds the ordinary `aws` command: to be put on its PATH."""
    with aws_command() as folder:
        yield folder

"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Hypothesis fails an example that takes longer than 200 ms: on a busy machine that says nothing about the product.
# Fifty examples, other ones in each run, where a test does not say how many it needs.
settings.register_profile("stillup", deadline=None, max_examples=50)
settings.load_profile("stillup")

"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# Hypothesis fails an example that takes longer than 200 ms: on a busy machine that says nothing about the product.
settings.register_profile("stillup", deadline=None)
settings.load_profile("stillup")

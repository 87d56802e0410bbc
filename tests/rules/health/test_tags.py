"""Tags of health checks and hosted zones."""

from __future__ import annotations

import pytest

from stillup.rules.health.tags import retag
from stillup.rules.refusal import Refusal


def test_a_key_that_is_removed_and_added_is_there() -> None:
    assert retag({"a": "1"}, add=[("a", "2")], remove=["a"]) == {"a": "2"}


@pytest.mark.parametrize(
    ("add", "remove"),
    [
        ([], []),
        ([(f"{number}", "") for number in range(11)], []),
        ([], [f"{number}" for number in range(11)]),
        ([("a", "1"), ("a", "2")], []),
        ([("", "1")], []),
        ([("k" * 129, "1")], []),
        ([("a", "v" * 257)], []),
        ([("aws:owner", "me")], []),
    ],
)
def test_requests_beyond_the_limits_are_refused(add: list[tuple[str, str]], remove: list[str]) -> None:
    """HC-50."""
    refusal = retag({}, add=add, remove=remove)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "InvalidInput"


def test_a_resource_has_at_most_fifty_tags() -> None:
    full = {f"{number}": "" for number in range(50)}
    assert isinstance(retag(full, add=[("one more", "")], remove=[]), Refusal)
    assert isinstance(retag(full, add=[("one more", "")], remove=["0"]), dict)


def test_keys_and_values_of_the_greatest_length_are_kept() -> None:
    assert retag({}, add=[("k" * 128, "v" * 256)], remove=[]) == {"k" * 128: "v" * 256}

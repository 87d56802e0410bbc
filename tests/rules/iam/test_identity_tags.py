"""Tags of users, told apart in any case, and of policies, told apart by case."""

from __future__ import annotations

import pytest

from stillup.rules.iam.tags import TagKeys, retag
from tests.rules.iam.people import said

HERE = {"team": "a", "env": "prod"}


@pytest.mark.parametrize(
    ("add", "remove", "users", "policies"),
    [
        ([("team", "b")], [], {"team": "b", "env": "prod"}, {"team": "b", "env": "prod"}),
        ([("Team", "b")], [], {"Team": "b", "env": "prod"}, {"team": "a", "Team": "b", "env": "prod"}),
        ([], ["TEAM"], {"env": "prod"}, HERE),
        ([], ["other"], HERE, HERE),
        ([("x", "1"), ("x", "2")], [], "InvalidInput", "InvalidInput"),
        ([("x", "1"), ("X", "2")], [], "InvalidInput", {**HERE, "x": "1", "X": "2"}),
        ([("aws:x", "1")], [], "InvalidInput", "InvalidInput"),
        ([(f"k{number}", "") for number in range(49)], [], "LimitExceeded", "LimitExceeded"),
    ],
)
def test_tags_are_changed(
    add: list[tuple[str, str]],
    remove: list[str],
    users: dict[str, str] | str,
    policies: dict[str, str] | str,
) -> None:
    for keys, expected in ((TagKeys.ANY_CASE, users), (TagKeys.EXACT, policies)):
        changed = retag(HERE, keys, add=add, remove=remove)
        assert changed == expected if isinstance(expected, dict) else (said(changed) or ("",))[0] == expected


def test_fifty_tags_fit_and_stay_changeable() -> None:
    fifty = retag({}, TagKeys.ANY_CASE, add=[(f"k{number}", "") for number in range(50)])
    assert isinstance(fifty, dict)
    changed = retag(fifty, TagKeys.ANY_CASE, add=[("K7", "new")])
    assert isinstance(changed, dict)
    assert (len(changed), changed["K7"]) == (50, "new")

"""What is written into a user's policies, and what is attached to him."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.changes import UserPut
from stillup.rules.iam import user_policies
from stillup.rules.iam.names import policy_arn
from stillup.rules.ids import Arn
from tests.rules.iam.people import ACCOUNT, a_policy, a_user, a_world, said, sized

ALICE = a_user("alice", policies={"other": sized(1000)})
P = a_policy("p")


@pytest.mark.parametrize(
    ("user", "name", "document", "refusal"),
    [
        ("bob", "p", "{", ("NoSuchEntity", "The user with name bob cannot be found.")),
        ("alice", "p", "{", ("MalformedPolicyDocument", "Syntax errors in policy.")),
        (
            "alice",
            "p",
            sized(1049),
            ("LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user alice"),
        ),
        ("alice", "p", sized(1048), None),
        ("alice", "other", sized(2048), None),
    ],
)
def test_inline_policies_fit_into_2048_characters_together(
    user: str, name: str, document: str, refusal: tuple[str, str] | None
) -> None:
    put = user_policies.put_user_policy(a_world(ALICE), user, name, document)
    assert said(put) == refusal
    if refusal is None:
        assert put == UserPut(replace(ALICE, policies={**ALICE.policies, name: document}))


def test_an_inline_policy_is_found_and_deleted_by_name() -> None:
    world = a_world(ALICE)
    missing = ("NoSuchEntity", "The user policy with name none cannot be found.")
    assert user_policies.find_inline(world, "alice", "other") == sized(1000)
    assert said(user_policies.find_inline(world, "alice", "none")) == missing
    assert user_policies.delete_user_policy(world, "alice", "other") == UserPut(replace(ALICE, policies={}))
    assert said(user_policies.delete_user_policy(world, "alice", "none")) == missing


def others(count: int) -> tuple[Arn, ...]:
    return tuple(policy_arn(ACCOUNT, "/", f"other{number}") for number in range(count))


@pytest.mark.parametrize(
    ("user", "arn", "attached", "expected"),
    [
        (
            "bob",
            policy_arn(ACCOUNT, "/", "none"),
            (),
            "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable.",
        ),
        ("bob", P.arn, (), "The user with name bob cannot be found."),
        ("alice", P.arn, (P.arn, *others(9)), None),
        ("alice", P.arn, others(10), "Cannot exceed quota for PoliciesPerUser: 10"),
        ("alice", P.arn, others(9), (*others(9), P.arn)),
    ],
)
def test_a_policy_is_attached_to_a_user(
    user: str, arn: Arn, attached: tuple[Arn, ...], expected: str | tuple[Arn, ...] | None
) -> None:
    alice = replace(ALICE, attached=attached)
    outcome = user_policies.attach_user_policy(a_world(alice, P), user, arn)
    if isinstance(expected, tuple):
        assert outcome == UserPut(replace(alice, attached=expected))
    elif expected is None:
        assert outcome is None
    else:
        assert (said(outcome) or ("", ""))[1] == expected


def test_a_policy_is_detached_once() -> None:
    alice = replace(ALICE, attached=(P.arn, *others(1)))
    assert user_policies.detach_user_policy(a_world(alice, P), "alice", P.arn) == UserPut(
        replace(alice, attached=others(1))
    )
    assert said(user_policies.detach_user_policy(a_world(ALICE, P), "alice", P.arn)) == (
        "NoSuchEntity",
        f"Policy {P.arn} was not found.",
    )

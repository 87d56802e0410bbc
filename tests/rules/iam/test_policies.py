"""Managed policies and their versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.rules.changes import PolicyDeleted, PolicyPut
from stillup.rules.iam import policies
from stillup.rules.iam.identity import ManagedPolicy, PolicyVersion
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from tests.rules.iam.people import ACCOUNT, ALLOW_ALL, NOW, a_policy, a_user, a_world, after, said, sized

P = a_policy("p")
LATER = NOW + 60


def create(world: World, name: str, document: str = ALLOW_ALL) -> PolicyPut | Refusal:
    return policies.create_policy(
        world,
        account_id=ACCOUNT,
        policy_id="ANPAX",
        name=name,
        path="/ops/",
        document=document,
        description="what for",
        tags=[("a", "1")],
        now=NOW,
    )


def test_a_new_policy_has_one_version_in_force() -> None:
    made = create(World(), "new")
    assert isinstance(made, PolicyPut)
    assert made.policy == replace(
        a_policy("new", "/ops/"), id="ANPAX", description="what for", tags={"a": "1"}
    )
    assert made.policy.document == ALLOW_ALL


@pytest.mark.parametrize(
    ("world", "name", "document", "refusal"),
    [
        (a_world(P), "new", "{", ("MalformedPolicyDocument", "Syntax errors in policy.")),
        (
            a_world(P),
            "new",
            sized(6145),
            ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"),
        ),
        (a_world(P), "new", sized(6144), None),
        (
            a_world(P),
            "P",
            ALLOW_ALL,
            ("EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed."),
        ),
        (
            World(policies={Arn(str(number)): P for number in range(1500)}),
            "new",
            ALLOW_ALL,
            ("LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 1500"),
        ),
    ],
)
def test_a_policy_is_made_if_it_is_one_and_its_name_is_free(
    world: World, name: str, document: str, refusal: tuple[str, str] | None
) -> None:
    assert said(create(world, name, document)) == refusal


@pytest.mark.parametrize(
    ("policy", "is_attached", "text"),
    [
        (P, True, "Cannot delete a policy attached to entities."),
        (a_policy("p", versions=("v1", "v2")), True, "Cannot delete a policy attached to entities."),
        (
            a_policy("p", versions=("v1", "v2")),
            False,
            (
                "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                "versions. The default version is deleted with the policy."
            ),
        ),
        (P, False, None),
    ],
)
def test_a_policy_in_use_or_with_versions_is_not_deleted(
    policy: ManagedPolicy, is_attached: bool, text: str | None
) -> None:
    user = a_user("alice", attached=(policy.arn,) if is_attached else ())
    deleted = policies.delete_policy(a_world(policy, user), policy.arn)
    if text is None:
        assert deleted == PolicyDeleted(policy.arn)
    else:
        assert said(deleted) == ("DeleteConflict", text)


@pytest.mark.parametrize("becomes_default", [True, False])
def test_a_version_is_added(becomes_default: bool) -> None:
    added = policies.create_version(a_world(P), P.arn, sized(200), becomes_default=becomes_default, now=LATER)
    assert added == PolicyPut(
        replace(
            P,
            versions=(*P.versions, PolicyVersion("v2", sized(200), LATER)),
            default_version="v2" if becomes_default else "v1",
            latest_version=2,
            updated_at=LATER,
        )
    )


def test_the_number_of_a_deleted_version_is_not_given_again() -> None:
    world = a_world(a_policy("p", versions=("v1", "v2")))
    world = after(world, policies.delete_version(world, P.arn, "v2"))
    world = after(world, policies.create_version(world, P.arn, ALLOW_ALL, becomes_default=False, now=LATER))
    assert [version.id for version in world.policies[P.arn].versions] == ["v1", "v3"]


def test_a_sixth_version_is_refused() -> None:
    full = a_policy("p", versions=("v1", "v2", "v3", "v4", "v7"))
    sixth = policies.create_version(a_world(full), P.arn, ALLOW_ALL, becomes_default=True, now=LATER)
    assert said(sixth) == (
        "LimitExceeded",
        (
            "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
            "existing version."
        ),
    )


def test_the_version_in_force_is_chosen_and_not_deleted() -> None:
    world = a_world(a_policy("p", versions=("v1", "v2")))
    world = after(world, policies.set_default_version(world, P.arn, "v2"))
    assert world.policies[P.arn].default_version == "v2"
    assert said(policies.delete_version(world, P.arn, "v2")) == (
        "DeleteConflict",
        "Cannot delete the default version of a policy.",
    )
    assert said(policies.set_default_version(world, P.arn, "v9")) == (
        "NoSuchEntity",
        f"Policy {P.arn} version v9 does not exist or is not attachable.",
    )


@pytest.mark.parametrize(
    "arn",
    [
        "p",
        "arn:aws:iam::123456789012:user/p",
        "arn:aws:s3:::policy/p",
        "arn:aws:iam:us-east-1:123456789012:policy/p",
        "arn:aws:iam::123456789012:policy/p ",
    ],
)
def test_what_is_no_arn_of_a_policy_is_refused(arn: str) -> None:
    assert said(policies.find_policy(a_world(P), Arn(arn))) == ("InvalidInput", f"ARN {arn} is not valid.")
    assert said(policies.get_policy(a_world(P), Arn(arn))) == ("InvalidInput", f"ARN {arn} is not valid.")


def test_tags_of_a_policy_are_told_apart_by_case() -> None:
    tagged = policies.tag_policy(a_world(a_policy("p", tags={"a": "1"})), P.arn, add=[("A", "2")])
    assert tagged == PolicyPut(a_policy("p", tags={"a": "1", "A": "2"}))

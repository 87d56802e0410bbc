"""The policies that a user has, inline ones first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stillup.rules.iam.document import parse_document
from stillup.rules.iam.identity import User
from stillup.rules.iam.policy import Policy
from stillup.rules.refusal import Refusal
from stillup.rules.world import World


class PolicySource(StrEnum):
    """As SimulatePrincipalPolicy spells it."""

    USER = "user"
    """Inline."""
    AWS_MANAGED = "aws-managed"
    USER_MANAGED = "user-managed"


@dataclass(frozen=True, slots=True)
class Granted:
    """A policy that a user has."""

    name: str
    """An inline policy's name, a managed one's ARN."""
    source: PolicySource
    document: str
    policy: Policy


def policies_of(world: World, user: User) -> tuple[Granted, ...]:
    """All policies of the user as he is in this world; none of a user who is gone."""
    found = world.users.get(user.name)
    if found is None or found.id != user.id:
        return ()
    stated = [(name, PolicySource.USER, document) for name, document in found.policies.items()]
    for arn in found.attached:
        managed = world.policies.get(arn)
        if managed is not None:
            of_aws = arn.startswith("arn:aws:iam::aws:")
            source = PolicySource.AWS_MANAGED if of_aws else PolicySource.USER_MANAGED
            stated.append((arn, source, managed.document))
    return tuple(
        Granted(name, source, document, policy)
        for name, source, document in stated
        if not isinstance(policy := parse_document(document), Refusal)
    )

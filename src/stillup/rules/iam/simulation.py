"""What would be allowed: the evaluator's decisions about calls that nobody makes, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stillup.rules.buckets.policy import parse_policy
from stillup.rules.iam.context import principal_keys
from stillup.rules.iam.document import parse_document
from stillup.rules.iam.evaluate import Kind, Matched, Request, Source, evaluate, missing_keys
from stillup.rules.iam.granted import Granted, PolicySource
from stillup.rules.iam.granted import policies_of as granted_to
from stillup.rules.iam.identity import Principal, PrincipalKind, User
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.policy import Policy
from stillup.rules.iam.users import find_user
from stillup.rules.ids import BucketName
from stillup.rules.refusal import Refusal
from stillup.rules.topics.policy import parse_topic_policy
from stillup.rules.world import World

_USER_ARN: Final = re.compile(r"arn:aws:iam::[0-9]{12}:user/(?:.*/)?(?P<name>[^/]+)")
_TOPICS: Final = "arn:aws:sns:"
_BUCKET_ARN: Final = re.compile(r"arn:aws:s3:::(?P<bucket>[^/]+).*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A policy and what simulations call it: a managed one's name, `user_NAME_POLICY`, `PolicyInputList.1`."""

    id: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulated call of this action on this resource comes to."""

    action: str
    resource: str
    kind: Kind
    matched: tuple[tuple[str, Source], ...]
    """The policies whose statements decided, one entry for each statement."""
    missing: tuple[str, ...]
    """The condition keys that the policies ask for and nobody gave."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything that the calls of one simulation have in common."""

    account_id: str
    sources: tuple[Sourced, ...]
    caller: User | None
    """None: somebody of whom nothing is known but the policies."""
    context: Context
    """What was given; who calls is added."""
    resource_policy: str | None = None

    def outcome(self, action: str, resource: str) -> Outcome | Refusal:
        """What comes of it. InvalidInput for a resource policy that does not fit the resource."""
        guarding = _resource_policy(self.resource_policy, resource)
        if isinstance(guarding, Refusal):
            return guarding
        caller = Principal(PrincipalKind.USER, self.account_id, self.caller)
        keys = {} if self.caller is None else principal_keys(caller)
        request = Request(caller, action, resource, {**keys, **self.context})
        policies = [sourced.policy for sourced in self.sources]
        decision = evaluate(request, policies, guarding)
        return Outcome(
            action=action,
            resource=resource,
            kind=decision.kind,
            matched=tuple(self._named(each) for each in decision.matched),
            missing=missing_keys(request, policies if guarding is None else [*policies, guarding]),
        )

    def _named(self, matched: Matched) -> tuple[str, Source]:
        if matched.source is Source.RESOURCE:
            return "ResourcePolicy", matched.source
        return self.sources[matched.policy].id, matched.source


def find_user_by_arn(world: World, arn: str) -> User | Refusal:
    """The user with this ARN; InvalidInput for what is no user's, NoSuchEntity for a user that is not there."""
    named = _USER_ARN.fullmatch(arn)
    if named is None:
        return Refusal.because(
            "InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
        )
    user = find_user(world, named["name"])
    if isinstance(user, User) and user.arn != arn:
        return Refusal.because("NoSuchEntity", f"The user with name {named['name']} cannot be found.")
    return user


def policies_of(world: World, user: User) -> tuple[Sourced, ...]:
    """All that the user has, inline ones first."""
    return tuple(Sourced(_source_id(user, granted), granted.policy) for granted in granted_to(world, user))


def given_policies(documents: Sequence[str]) -> tuple[Sourced, ...] | Refusal:
    """PolicyInputList; InvalidInput for a document that is no policy."""
    sourced: list[Sourced] = []
    for number, document in enumerate(documents, 1):
        policy = parse_document(document)
        if isinstance(policy, Refusal):
            return Refusal("InvalidInput", policy.reasons)
        sourced.append(Sourced(f"PolicyInputList.{number}", policy))
    return tuple(sourced)


def _source_id(user: User, granted: Granted) -> str:
    if granted.source is PolicySource.USER:
        return f"user_{user.name}_{granted.name}"
    return granted.name.rpartition("/")[2]


def _resource_policy(document: str | None, resource: str) -> Policy | Refusal | None:
    """The document as a policy of this bucket, this object's bucket, or this topic."""
    if document is None:
        return None
    in_bucket = _BUCKET_ARN.fullmatch(resource)
    if in_bucket is not None:
        policy = parse_policy(document, BucketName(in_bucket["bucket"]))
    elif resource.startswith(_TOPICS):
        policy = parse_topic_policy(document)
    else:
        return Refusal.because("InvalidInput", f"There are no policies of {resource} to be simulated.")
    return Refusal("InvalidInput", policy.reasons) if isinstance(policy, Refusal) else policy

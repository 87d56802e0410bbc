"""May this caller do this? The one place where policies are weighed.

All is within one account. The first row that fits decides; "identity" are the caller's own policies, "resource" the
policy of the bucket or topic:

| caller    | what the policies say                                        | decision                  |
|-----------|--------------------------------------------------------------|---------------------------|
| root      | reads, sets or deletes a bucket's policy                     | allowed (ROOT_ALWAYS_MAY) |
| anyone    | a Deny of the resource policy applies                        | explicitDeny              |
| user      | a Deny of an identity policy applies                         | explicitDeny              |
| root      | anything else                                                | allowed                   |
| user      | an Allow of an identity policy applies                       | allowed                   |
| user      | an Allow of the resource policy applies that means him       | allowed                   |
| user      | … that means the account only: it is for identity policies   | implicitDeny              |
| anonymous | an Allow of the resource policy applies to everyone          | allowed                   |
| service   | an Allow of the resource policy applies to it or to everyone | allowed                   |
| anyone    | nothing applies                                              | implicitDeny              |

What a principal element means, of the account 123456789012 and its user alice:

| element                              | root | alice       | anonymous | sns.amazonaws.com |
|--------------------------------------|------|-------------|-----------|-------------------|
| `*`, `{"AWS": "*"}`                  | yes  | yes         | yes       | yes               |
| the account's id or `…:root`         | yes  | as account  | no        | no                |
| alice's ARN or unique id             | no   | yes         | no        | no                |
| `{"Service": "sns.amazonaws.com"}`   | no   | no          | no        | yes               |

A Deny reaches those who are meant "as account" too; NotPrincipal excepts only those who are meant with "yes".

Source: IAM User Guide, reference_policies_evaluation-logic and reference_policies_elements_principal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from stillup.rules.iam.conditions import holds
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.iam.patterns import Context, variables_in
from stillup.rules.iam.policy import Effect, Policy, Statement

ROOT_ALWAYS_MAY: Final = frozenset(("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"))
"""So that nobody locks himself out of a bucket (S3 user guide, example-bucket-policies)."""


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An AWS service that acts by itself, as CloudWatch does when it publishes to a topic."""

    name: str
    """`cloudwatch.amazonaws.com`."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that somebody wants to do to one resource."""

    caller: Principal | ServicePrincipal
    action: str
    """`s3:GetObject`."""
    resource: str
    """Its ARN, or `*` for an action that has none (7.1)."""
    context: Context = field(default_factory=dict)
    folded_action: str = field(init=False, repr=False)
    """The action in lower case, for case makes no difference to actions."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded_action", self.action.lower())


class Kind(StrEnum):
    """As SimulatePrincipalPolicy spells it."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


class Source(StrEnum):
    """Where a statement stands, in the words of AWS's error texts."""

    IDENTITY = "an identity-based policy"
    RESOURCE = "a resource-based policy"


@dataclass(frozen=True, slots=True)
class Matched:
    """A statement that decided."""

    source: Source
    policy: int
    """Which of the identity policies, from 0; 0 for the resource policy."""
    statement: Statement


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it may be done, and by which statements: those that deny, else those that allow."""

    kind: Kind
    matched: tuple[Matched, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether it may."""
        return self.kind is Kind.ALLOWED


class _Meant(Enum):
    NO = 0
    AS_ACCOUNT = 1
    YES = 2


_Weighed: TypeAlias = Iterator[Matched]


def evaluate(request: Request, identity: Sequence[Policy], resource: Policy | None = None) -> Decision:
    """The decision by the table above. Identity policies count for users only."""
    caller = request.caller
    is_root = isinstance(caller, Principal) and caller.kind is PrincipalKind.ROOT
    is_user = isinstance(caller, Principal) and caller.kind is PrincipalKind.USER
    if is_root and request.action in ROOT_ALWAYS_MAY:
        return Decision(Kind.ALLOWED)
    applying = [*_of_resource(request, resource), *(_of_identity(request, identity) if is_user else ())]
    denying = tuple(each for each in applying if each.statement.effect is Effect.DENY)
    if denying:
        return Decision(Kind.EXPLICIT_DENY, denying)
    if applying or is_root:
        return Decision(Kind.ALLOWED, tuple(applying))
    return Decision(Kind.IMPLICIT_DENY)


def missing_keys(request: Request, policies: Iterable[Policy]) -> tuple[str, ...]:
    """The condition keys that statements about this action and resource ask for and the request lacks.

    In the spelling of the first condition that asks, sorted; for SimulatePrincipalPolicy's MissingContextValues.
    """
    missing: dict[str, str] = {}
    for policy in policies:
        for statement in policy.statements:
            if not _is_about(statement, request):
                continue
            for condition in statement.conditions:
                if not request.context.get(condition.key.lower()):
                    missing.setdefault(condition.key.lower(), condition.key)
                for key in (key for value in condition.values for key in variables_in(value)):
                    if statement.has_variables and not request.context.get(key):
                        missing.setdefault(key, key)
    return tuple(sorted(missing.values()))


def _of_identity(request: Request, policies: Sequence[Policy]) -> _Weighed:
    for index, policy in enumerate(policies):
        for statement in policy.statements:
            if _applies(statement, request):
                yield Matched(Source.IDENTITY, index, statement)


def _of_resource(request: Request, policy: Policy | None) -> _Weighed:
    for statement in () if policy is None else policy.statements:
        if _reaches(statement, request.caller) and _applies(statement, request):
            yield Matched(Source.RESOURCE, 0, statement)


def _is_about(statement: Statement, request: Request) -> bool:
    context = request.context
    return statement.actions.cover(request.folded_action, context) and statement.resources.cover(
        request.resource, context
    )


def _applies(statement: Statement, request: Request) -> bool:
    if not _is_about(statement, request):
        return False
    variables = statement.has_variables
    return not statement.conditions or all(
        holds(condition, request.context, variables=variables) for condition in statement.conditions
    )


def _reaches(statement: Statement, caller: Principal | ServicePrincipal) -> bool:
    principals = statement.principals
    if principals is None:
        return False
    meant = max((_meant(value, caller) for value in principals.values), key=lambda each: each.value)
    if principals.negated:
        return meant is not _Meant.YES
    return meant is _Meant.YES or (meant is _Meant.AS_ACCOUNT and statement.effect is Effect.DENY)


def _meant(value: str, caller: Principal | ServicePrincipal) -> _Meant:
    if value == "*":
        return _Meant.YES
    kind, _, name = value.partition(":")
    if isinstance(caller, ServicePrincipal):
        return _Meant.YES if (kind, name) == ("Service", caller.name) else _Meant.NO
    if kind != "AWS" or caller.kind is PrincipalKind.ANONYMOUS:
        return _Meant.NO
    if name in (caller.account_id, f"arn:aws:iam::{caller.account_id}:root"):
        return _Meant.YES if caller.kind is PrincipalKind.ROOT else _Meant.AS_ACCOUNT
    return _Meant.YES if name in (caller.arn, caller.id) and caller.user is not None else _Meant.NO

"""The least IAM policy for some verbs of a plan, made of the calls that the verbs make (7.1, IA-1 … IA-7).

```text
verbs, scopes ─ calls ─▶ operations with their members ─ rules/iam/table ─▶ actions on resources ─▶ statements
```

The engine weighs every call by the same table, so a policy that is too small there is too small here as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stillup.plan.calls import Call, Scope, calls
from stillup.plan.verb import Verb
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.iam.table.row import EVERYTHING, Facts, Row, checks, single
from stillup.rules.iam.table.table import ROWS
from stillup.rules.world import World

MANAGED_POLICY_LIMIT: Final = 6_144
"""Characters of a managed policy, white space not counted (IAM and STS quotas)."""
ANY_ACCOUNT: Final = "*"
_FINDING: Final = "WhatHasNoArn"
"""The subject of actions that can be allowed on everything only (7.1)."""
_ONLY_AWS: Final = {"s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock"}
"""The action of an operation that no engine has, where it is called otherwise."""
_RECORD_KEYS: Final = {
    f"route53:changeresourcerecordsets{key.lower()}": f"route53:ChangeResourceRecordSets{key}"
    for key in ("NormalizedRecordNames", "RecordTypes", "Actions")
}
"""The condition keys of IA-2, as AWS spells them."""


def least_policy(
    verbs: Iterable[Verb], scopes: Iterable[Scope], *, account_id: str = ANY_ACCOUNT, partition: str = "aws"
) -> dict[str, Any]:
    """The policy document that allows these verbs on these failovers, and nothing else.

    Ids that the scopes do not know are `*`. A document of many failovers may be longer than IAM takes
    (`size_of`, MANAGED_POLICY_LIMIT).
    """
    wanted: dict[tuple[str, str, str], _Grant] = {}
    chosen = tuple(dict.fromkeys(verbs))
    for scope in scopes:
        for call in calls(chosen, scope, account_id):
            for grant in _grants(call, account_id):
                key = (grant.subject, grant.action, grant.resource if grant.conditions else "")
                wanted[key] = wanted[key].joined(grant) if key in wanted else grant
    return {"Version": "2012-10-17", "Statement": list(_statements(wanted.values(), partition))}


def size_of(document: Mapping[str, Any]) -> int:
    """Characters, as IAM counts those of a managed policy."""
    return len(json.dumps(document, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class _Grant:
    """An action, on resources, under conditions."""

    subject: str
    changes: bool
    action: str
    resources: frozenset[str]
    conditions: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        """The only resource of a grant that has not been joined."""
        return min(self.resources)

    def joined(self, other: _Grant) -> _Grant:
        """Both in one."""
        conditions = {key: values | other.conditions[key] for key, values in self.conditions.items()}
        return _Grant(self.subject, self.changes, self.action, self.resources | other.resources, conditions)


def _grants(call: Call, account_id: str) -> Iterator[_Grant]:
    facts = Facts(
        parameters=call.parameters,
        world=World(),
        caller=Principal(PrincipalKind.ROOT, account_id),
        account_id=account_id,
        region=call.region,
    )
    for check in checks(_row(call), facts):
        conditions = {
            name: frozenset(check.keys[key]) for key, name in _RECORD_KEYS.items() if check.keys.get(key)
        }
        subject = _FINDING if check.resource == EVERYTHING else call.subject
        yield _Grant(subject, call.changes, check.action, frozenset((check.resource,)), conditions)


def _row(call: Call) -> Row:
    """The engine's row, or that of an operation which only AWS has."""
    known = ROWS.get(call.service, {}).get(call.operation)
    return known or single(
        _ONLY_AWS.get(f"{call.service}:{call.operation}", f"{call.service}:{call.operation}")
    )


def _statements(grants: Iterable[_Grant], partition: str) -> Iterator[dict[str, Any]]:
    """A statement for all actions on the same resources of one subject; its Sid says what it lets one do."""
    grouped: dict[tuple[str, tuple[str, ...], str], list[_Grant]] = {}
    for grant in grants:
        resources = _without_covered(grant.resources)
        conditions = json.dumps({key: sorted(values) for key, values in sorted(grant.conditions.items())})
        grouped.setdefault((grant.subject, resources, conditions), []).append(grant)
    taken: set[str] = set()
    for (subject, resources, _), members in grouped.items():
        sid = _free_sid(("Change" if any(each.changes for each in members) else "Read") + subject, taken)
        taken.add(sid)
        actions = sorted({each.action for each in members})
        statement: dict[str, Any] = {
            "Sid": sid,
            "Effect": "Allow",
            "Action": _single_or_list(actions),
            "Resource": _single_or_list([_in_partition(each, partition) for each in resources]),
        }
        if members[0].conditions:
            statement["Condition"] = {
                "ForAllValues:StringEquals": {
                    key: sorted(values) for key, values in members[0].conditions.items()
                }
            }
        yield statement


def _without_covered(resources: Iterable[str]) -> tuple[str, ...]:
    """Without those that another one's last `*` covers."""
    wide = [each for each in resources if each.endswith("*")]
    return tuple(
        sorted(
            each
            for each in resources
            if not any(each != other and each.startswith(other[:-1]) for other in wide)
        )
    )


def _free_sid(purpose: str, taken: set[str]) -> str:
    number = 1
    while (sid := purpose if number == 1 else f"{purpose}{number}") in taken:
        number += 1
    return sid


def _single_or_list(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _in_partition(resource: str, partition: str) -> str:
    if resource == EVERYTHING:
        return resource
    return resource.replace("arn:aws:", f"arn:{partition}:", 1)

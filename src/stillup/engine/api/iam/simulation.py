"""IAM's simulations: what somebody could do, without doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.iam.paging import DEFAULT_PAGE
from stillup.engine.api.iam.subjects import found_or_raise
from stillup.rules.iam import simulation as rules
from stillup.rules.iam.evaluate import Source
from stillup.rules.iam.simulation import Outcome, Simulation
from stillup.wire.aws.messages import AwsError, Output

_UNSUPPORTED: Final = (
    "PermissionsBoundaryPolicyInputList",
    "OrderedOrganizationPolicyInputList",
    "PolicyExclusionList",
    "ResourceHandlingOption",
    "ResourceOwner",
)
_EVERYTHING: Final = "*"
_SOURCE_TYPES: Final = {Source.IDENTITY: "IAM Policy", Source.RESOURCE: "Resource Policy"}
"""As AWS really says it; its model has other words."""


async def simulate_principal_policy(ports: ApiPorts, call: Call) -> Output:
    """SimulatePrincipalPolicy: with all that the user has, and with the policies given beside."""
    world, asked = ports.worlds.current, call.parameters
    user = found_or_raise(rules.find_user_by_arn(world, asked["PolicySourceArn"]))
    caller = found_or_raise(rules.find_user_by_arn(world, asked.get("CallerArn", user.arn)))
    given = found_or_raise(rules.given_policies(asked.get("PolicyInputList") or []))
    simulation = Simulation(
        account_id=ports.settings.account_id,
        sources=(*given, *rules.policies_of(world, user)),
        caller=caller,
        context=_context(asked),
        resource_policy=asked.get("ResourcePolicy"),
    )
    return _results(call, simulation)


async def simulate_custom_policy(ports: ApiPorts, call: Call) -> Output:
    """SimulateCustomPolicy: with nothing but the policies given."""
    asked = call.parameters
    caller_arn = asked.get("CallerArn")
    if caller_arn is None and "ResourcePolicy" in asked:
        raise AwsError("InvalidInput", "Invalid caller - Caller cannot be null or empty.")
    caller = (
        None
        if caller_arn is None
        else found_or_raise(rules.find_user_by_arn(ports.worlds.current, caller_arn))
    )
    simulation = Simulation(
        account_id=ports.settings.account_id,
        sources=found_or_raise(rules.given_policies(asked["PolicyInputList"])),
        caller=caller,
        context=_context(asked),
        resource_policy=asked.get("ResourcePolicy"),
    )
    return _results(call, simulation)


SIMULATION_OPERATIONS: Final[Mapping[str, Operation]] = {
    "SimulatePrincipalPolicy": simulate_principal_policy,
    "SimulateCustomPolicy": simulate_custom_policy,
}


def _context(asked: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        entry["ContextKeyName"].lower(): tuple(entry.get("ContextKeyValues") or ())
        for entry in asked.get("ContextEntries") or []
        if "ContextKeyName" in entry
    }


def _results(call: Call, simulation: Simulation) -> Output:
    """One page: a result for each action on each resource.

    Only this page is worked out, for the lists may multiply to any number.
    """
    asked = call.parameters
    for member in _UNSUPPORTED:
        if member in asked:
            raise AwsError("InvalidInput", f"{member} is not supported by this engine.")
    actions, resources = asked["ActionNames"], asked.get("ResourceArns") or [_EVERYTHING]
    total = len(actions) * len(resources)
    start, size = _start(asked.get("Marker", "0")), asked.get("MaxItems", DEFAULT_PAGE)
    numbers = range(start, min(start + size, total))
    results = [
        _render(
            found_or_raise(
                simulation.outcome(actions[number // len(resources)], resources[number % len(resources)])
            )
        )
        for number in numbers
    ]
    is_truncated = start + size < total
    following = {"Marker": str(start + size)} if is_truncated else {}
    return Output({"EvaluationResults": results, "IsTruncated": is_truncated} | following)


def _start(marker: str) -> int:
    if not (marker.isascii() and marker.isdigit()):
        raise AwsError("ValidationError", "Invalid Marker.")
    return int(marker)


def _render(outcome: Outcome) -> dict[str, Any]:
    """The result; for a resource that was named, the resource's own in it, as AWS has both."""
    matched = [
        {"SourcePolicyId": source_id, "SourcePolicyType": _SOURCE_TYPES[source]}
        for source_id, source in outcome.matched
    ]
    missing = list(outcome.missing)
    result: dict[str, Any] = {
        "EvalActionName": outcome.action,
        "EvalResourceName": outcome.resource,
        "EvalDecision": outcome.kind.value,
        "MatchedStatements": matched,
    }
    if outcome.resource == _EVERYTHING:
        return result | {"MissingContextValues": missing}
    of_resource = {
        "EvalResourceName": outcome.resource,
        "EvalResourceDecision": outcome.kind.value,
        "MatchedStatements": matched,
        "MissingContextValues": missing,
    }
    return result | {
        "MissingContextValues": [],
        "EvalDecisionDetails": {},
        "ResourceSpecificResults": [of_resource],
    }

"""Whether the caller may: every operation's row in the table, weighed by the one evaluator, refused in AWS's words.

    operation -> row -> checks (action, resource, keys) -> evaluate -> allowed, or AwsError

The order is AWS's: permission before existence, but S3 tells anybody that a bucket does not exist, and tells who may
not list a bucket of no missing object: it says AccessDenied (S3 API reference, GetObject).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.engine.api.call import ApiPorts, Call
from stillup.engine.api.s3.errors import s3_error
from stillup.rules.buckets.access import policy_in_force
from stillup.rules.iam.context import principal_keys, request_keys
from stillup.rules.iam.evaluate import Decision, Kind, Request, evaluate
from stillup.rules.iam.granted import policies_of
from stillup.rules.iam.identity import Principal, PrincipalKind
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.policy import Policy
from stillup.rules.iam.table.row import EVERYTHING, Check, Facts, Row, checks
from stillup.rules.iam.table.table import ROWS
from stillup.rules.ids import Arn, BucketName
from stillup.rules.refusal import Refusal
from stillup.rules.topics.policy import parse_topic_policy
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError

_S3: Final = "arn:aws:s3:::"
_FORBIDDEN: Final = 403


def authorize(ports: ApiPorts, call: Call) -> tuple[str, ...]:
    """The ARNs of what the call is about, if the caller may do all that it does; for the audit log.

    An action without resources counts as `*`. Raises the service's own error, with status 403: AccessDenied,
    AuthorizationError (SNS), UnauthorizedOperation (EC2), MissingAuthenticationToken for who has no credentials
    where some are needed; and NoSuchBucket. A call that tells its resources apart passes: its operation asks
    refusals() what to leave alone.
    """
    world = ports.worlds.current
    row, facts = _row_or_raise(call), _facts(ports, call, world)
    if row.without_credentials(facts):
        return ()
    if call.principal.kind is PrincipalKind.ANONYMOUS and call.service != "s3":
        raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", status=_FORBIDDEN)
    judge = _Judge(world, call.principal, _context(ports, call))
    needed = list(checks(row, facts))
    for check in () if row.each_alone else needed:
        decision = judge.decide(check)
        if not decision.is_allowed:
            _raise_if_bucket_is_missing(world, call, check)
            raise _denied(call, check, decision)
        _raise_if_hidden(world, call, check, judge)
    return tuple(dict.fromkeys(check.resource for check in needed))


def refusals(ports: ApiPorts, call: Call) -> Mapping[str, AwsError]:
    """Why the caller may not do what the call does, by the ARN of each resource to which he may not do it."""
    world = ports.worlds.current
    judge = _Judge(world, call.principal, _context(ports, call))
    decided = (
        (check, judge.decide(check)) for check in checks(_row_or_raise(call), _facts(ports, call, world))
    )
    return {
        check.resource: _denied(call, check, decision)
        for check, decision in decided
        if not decision.is_allowed
    }


class _Judge:
    """Decides for one caller in one world."""

    def __init__(self, world: World, caller: Principal, context: Context) -> None:
        self._world = world
        self._caller = caller
        self._context = context
        self._identity: Sequence[Policy] = (
            () if caller.user is None else [granted.policy for granted in policies_of(world, caller.user)]
        )

    def decide(self, check: Check) -> Decision:
        """May the caller do this?"""
        request = Request(self._caller, check.action, check.resource, {**self._context, **check.keys})
        return evaluate(request, self._identity, self._resource_policy(check.resource))

    def _resource_policy(self, resource: str) -> Policy | None:
        if resource.startswith(_S3):
            bucket = self._world.buckets.get(_bucket_name(resource))
            return None if bucket is None else policy_in_force(bucket, self._caller)
        topic = self._world.topics.get(Arn(resource))
        text = None if topic is None else topic.attributes.get("Policy")
        policy = None if text is None else parse_topic_policy(text)
        return None if isinstance(policy, Refusal) else policy


def _row_or_raise(call: Call) -> Row:
    row = ROWS.get(call.service, {}).get(call.operation)
    if row is None:
        raise _error(call, f"There is no permission for {call.service}:{call.operation}")
    return row


def _facts(ports: ApiPorts, call: Call, world: World) -> Facts:
    instances = ports.instances.describe() if call.service == "ec2" else ()
    return Facts(
        parameters=call.parameters,
        world=world,
        caller=call.principal,
        account_id=ports.settings.account_id,
        region=call.region,
        headers=call.request.headers,
        instance_tags={instance.id: instance.tags for instance in instances},
    )


def _context(ports: ApiPorts, call: Call) -> Context:
    return {
        **request_keys(
            now=ports.clock.now(),
            source_ip=call.source_ip,
            is_secure=call.is_secure,
            headers=call.request.headers,
            region=call.region,
        ),
        **principal_keys(call.principal),
        "aws:resourceaccount": (ports.settings.account_id,),
    }


def _raise_if_bucket_is_missing(world: World, call: Call, check: Check) -> None:
    name = _bucket_name(check.resource)
    if check.resource.startswith(_S3) and call.operation != "CreateBucket" and name not in world.buckets:
        raise s3_error("NoSuchBucket", members={"BucketName": name})


def _raise_if_hidden(world: World, call: Call, check: Check, judge: _Judge) -> None:
    """Who may read objects but not list the bucket does not learn which there are."""
    if not check.action.startswith("s3:GetObject"):
        return
    bucket = world.buckets.get(_bucket_name(check.resource))
    if bucket is None or check.resource.removeprefix(f"{_S3}{bucket.name}/") in bucket.objects:
        return
    listing = Check("s3:ListBucket", f"{_S3}{bucket.name}", {})
    decision = judge.decide(listing)
    if not decision.is_allowed:
        raise _denied(call, listing, decision)


def _bucket_name(resource: str) -> BucketName:
    return BucketName(resource.removeprefix(_S3).partition("/")[0])


def _denied(call: Call, check: Check, decision: Decision) -> AwsError:
    if call.principal.kind is PrincipalKind.ANONYMOUS:
        return s3_error("AccessDenied")
    action = check.action.replace("sns:", "SNS:") if call.service == "sns" else check.action
    where = f'"{check.resource}"' if call.service == "s3" else check.resource
    about = "" if check.resource == EVERYTHING else f" on resource: {where}"
    who = f"User: {call.principal.arn} is not authorized to perform: {action}"
    return _error(call, f"{who}{about} {_reason(action, decision)}")


def _reason(action: str, decision: Decision) -> str:
    if decision.kind is Kind.EXPLICIT_DENY:
        return f"with an explicit deny in {decision.matched[0].source}"
    return f"because no identity-based policy allows the {action} action"


def _error(call: Call, message: str) -> AwsError:
    match call.service:
        case "ec2":
            text = f"You are not authorized to perform this operation. {message}"
            return AwsError("UnauthorizedOperation", text, status=_FORBIDDEN)
        case "sns":
            return AwsError("AuthorizationError", message, status=_FORBIDDEN)
    return AwsError("AccessDenied", message, status=_FORBIDDEN)

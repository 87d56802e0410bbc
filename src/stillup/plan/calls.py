"""Which operations of the AWS API every verb calls, and on what: the one table of it.

`provision` and `drill` make the calls; a test holds what they really call against this table. The least policy is
made of it (`plan.policy`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from stillup.plan.ownership import usual_name
from stillup.plan.setup import METRICS_REGION, Setup, Topic
from stillup.plan.step import Kind
from stillup.plan.verb import Verb

ANY: Final = "*"
"""An id that is not known."""
READ: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.RECORD: (
        "route53:ListHostedZonesByName",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
    ),
    Kind.CHECK: (
        "route53:ListHealthChecks",
        "route53:ListTagsForResources",
        "route53:GetHealthCheckStatus",
    ),
    Kind.ALARM: ("cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
    Kind.TOPIC: ("sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:ListSubscriptionsByTopic"),
    Kind.BUCKET: (
        "s3:HeadBucket",
        "s3:GetPublicAccessBlock",
        "s3:GetBucketPolicy",
        "s3:GetBucketWebsite",
        "s3:GetBucketTagging",
        "s3:ListObjectsV2",
    ),
    Kind.OBJECT: ("s3:HeadObject",),
}
"""How an account is read, by every verb."""
MAKE: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.BUCKET: ("s3:CreateBucket", "s3:PutBucketTagging"),
    Kind.PUBLIC_ACCESS_BLOCK: ("s3:PutPublicAccessBlock",),
    Kind.BUCKET_POLICY: ("s3:PutBucketPolicy",),
    Kind.WEBSITE: ("s3:PutBucketWebsite",),
    Kind.OBJECT: ("s3:PutObject", "s3:DeleteObject"),
    Kind.CHECK: (
        "route53:CreateHealthCheck",
        "route53:UpdateHealthCheck",
        "route53:ChangeTagsForResource",
        "route53:DeleteHealthCheck",
    ),
    Kind.TOPIC: ("sns:CreateTopic", "sns:TagResource"),
    Kind.SUBSCRIPTION: ("sns:Subscribe", "sns:Unsubscribe"),
    Kind.ALARM: ("cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"),
    Kind.RECORD: ("route53:ChangeResourceRecordSets", "route53:GetChange"),
}
"""How steps of each kind are carried out where something is made, changed, made anew or healed."""
REMOVE: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.BUCKET: ("s3:DeleteBucket",),
    Kind.OBJECT: ("s3:DeleteObject",),
    Kind.CHECK: ("route53:DeleteHealthCheck",),
    Kind.TOPIC: ("sns:DeleteTopic",),
    Kind.ALARM: ("cloudwatch:DeleteAlarms",),
    Kind.RECORD: ("route53:ChangeResourceRecordSets", "route53:GetChange"),
}
"""How they are carried out where it is taken away."""
HAND_ON: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.TOPIC: ("sns:TagResource",)}
"""And where another failover of the file goes on using the topic."""
STAND: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.RECORD: ("route53:TestDNSAnswer",),
    Kind.CHECK: (
        "route53:GetHealthCheckStatus",
        "route53:GetHealthCheckLastFailureReason",
        "cloudwatch:GetMetricStatistics",
    ),
    Kind.ALARM: ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"),
}
"""How `status`, `watch` and `why` see what is now."""
JUDGE: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.CHECK: ("route53:GetHealthCheckStatus",)}
"""How a plan that changes something sees whether the last healthy answer would go."""
OBSERVE: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.CHECK: ("route53:GetHealthCheck", "route53:GetHealthCheckStatus"),
    Kind.ALARM: ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"),
}
"""What a drill watches through the API, and a live lint looks at."""
SEEK: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.CHECK: ("route53:ListTagsForResource",)}
"""How a drill finds what another has left broken, whichever way it breaks itself."""
HEAR: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.SUBSCRIPTION: ("sns:GetSubscriptionAttributes",)}
"""How a drill asks whether messages were delivered."""
LISTEN: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.SUBSCRIPTION: ("sns:Subscribe", "sns:Unsubscribe")}
"""How a drill has itself told. Confirming needs no permission: the token is one (SN-3)."""
BREAK: Final[Mapping[str, tuple[str, ...]]] = {
    "invert": (
        "route53:GetHealthCheck",
        "route53:ChangeTagsForResource",
        "route53:UpdateHealthCheck",
    ),
    "instances": ("ec2:DescribeInstances", "ec2:StopInstances", "ec2:StartInstances"),
    "command": (),
    "proxy": (),
}
"""How a drill breaks the primary and restores it, by method."""
LOOK: Final = (
    "route53:ListHostedZones",
    "route53:GetCheckerIpRanges",
    "ec2:DescribeAddresses",
    "ec2:DescribeInstances",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeManagedPrefixLists",
    "s3control:GetPublicAccessBlock",
)
"""What `lint --live` asks of the whole account."""

_CHANGING: Final = ("Create", "Put", "Delete", "Update", "Change", "Set", "Tag", "Subscribe", "Unsubscribe")
_BREAKING: Final = ("Stop", "Start")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the calls are about: one failover, as planned or as it is."""

    setup: Setup
    region: str = "us-east-1"
    """That of the instances."""
    method: str = "invert"
    """How a drill breaks the primary."""
    instances: tuple[str, ...] = ()
    listens: bool = False
    """Whether a drill subscribes a webhook of its own (`--listen`)."""
    shares: bool = False
    """Whether another failover of the file tells the same topic."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the least policy sees it."""

    service: str
    operation: str
    parameters: Mapping[str, object]
    """The members that name resources or decide about permissions; ids that are not known are `*`."""
    region: str
    subject: str
    """What it is about, in a word for a statement's id."""

    @property
    def changes(self) -> bool:
        """Whether it changes something."""
        return self.operation.startswith((*_CHANGING, *_BREAKING))


def calls(verbs: Iterable[Verb], scope: Scope, account_id: str = ANY) -> Iterator[Call]:
    """Every call that these verbs may make for this failover. Those for parts that it does not have are left out."""
    for verb in verbs:
        for table in _tables(verb, listens=scope.listens, shares=scope.shares):
            for kind, operations in table.items():
                yield from _calls(kind, operations, verb, scope, account_id)
        if verb is Verb.DRILL:
            kind = Kind.CHECK
            operations = BREAK[scope.method]
            if scope.method == "instances":
                yield from (_on_instances(each, scope) for each in operations)
            else:
                yield from _calls(kind, operations, verb, scope, account_id)
        if verb is Verb.LINT:
            yield from (_call(each, {}, scope.region, "Account") for each in LOOK)
            yield _call("route53:ListResourceRecordSets", {"HostedZoneId": ANY}, scope.region, "Records")


def operations_of(
    verb: Verb, *, method: str = "invert", listens: bool = False, shares: bool = False
) -> frozenset[str]:
    """Every operation that the verb may call, as `service:Operation`."""
    tables = _tables(verb, listens=listens, shares=shares)
    found = {each for table in tables for group in table.values() for each in group}
    broken = BREAK[method] if verb is Verb.DRILL else ()
    return frozenset((*found, *broken, *(LOOK if verb is Verb.LINT else ())))


def _tables(verb: Verb, *, listens: bool, shares: bool) -> tuple[Mapping[Kind, tuple[str, ...]], ...]:
    match verb:
        case Verb.APPLY:
            return READ, JUDGE, MAKE
        case Verb.DESTROY:
            return READ, JUDGE, REMOVE, *((HAND_ON,) if shares else ())
        case Verb.PLAN:
            return READ, JUDGE
        case Verb.DRILL:
            return READ, OBSERVE, SEEK, HEAR, *((LISTEN,) if listens else ())
        case Verb.STATUS | Verb.WATCH | Verb.WHY:
            return READ, STAND
        case Verb.LINT:
            return READ, OBSERVE
        case _:
            return (READ,)


def _calls(
    kind: Kind, operations: Iterable[str], verb: Verb, scope: Scope, account_id: str
) -> Iterator[Call]:
    for operation in operations:
        for region, parameters, subject in _members(kind, verb, operation, scope, account_id):
            yield _call(operation, parameters, region, subject)


def _call(operation: str, parameters: Mapping[str, object], region: str, subject: str) -> Call:
    service, _, name = operation.partition(":")
    return Call(service, name, parameters, region, subject)


_Members = Iterator[tuple[str, Mapping[str, object], str]]


def _members(kind: Kind, verb: Verb, operation: str, scope: Scope, account_id: str) -> _Members:
    """Region, members and subject of each call of the operation."""
    setup = scope.setup
    match kind:
        case Kind.RECORD:
            about = "Propagation" if operation == "route53:GetChange" else "Records"
            yield scope.region, _record_members(operation, verb, setup), about
        case Kind.CHECK:
            if setup.checks:
                yield from _check_members(operation, verb, scope)
        case Kind.ALARM:
            yield from _alarm_members(operation, setup, account_id)
        case Kind.TOPIC | Kind.SUBSCRIPTION:
            yield from _topic_members(operation, verb, setup, account_id)
        case _:
            if setup.bucket is not None and (setup.bucket.is_published or operation in _looks_at_bucket()):
                about = "Pages" if kind is Kind.OBJECT else "Bucket"
                members = {
                    "Bucket": setup.bucket.name,
                    "Key": ANY,
                    "CreateBucketConfiguration": {"Tags": [{}]},
                }
                yield setup.bucket.region, members, about


def _looks_at_bucket() -> frozenset[str]:
    return frozenset((*READ[Kind.BUCKET], *READ[Kind.OBJECT]))


def _record_members(operation: str, verb: Verb, setup: Setup) -> Mapping[str, object]:
    zone = setup.zone.id or ANY
    match operation:
        case "route53:GetChange":
            return {"Id": ANY}
        case "route53:ChangeResourceRecordSets":
            actions = ("DELETE",) if verb is Verb.DESTROY else ("CREATE", "UPSERT", "DELETE")
            types = dict.fromkeys(each.type for each in setup.records)
            changes = [
                {"Action": action, "ResourceRecordSet": {"Name": setup.name, "Type": each}}
                for action in actions
                for each in types
            ]
            return {"HostedZoneId": zone, "ChangeBatch": {"Changes": changes}}
        case _:
            return {"HostedZoneId": zone, "Id": zone}


def _check_members(operation: str, verb: Verb, scope: Scope) -> _Members:
    """Every check where all are listed; those that are made have ids that nobody knows yet."""
    kept = [each for each in scope.setup.checks.values() if each.config is not None]
    is_own = verb in (Verb.APPLY, Verb.DESTROY) and operation not in READ[Kind.CHECK]
    if is_own and not kept:
        return
    if operation in READ[Kind.CHECK] or verb is Verb.APPLY:
        ids = [ANY]
    else:
        ids = [each.id or ANY for each in (kept if is_own else scope.setup.checks.values())]
    for each in dict.fromkeys(ids):
        members = {
            "HealthCheckId": each,
            "ResourceType": "healthcheck",
            "ResourceId": each,
            "ResourceIds": [each],
        }
        # ResourceId and ResourceIds exclude each other: each row takes its own.
        del members["ResourceId" if operation == "route53:ListTagsForResources" else "ResourceIds"]
        yield scope.region, members, "HealthChecks"


def _alarm_members(operation: str, setup: Setup, account_id: str) -> _Members:
    """All alarms are listed, and those on the checks' metrics looked at, whatever they are called."""
    if operation in READ[Kind.ALARM]:
        for region in dict.fromkeys((METRICS_REGION, *(each.region for each in setup.alarms))):
            arn = f"arn:aws:cloudwatch:{region}:{account_id}:alarm:{ANY}"
            yield region, {"ResourceARN": arn}, "Alarms"
        return
    for alarm in setup.alarms:
        arn = f"arn:aws:cloudwatch:{alarm.region}:{account_id}:alarm:{alarm.name}"
        members = {"AlarmName": alarm.name, "AlarmNames": [alarm.name], "ResourceARN": arn, "Tags": [{}]}
        yield alarm.region, members, "Alarm"


def _topic_members(operation: str, verb: Verb, setup: Setup, account_id: str) -> _Members:
    """Those that are made; where all is read, also those that are only pointed at, and the usual one.

    A drill hears of all that there are.
    """
    usual = Topic("topic", usual_name(setup.name), METRICS_REGION)
    is_read = operation in READ[Kind.TOPIC]
    is_whole = is_read or verb is Verb.DRILL
    found = [each for each in setup.topics if each.is_kept or is_whole]
    if is_read:
        found.append(usual)
    for topic in found:
        arn = topic.arn or f"arn:aws:sns:{topic.region}:{account_id}:{topic.name}"
        yield topic.region, {"Name": topic.name, "TopicArn": arn, "ResourceArn": arn, "Tags": [{}]}, "Topic"


def _on_instances(operation: str, scope: Scope) -> Call:
    return _call(operation, {"InstanceIds": list(scope.instances)}, scope.region, "Primary")

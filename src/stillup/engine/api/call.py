"""One API call, as an operation's function sees it, and what the function gives back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from stillup.engine.api.sqs.memory import QueueMemory
from stillup.engine.ports import (
    AlarmHistory,
    Applied,
    Blobs,
    Clock,
    Committed,
    DeadLetters,
    DeliveryReports,
    Die,
    HealthReports,
    Instances,
    Metrics,
    Resolver,
    Statuses,
    Worlds,
)
from stillup.rules.iam.identity import Principal
from stillup.rules.refusal import Refusal
from stillup.wire.aws.messages import AwsError, HttpRequest, Output


@dataclass(frozen=True, slots=True)
class Call:
    """A located and parsed request. `body` is the streamed payload, if the operation has one.

    `body` is already free of aws-chunked framing; reading it to its end verifies every checksum and length
    that the caller declared, and raises AwsError where one does not hold.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    request: HttpRequest
    request_id: str
    region: str
    access_key_id: str | None
    body: AsyncIterator[bytes]
    principal: Principal
    """Who calls: the signature has been verified, and the operation allowed."""
    source_ip: str
    is_secure: bool = False
    """Whether it came over TLS."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An output with, perhaps, a streamed payload whose length is the Content-Length of the output."""

    output: Output
    stream: AsyncIterator[bytes] | None = None


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """What the operator chose."""

    account_id: str = "123456789012"
    region: str = "us-east-1"
    name_servers: tuple[str, ...] = ()
    """Names for the NS records of new zones; empty: Route 53's own scheme (HZ-2)."""
    probe_allow: tuple[str, ...] = ()
    probe_deny: tuple[str, ...] = ()
    """Networks; deny wins, and link-local, metadata and multicast are always denied (HC-13)."""


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """Everything that operations may touch."""

    worlds: Worlds
    clock: Clock
    die: Die
    statuses: Statuses
    reports: HealthReports
    resolver: Resolver
    applied: Applied
    blobs: Blobs
    instances: Instances
    metrics: Metrics
    history: AlarmHistory
    deliveries: DeliveryReports
    dead_letters: DeadLetters
    settings: ApiSettings
    queues: QueueMemory = field(default_factory=QueueMemory)


Operation: TypeAlias = Callable[[ApiPorts, Call], Awaitable[Output | Reply]]
"""`async def create_hosted_zone(ports, call)`: raises AwsError, never anything else that is the caller's fault.

Each service module exports a literal table of them: `ROUTE53_ZONES = {"CreateHostedZone": create_hosted_zone}`.
"""


def committed_or_raise(outcome: Committed | Refusal) -> Committed:
    """The commit, or the refusal as the AwsError that it names."""
    if isinstance(outcome, Refusal):
        # The one error whose shape has a place for the single reasons.
        listed = {"messages": list(outcome.reasons)} if outcome.code == "InvalidChangeBatch" else {}
        raise AwsError(outcome.code, outcome.message, members=listed)
    return outcome

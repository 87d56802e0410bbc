"""What the duties of the engine share: a few Protocols and frozen messages.

A duty takes what it needs as one of these; only assemble.py knows who stands behind it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stillup.rules.alarms.alarm import AlarmState, HistoryItem
from stillup.rules.changes import Change
from stillup.rules.health.check import Status
from stillup.rules.ids import Arn, BlobId, HealthCheckId, HostedZoneId, InstanceId, Instant
from stillup.rules.metrics.metric import Metric, Sample
from stillup.rules.names import DomainName
from stillup.rules.refusal import Refusal
from stillup.rules.resolution import Resolution
from stillup.rules.topics.message import Message
from stillup.rules.topics.topic import DeliveryProtocol
from stillup.rules.world import World

# --- time and chance ------------------------------------------------------------------------------


class Clock(Protocol):
    """Engine time; `--clock-rate` makes it run faster than the wall's."""

    def now(self) -> Instant:
        """Seconds since the epoch."""

    async def sleep(self, seconds: float) -> None:
        """Wait for that much engine time."""

    def real(self, seconds: float) -> float:
        """How long that much engine time really takes."""

    def wall(self) -> Instant:
        """What a clock on the wall says, whatever the rate: callers sign with theirs."""


class Die(Protocol):
    """Chance."""

    def fraction(self) -> float:
        """A number in [0, 1)."""

    def octets(self, count: int) -> bytes:
        """Unguessable octets."""


# --- the world ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Committed:
    """The change is on disk and published; `world` is the world right after it.

    `change` is None where the decision was that nothing needs to change.
    """

    world: World
    change: Change | None


class Worlds(Protocol):
    """The current world, and the only way to the next."""

    @property
    def current(self) -> World:
        """The world of all acknowledged changes."""

    async def commit(self, decide: Callable[[World], Change | Refusal | None]) -> Committed | Refusal:
        """Let `decide` look at the newest world, append what it wants to the journal, publish, return.

        `decide` is pure and may be called again. When this returns Committed the change is on disk.
        A Refusal is passed through and nothing happens. Raises JournalUnavailable if the disk fails.
        """

    def subscribe(self, listener: Callable[[World, Sequence[Change]], None]) -> None:
        """Have `listener` called, in order and in the event loop, with each newly published world."""


class JournalUnavailable(Exception):
    """The world's fault: the journal cannot be written (disk full, I/O error). Nothing was changed."""


class Blobs(Protocol):
    """Object contents: written aside, then there whole under an id, or not at all."""

    async def write(self, chunks: AsyncIterator[bytes]) -> BlobId:
        """Store the chunks, durably. An exception from `chunks` leaves nothing behind."""

    async def join(self, blobs: Sequence[BlobId]) -> BlobId:
        """Store the concatenation of these blobs, durably."""

    def read(self, blob: BlobId, start: int, length: int) -> AsyncIterator[bytes]:
        """The octets of this range in chunks of at most 1 MiB. Raises FileNotFoundError."""

    async def discard(self, blobs: Sequence[BlobId]) -> None:
        """Forget these blobs; unknown ones are ignored."""


class Applied(Protocol):
    """How far the DNS servers are: GetChange says INSYNC up to this sequence number."""

    def applied_sequence(self) -> int:
        """The lowest sequence number that every DNS server of the engine has applied."""


# --- health ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A check's status, newly decided."""

    check_id: HealthCheckId
    status: Status
    at: Instant


class Statuses(Protocol):
    """What every health check says now."""

    def status(self, check_id: HealthCheckId) -> Status:
        """Healthy for a check that does not exist (HC-44)."""


@dataclass(frozen=True, slots=True)
class CheckerReport:
    """One vantage's latest word on a check, for GetHealthCheckStatus and LastFailureReason (HC-51)."""

    region: str
    ip_address: str
    text: str
    checked_at: Instant


class HealthReports(Protocol):
    """What the vantages saw."""

    def latest(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest observation of each vantage that has one."""

    def last_failures(self, check_id: HealthCheckId) -> Sequence[CheckerReport]:
        """The latest failure of each vantage, or its word that there has been none (HC-54)."""

    def since(self, check_id: HealthCheckId) -> Instant | None:
        """When the check's status became what it is; None for a check that does not exist."""

    def checker_ranges(self) -> Sequence[str]:
        """The networks that probes come from (HC-49)."""


@dataclass(frozen=True, slots=True)
class SavedStatus:
    """A status as it is kept across a restart (decision 6)."""

    check_id: HealthCheckId
    status: Status
    at: Instant
    """When it was last confirmed."""


class StatusArchive(Protocol):
    """Where statuses survive a restart."""

    def load(self) -> Sequence[SavedStatus]:
        """All that were kept."""

    async def save(self, statuses: Sequence[SavedStatus]) -> None:
        """Keep these, each in place of an earlier one for the same check."""


# --- DNS ------------------------------------------------------------------------------------------


class Resolver(Protocol):
    """Answers as the DNS servers would give them; for TestDNSAnswer and the status page."""

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        """The answer right now, from this zone alone."""


# --- compute --------------------------------------------------------------------------------------


class InstanceState(StrEnum):
    """States of an EC2 instance, spelled as EC2 spells them."""

    PENDING = "pending"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance that the config file declares, as it is now."""

    id: InstanceId
    state: InstanceState
    launched_at: Instant
    public_ip: str | None
    private_ip: str
    tags: Mapping[str, str]
    reachable: bool = True
    """Whether its process is there. A running instance whose process died is running, and unreachable."""


class Instances(Protocol):
    """The supervised local processes that play EC2 instances."""

    def describe(self) -> Sequence[Instance]:
        """All of them, in the order of the config file."""


# --- metrics and alarms ---------------------------------------------------------------------------


class Metrics(Protocol):
    """Every datapoint of every Region, kept across restarts as long as CW-11 says."""

    async def put(self, region: str, samples: Sequence[Sample]) -> None:
        """Keep these, added to what is there of the same metric, time and unit. Raises JournalUnavailable."""

    async def read(self, region: str, metric: Metric, *, start: Instant, end: Instant) -> Sequence[Sample]:
        """Its samples with start <= at < end, oldest first, one for each time and unit."""

    async def known(self, region: str, *, since: Instant) -> Sequence[Metric]:
        """The metrics that have had a sample since then, in order."""


class AlarmHistory(Protocol):
    """What happened to alarms, for two weeks. It is written with the change that it tells of."""

    async def read(self, region: str, *, start: Instant, end: Instant) -> Sequence[HistoryItem]:
        """The items with start <= at < end, newest first."""


class MetricVerdicts(Protocol):
    """Who wants to know what the stream of a CLOUDWATCH_METRIC check says (HC-38)."""

    def hear(self, check_id: HealthCheckId, state: AlarmState) -> None:
        """The state that an alarm with the check's copied settings would have now."""


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """What CloudWatch learns of a health check in one minute (1.12)."""

    status: tuple[Status, ...]
    """Every status that it took on in the minute, and the one that it ended with: never empty."""
    percentage_healthy: float | None = None
    """Of the vantages, for checks of endpoints; None for others, and for a check that is disabled."""
    healthy_children: int | None = None
    """For CALCULATED."""
    timings: tuple[tuple[str, str, float], ...] = ()
    """Metric name, Region and milliseconds of each good probe in the minute, where MeasureLatency is on."""


class HealthMeasures(Protocol):
    """Where the health metrics come from."""

    def take(self) -> Mapping[HealthCheckId, HealthFigures]:
        """The figures since the last call, for every check of which anything is known."""


# --- notifications --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How deliveries to one subscription went, since it was made."""

    delivered: int = 0
    failed_attempts: int = 0
    pending: int = 0
    dead: int = 0
    last_delivered_at: Instant | None = None
    last_failure_at: Instant | None = None
    last_failure: str | None = None


class DeliveryReports(Protocol):
    """What became of the messages."""

    def of(self, subscription: Arn) -> DeliveryReport:
        """All noughts for a subscription to which nothing was ever sent."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was given up after its last retry."""

    id: str
    """The delivery's, the same in every attempt."""
    message: Message
    subscription: Arn
    protocol: DeliveryProtocol
    endpoint: str
    attempts: int
    died_at: Instant
    reason: str


class DeadLetters(Protocol):
    """Deliveries that were given up: kept until somebody looks."""

    async def list(self, *, limit: int, after: str | None = None) -> Sequence[DeadLetter]:
        """In the order of their ids, from the one after `after`."""

    async def redrive(self, ids: Sequence[str] | None = None) -> int:
        """Try these again from the first attempt on, or all; how many. Raises JournalUnavailable."""

    async def discard(self, ids: Sequence[str]) -> None:
        """Forget these; unknown ones are ignored. Raises JournalUnavailable."""


# --- what the engine says of itself ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """One number for Prometheus, by its conventions: `stillup_dns_queries_total`, labels, seconds as the unit."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str]
    is_counter: bool = False
    """Whether it only ever grows, from the start of the engine; else it is a gauge."""


class Figures(Protocol):
    """A duty that can be asked how it is."""

    def figures(self) -> Sequence[Figure]:
        """All its numbers, now; cheap."""

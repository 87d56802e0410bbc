"""A failover in AWS's own terms: what a plan asks for, and equally what an account holds.

`plan.desired` makes a Setup of a plan file's failover, `provision` reads one from an account; the difference of the
two is a Plan, and lint looks at either. Values and names are as the APIs give them, and tolerant: an account may hold
what no plan file can ask for. None and empty mean absent.

What has no id yet is named by a reference, `${check/primary}`, wherever AWS wants the id (`plan.references`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

METRICS_REGION: Final = "us-east-1"
"""Where Route 53 publishes the metrics of its checks."""
OWNER_TAG: Final = "stillup-failover"
"""On everything that can carry tags: the failover that it was made for. The prefix `stillup:` has other meanings."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The hosted zone. `name` has no last dot."""

    name: str
    id: str | None = None
    """Without `/hostedzone/`; None where only the plan file speaks."""
    is_private: bool = False
    name_servers: tuple[str, ...] = ()
    """Its delegation set."""
    negative_ttl: int | None = None
    """Seconds for which `no such name` may be cached: the lesser of the SOA's TTL and MINIMUM (RFC 2308 §5)."""


@dataclass(frozen=True, slots=True)
class AliasTarget:
    """Names are lower case, without the last dot."""

    zone_id: str
    dns_name: str
    evaluate_target_health: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A resource record set. `name` is lower case, without the last dot, escaped as Route 53 lists it."""

    name: str
    type: str
    set_identifier: str | None = None
    failover: str | None = None
    """PRIMARY or SECONDARY."""
    other_routing: Mapping[str, object] = field(default_factory=dict)
    """What else decides about it, in AWS's words: Weight, Region, GeoLocation, MultiValueAnswer, …"""
    ttl: int | None = None
    values: tuple[str, ...] = ()
    alias: AliasTarget | None = None
    check: str | None = None
    """Key of a check in the Setup; a key that is not there is an id whose check does not exist."""


@dataclass(frozen=True, slots=True)
class CheckConfig:
    """HealthCheckConfig of the Route 53 model, field by field (table 1.5); None and empty are absent."""

    type: str
    ip_address: str | None = None
    port: int | None = None
    resource_path: str | None = None
    fqdn: str | None = None
    search_string: str | None = None
    request_interval: int | None = None
    failure_threshold: int | None = None
    measure_latency: bool = False
    inverted: bool = False
    disabled: bool = False
    health_threshold: int | None = None
    child_health_checks: tuple[str, ...] = ()
    enable_sni: bool | None = None
    regions: tuple[str, ...] = ()
    alarm_region: str | None = None
    alarm_name: str | None = None
    insufficient_data_health_status: str | None = None
    routing_control_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A health check. `key` is `primary` or `standby` in a plan, the id in an account."""

    key: str
    config: CheckConfig | None
    """None: it is kept elsewhere, and only its id is known (`existing` in the plan file)."""
    id: str | None = None
    caller_reference: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The four switches of S3's Block Public Access (3.3)."""

    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool


@dataclass(frozen=True, slots=True)
class Website:
    """A bucket's website configuration."""

    index: str | None = None
    error: str | None = None
    redirect_all_to: str | None = None
    """Host name, with `https://` in front where the redirect changes the protocol."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the standby's site. `digest` is the MD5 of its octets in hex: S3's ETag of a plain PUT."""

    key: str
    digest: str
    size: int
    content_type: str | None = None
    cache_control: str | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """The bucket behind the standby."""

    name: str
    region: str
    is_published: bool = True
    """False: it is only pointed at; another hand keeps it (`standby.bucket` without a folder)."""
    block: PublicAccessBlock | None = None
    """None in an account: nothing is configured on the bucket."""
    policy: str | None = None
    """JSON."""
    website: Website | None = None
    objects: Mapping[str, StoredObject] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who is told."""

    protocol: str
    endpoint: str
    arn: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """Where the alarm's messages go. `key` is `topic` in a plan, the ARN in an account."""

    key: str
    name: str
    region: str
    is_kept: bool = True
    """False: it is only pointed at; another hand keeps it."""
    arn: str | None = None
    policy: str | None = None
    """JSON; None: the default one."""
    kms_key: str | None = None
    subscriptions: tuple[Subscription, ...] = ()
    called_by: tuple[str, ...] = ()
    """Names of the alarms of its Region that have it as an action, whosever they are."""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str]:
        """Name and Region: there are no two of both in an account."""
        return self.name, self.region


@dataclass(frozen=True, slots=True)
class Alarm:
    """A CloudWatch metric alarm; actions are ARNs, or references to topics of the Setup."""

    name: str
    region: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str | None
    period: int
    evaluation_periods: int
    threshold: float
    comparison: str
    datapoints_to_alarm: int | None = None
    treat_missing_data: str | None = None
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    actions_enabled: bool = True
    description: str | None = None
    arn: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str]:
        """Name and Region: there are no two of both in an account."""
        return self.name, self.region


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that belongs to one failover."""

    name: str
    """The failover's own name: that of its records."""
    zone: Zone
    records: tuple[Record, ...] = ()
    """Of every type at that name."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """By key: those that the records name, their children, and those that are tagged as the failover's."""
    bucket: Bucket | None = None
    other_buckets: tuple[Bucket, ...] = ()
    """The failover's own, of which the plan speaks no more; without the headers of their objects."""
    topics: tuple[Topic, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    """Those on the metrics of these checks, and those that are tagged as the failover's."""
    neighbours: frozenset[str] = frozenset()
    """Other failovers in the zone for which checks were made, as their owner tags spell them."""

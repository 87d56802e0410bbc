"""A Plan as a value: ordered steps, what speaks against them, what to expect of the result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stillup.plan.prediction import Prediction
from stillup.plan.setup import Alarm, Bucket, Check, Record, StoredObject, Subscription, Topic, Zone


class Action(StrEnum):
    """What a step does to its resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """Made anew, since what differs cannot be changed (HC-2); a later step deletes the old one, if it is ours."""
    ADOPT = "adopt"
    """Not ours so far: tagged, and changed where it differs."""
    DELETE = "delete"


class Kind(StrEnum):
    """What a step acts on, in the order in which things are made. They are removed the other way round.

    A record is made when everything behind it answers, and gone before anything behind it goes: a name must
    never point at a bucket that does not exist, since anybody could make it (takeover).
    """

    BUCKET = "bucket"
    PUBLIC_ACCESS_BLOCK = "public-access-block"
    BUCKET_POLICY = "bucket-policy"
    WEBSITE = "website"
    OBJECT = "object"
    CHECK = "check"
    TOPIC = "topic"
    SUBSCRIPTION = "subscription"
    ALARM = "alarm"
    RECORD = "record"


Resource = Bucket | StoredObject | Check | Topic | Subscription | Alarm | Record


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute, in AWS's words, as it is and as it will be; None is absent."""

    attribute: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a Plan. Of `before` and `after` one may be None: nothing there, nothing left."""

    action: Action
    kind: Kind
    failover: str
    address: str
    """Within the failover: `check/primary`, `bucket`, `object/index.html`, `record/A/PRIMARY`, `alarm`, …"""
    before: Resource | None
    after: Resource | None
    """Ids that are not known yet are references; `check` of a record is an id or a reference."""
    differences: tuple[Difference, ...] = ()
    within: Bucket | Topic | None = None
    """The bucket of an object, the topic of a subscription; a topic that is yet to be made has no ARN."""
    why: str | None = None
    """For what surprises: what opens to the public, why something is made anew."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a Plan is not carried out, with its arithmetic, and what to do about it."""

    id: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What is paid for, in kind: checks, fast intervals, options; no prices."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class FailoverPlan:
    """The steps of one failover, with what to expect of it."""

    name: str
    steps: tuple[Step, ...]
    zone: Zone | None = None
    """Where the records are."""
    prediction: Prediction | None = None
    """None where nothing is checked."""
    costs: tuple[Cost, ...] = ()
    notes: tuple[str, ...] = ()
    """What is left alone, and why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in order. Refused where `refusals` has something in it."""

    failovers: tuple[FailoverPlan, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all failovers, in order."""
        return tuple(step for each in self.failovers for step in each.steps)

"""The supervised local processes that play EC2 instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stillup.rules.ids import InstanceId, Instant


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

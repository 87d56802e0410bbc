"""Stops the EC2 instances behind the primary, and starts them again."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from stillup.drill.breakers.breaker import BreakFailed, Memory, Remember, RestoreFailed, Unrestorable

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

STATE_WITHIN: Final = 600.0
"""Real seconds that AWS may take to stop or start an instance; it takes one minute, seldom more."""
_PACE: Final = 1.0
_STARTED: Final = frozenset({"running"})
_GONE: Final = frozenset({"terminated", "shutting-down"})


@dataclass(frozen=True, slots=True)
class Instances:
    """StopInstances, StartInstances. Starts only what it stopped: those that were running."""

    method: ClassVar[str] = "instances"
    ec2: EC2Client
    ids: tuple[str, ...]
    """Those that run now."""

    @classmethod
    def of(cls, ec2: EC2Client, ids: Sequence[str]) -> Instances:
        """Of these, the ones that run. Raises BreakFailed where none does."""
        if not ids:
            raise BreakFailed("the plan names no instances: write them under primary.instances")
        running = tuple(each for each, state in _states(ec2, ids).items() if state == "running")
        if not running:
            raise BreakFailed(f"none of {', '.join(ids)} is running, so there is nothing to stop")
        return cls(ec2, running)

    @classmethod
    def from_memory(cls, ec2: EC2Client, memory: Memory) -> Instances:
        """Raises KeyError."""
        ids = memory["ids"]
        return cls(ec2, tuple(ids) if isinstance(ids, list) else ())

    @property
    def what_happens(self) -> str:
        """For whoever is asked."""
        return f"EC2 instances {', '.join(self.ids)} are stopped, and started again afterwards."

    def memory(self) -> Memory:
        """The instances that ran."""
        return {"ids": list(self.ids)}

    def break_(self, remember: Remember) -> None:
        """Stop them; the servers on them end as they shut down."""
        self.ec2.stop_instances(InstanceIds=list(self.ids))

    def restore(self) -> None:
        """Start those that do not run; returns when all do. One that is stopping has to have stopped first."""
        deadline = time.monotonic() + STATE_WITHIN
        pause = 0.05
        while True:
            states = _states(self.ec2, self.ids)
            stopped = [each for each, state in states.items() if state == "stopped"]
            if stopped:
                self.ec2.start_instances(InstanceIds=stopped)
            gone = [each for each, state in states.items() if state in _GONE]
            if set(states.values()) <= _STARTED | _GONE:
                if gone:
                    raise Unrestorable(
                        f"{', '.join(gone)} has been terminated meanwhile and cannot be started"
                    )
                return
            if time.monotonic() > deadline:
                waiting = ", ".join(f"{each} is {state}" for each, state in states.items())
                raise RestoreFailed(f"not running after {STATE_WITHIN:.0f} s: {waiting}")
            time.sleep(pause)
            pause = min(_PACE, pause * 2)

    def close(self) -> None:
        """Holds nothing."""


def _states(ec2: EC2Client, ids: Sequence[str]) -> Mapping[str, str]:
    found = ec2.describe_instances(InstanceIds=list(ids))
    return {
        each["InstanceId"]: each["State"]["Name"]
        for reservation in found["Reservations"]
        for each in reservation["Instances"]
    }

"""What lint looks at: one failover, as typed, as AWS would see it, and as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillup.lint.live import Live
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.setup import Setup


@dataclass(frozen=True, slots=True)
class Subject:
    """One failover. Rules take what they need, and find nothing where it is None."""

    setup: Setup
    """What the plan asks for, or, for an import, what the account holds."""
    typed: Failover | None = None
    """None for what was found in an account and never typed."""
    where: Where | None = None
    folder: Mapping[str, bytes] | None = None
    """The standby's files by key, where there is a folder."""
    live: Live | None = None
    """Facts of the account and the network, with `--live`."""

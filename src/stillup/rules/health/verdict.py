"""From observations to one vantage's verdict, and from the vantages' verdicts to a status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from stillup.rules.health.check import Status
from stillup.rules.health.refinements import Pace

HEALTHY_FRACTION: Final = 0.18
"""More than this share of the vantages must say healthy (HC-23)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one vantage holds about one check, and how far it is on the way to something else."""

    status: Status | None = None
    """None: it has not seen enough yet."""
    leaning: Status | None = None
    """What its latest results say, where that is not (yet) the verdict."""
    streak: int = 0
    """How many of them in a row."""


UNDECIDED: Final = Verdict()
"""A vantage that has just begun."""


def observe(verdict: Verdict, seen: Status, *, fall: int, rise: int) -> Verdict:
    """The verdict after one more probe (HC-24). The threshold is `fall` for failures, `rise` for successes.

    | verdict   | seen                | in a row, with this one | then                    |
    |-----------|---------------------|-------------------------|-------------------------|
    | any       | what is held        | –                       | held, the streak is over|
    | undecided | healthy             | fewer than `rise`       | undecided               |
    | undecided | healthy             | `rise`                  | healthy                 |
    | undecided | unhealthy           | fewer than `fall`       | undecided               |
    | undecided | unhealthy           | `fall`                  | unhealthy               |
    | healthy   | unhealthy           | fewer than `fall`       | healthy                 |
    | healthy   | unhealthy           | `fall`                  | unhealthy               |
    | unhealthy | healthy             | fewer than `rise`       | unhealthy               |
    | unhealthy | healthy             | `rise`                  | healthy                 |

    A first verdict takes as many results as a later one: AWS calls a check healthy until there is enough
    data (HC-30), and one lucky success after a restart must not end an outage (decision 6).
    """
    if seen is verdict.status:
        return Verdict(seen)
    streak = verdict.streak + 1 if seen is verdict.leaning else 1
    if streak >= (fall if seen is Status.UNHEALTHY else rise):
        return Verdict(seen)
    return Verdict(verdict.status, seen, streak)


def interval_after(verdict: Verdict, pace: Pace) -> float:
    """Seconds until this vantage probes again: sooner after a failure that is yet to be confirmed."""
    return pace.confirm_interval if verdict.leaning is Status.UNHEALTHY else pace.interval


def count(verdicts: Iterable[Verdict], *, fraction: float = HEALTHY_FRACTION) -> Status | None:
    """What the vantages say together: healthy where more than `fraction` of them do (HC-23).

    Give it the vantages that can reach anybody (decision 6). None: not enough data, so that whatever stood
    before, or HC-30, still stands. `N` vantages, `h` of them healthy, `u` undecided:

    | what the undecided can change            | status    |
    |------------------------------------------|-----------|
    | N = 0                                    | None      |
    | h / N > fraction: nothing                | healthy   |
    | (h + u) / N ≤ fraction: nothing          | unhealthy |
    | otherwise: the outcome                   | None      |

    With all decided and the fraction 0.18, healthy needs (HC-27):

    | N  | h at least | so it turns unhealthy with the … unhealthy verdict |
    |----|------------|-----------------------------------------------------|
    | 16 | 3          | 14th                                                |
    | 15 | 3          | 13th                                                |
    | 6  | 2          | 5th                                                 |
    | 3  | 1          | 3rd                                                 |
    """
    statuses = [verdict.status for verdict in verdicts]
    total = len(statuses)
    healthy = statuses.count(Status.HEALTHY)
    if total == 0:
        return None
    if healthy / total > fraction:
        return Status.HEALTHY
    if (healthy + statuses.count(None)) / total <= fraction:
        return Status.UNHEALTHY
    return None

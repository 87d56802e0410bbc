"""What drills that were killed have left broken: found, told, put right."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from stillup.drill.breakers.breaker import Breaker
from stillup.drill.breakers.choose import breaker_from
from stillup.drill.breakers.invert import Invert, mark_of
from stillup.drill.leftovers import RecordFile, leftovers, living
from stillup.drill.restoring import BRISK, put_back, record_of, state_file
from stillup.drill.target import Target
from stillup.plan.moments import date_and_clock
from stillup.provision.account import Account
from stillup.provision.errors import explained

REPAIRED_WITHIN: Final = 60.0
"""Real seconds for which repairing is tried again: unlike at the end of a drill, somebody is there to try once more."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A primary that is, or may be, still broken."""

    file: RecordFile
    breaker: Breaker

    @property
    def story(self) -> str:
        """For whoever is asked what to do about it."""
        record = self.file.record
        if not record.pid:
            return (
                f"health check {record.memory.get('check_id')} of {record.failover} bears the mark of a drill on"
                f" {record.host}, which was killed, or still goes on there"
            )
        return (
            f"a drill of {record.failover} ({record.method}, begun {date_and_clock(record.began_at)} on {record.host}"
            f" by process {record.pid})"
            " was killed before it restored the primary"
        )

    def repair(self, tell: Callable[[str], None]) -> None:
        """Restore the primary. Raises NotRestored."""
        put_back(self.breaker, self.file, tell=tell, within=REPAIRED_WITHIN)

    def leave(self) -> None:
        """Let it be for now. What only the account knew stays there, not here: it may be repaired where it was made."""
        if self.file.record.pid:
            self.file.release()
        else:
            self.file.remove()


def on_this_machine(state: Path) -> Iterator[LeftOver]:
    """From the records. Raises ValueError for those that make no sense, after all others."""
    senseless = []
    for file in leftovers(state):
        try:
            breaker = breaker_from(file.record, BRISK)
        except ValueError as wrong:
            file.release()
            senseless.append(f"{file.path}: {wrong}")
        else:
            yield LeftOver(file, breaker)
    if senseless:
        raise ValueError("\n".join(senseless))


def in_the_account(target: Target, account: Account, state: Path) -> LeftOver | None:
    """From the mark on the check: another machine's drill. Raises ProvisionFailed, CannotDrill.

    Nobody here can tell whether that machine's drill still goes on; one that goes on here is none.
    """
    check = target.check
    if check is None or check.id is None:
        return None
    with explained("looking for the mark of another drill"):
        mark = mark_of(account.route53, check.id)
    if mark is None or any(each.memory.get("check_id") == check.id for each in living(state)):
        return None
    breaker = Invert.from_mark(account.route53, check.id, mark)
    host = mark.partition("host=")[2] or "another machine"
    record = replace(record_of(account, target, breaker, time.time()), host=host, pid=0)
    return LeftOver(state_file(state, record)(), breaker)

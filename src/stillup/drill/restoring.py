"""Breaking with a net: on record before, and put back whatever happens."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from botocore.config import Config

from stillup.drill.breakers.breaker import Breaker, RestoreFailed, Unrestorable
from stillup.drill.interrupts import Interrupts
from stillup.drill.leftovers import AtWork, Record, RecordFile
from stillup.drill.phases import Act
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.target import CannotDrill, Target
from stillup.provision.account import PATIENT, Account
from stillup.provision.api_errors import API_ERRORS

RESTORE_WITHIN: Final = 600.0
"""Real seconds for which restoring is tried again."""
LONGEST_PAUSE: Final = 15.0
BRISK: Final = PATIENT.merge(
    Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=10)
)
"""While a primary is broken, everything is asked again soon: nothing may hang on one call."""
TRY_AGAIN: Final = (RestoreFailed, *API_ERRORS, OSError)


class NotRestored(Exception):
    """The primary is still broken. The text says how to restore it."""


class Net:
    """What the breaker is allowed to fall into. `tell` gets sentences for the person who waits."""

    def __init__(
        self,
        breaker: Breaker,
        record: Callable[[], RecordFile],
        *,
        clock: Stopwatch,
        interrupts: Interrupts,
        tell: Callable[[str], None],
    ) -> None:
        self._breaker = breaker
        self._record = record
        self._clock = clock
        self._interrupts = interrupts
        self._tell = tell
        self._file: RecordFile | None = None
        self.broken: Act | None = None
        self.restored: Act | None = None

    @contextmanager
    def breaking(self) -> Iterator[None]:
        """Break; restore when the block is left, however that happens. Raises NotRestored, and the breaker's errors."""
        try:
            with self._interrupts.shielded():
                self._file = file = self._record()
            began = self._clock.elapsed()
            self._breaker.break_(file.remember)
            self.broken = Act(began, self._clock.elapsed())
            yield
        finally:
            self.restore()

    def restore(self) -> None:
        """Put back what is broken; what is not needs nothing. Raises NotRestored.

        `breaking` does it on leaving. An interrupt, of which there is one, may come just there: who catches it
        calls this again.
        """
        with self._interrupts.shielded():
            file, self._file = self._file, None
            if file is not None:
                began = self._clock.elapsed()
                put_back(self._breaker, file, tell=self._tell)
                self.restored = Act(began, self._clock.elapsed())


def record_of(account: Account, target: Target, breaker: Breaker, began_at: float) -> Record:
    """All that is needed to restore."""
    return Record(
        failover=target.failover.name,
        method=breaker.method,
        profile=account.profile,
        region=account.region,
        endpoint_url=account.endpoint_url,
        began_at=began_at,
        pid=os.getpid(),
        host=socket.gethostname(),
        memory=breaker.memory(),
    )


def put_back(
    breaker: Breaker, file: RecordFile, *, tell: Callable[[str], None], within: float = RESTORE_WITHIN
) -> None:
    """Restore, again and again until it is verified or `within` seconds are over; then the record goes.

    Raises NotRestored; the record then stays for the next start.
    """
    deadline, pause = time.monotonic() + within, 0.5
    while True:
        try:
            breaker.restore()
        except TRY_AGAIN as why:
            if time.monotonic() + pause > deadline or isinstance(why, Unrestorable):
                file.release()
                raise NotRestored(
                    f"the primary of {file.record.failover} could not be restored: {why}\n"
                    f"What has to be undone is in {file.path}; `stillup drill --restore` tries it again."
                    " Delete the file if there is nothing left that could be restored."
                ) from why
            tell(f"restoring failed, trying again in {pause:.0f} s: {why}")
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            _forget(file, tell)
            return


def _forget(file: RecordFile, tell: Callable[[str], None]) -> None:
    try:
        file.remove()
    except OSError as wrong:
        file.release()
        tell(f"the primary is restored; delete {file.path}, which we cannot: {wrong.strerror}")


def state_file(folder: Path, record: Record) -> Callable[[], RecordFile]:
    """How the record is made, when it is; that raises CannotDrill."""

    def create() -> RecordFile:
        try:
            return RecordFile.create(folder, record)
        except AtWork as other:
            raise CannotDrill(str(other)) from None
        except OSError as wrong:
            raise no_record_in(folder, wrong) from None

    return create


def no_record_in(folder: Path, why: OSError) -> CannotDrill:
    """To be raised."""
    return CannotDrill(
        f"nothing is broken without a record of how to restore it, and none can be kept in {folder}"
        f" ({why.strerror}): choose another folder by --state"
    )

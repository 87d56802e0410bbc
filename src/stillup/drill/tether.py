"""Runs one command that does not outlive us. A program of its own: `python tether.py FOLDER COMMAND …`

SIGTERM is passed on to the command, and its exit code is ours: 128 + N for signal N. When standard input ends, which
it does when whoever holds the other end dies however it may, the command is asked to stop, killed where it does not,
and FOLDER is removed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from contextlib import suppress
from typing import Final

STOPPED_WITHIN: Final = 15.0
"""Seconds that the command may take to stop."""


def main(folder: str, command: list[str]) -> int:
    """Run the command to its end."""
    # Until there is a command to pass it on to, SIGTERM waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)],
        setsigmask=[],
    )

    def send(number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    is_cut, is_over = threading.Event(), threading.Event()

    def follow() -> None:
        while os.read(0, 1):
            pass
        is_cut.set()
        send(signal.SIGTERM)
        if not is_over.wait(STOPPED_WITHIN):
            send(signal.SIGKILL)

    signal.signal(signal.SIGTERM, lambda number, _: send(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=follow, daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    is_over.set()
    if is_cut.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

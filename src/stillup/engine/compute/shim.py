"""Runs one command and outlives neither it nor the engine. A program of its own: `python shim.py COMMAND …`

The command leads a process group. SIGTERM is passed on to the group; when the command ends, what it left in the
group is killed; when standard input ends, which is when the engine closes it or dies however it may, the
group is killed. Exits as the command did, 128 + N for signal N, 127 if it could not be started.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress


def main(command: list[str]) -> int:
    """Run the command to its end."""
    # Until there is a group to pass it on to, SIGTERM waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        child = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)],
            setpgroup=0,
            setsigmask=[],
            setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],  # Python ignores these two
        )
    except OSError as wrong:
        print(f"stillup: {command[0]}: {wrong.strerror}", file=sys.stderr)
        return 127

    def kill(number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(child, number)

    def follow_the_engine() -> None:
        while os.read(0, 1):
            pass
        kill(signal.SIGKILL)

    signal.signal(signal.SIGTERM, lambda number, _: kill(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=follow_the_engine, daemon=True).start()
    # Seen but not reaped, the command keeps its group's number from being given to another.
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    kill(signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A process that has the `aws` command loaded and runs a copy of itself for whoever asks, until its input ends."""

from __future__ import annotations

import marshal
import os
import select
import signal
import socket
import sys
import traceback

import awscli.clidriver
import awscli.handlers  # the command loads it later, which takes as long as all the rest


def main(path: str) -> None:
    """Answer at this socket."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                _answer(connection)
            connection.close()


def _answer(connection: socket.socket) -> None:
    """Become the process that asks, run the command, tell its exit code."""
    code = 1
    try:
        start, streams, *_ = socket.recv_fds(connection, 1 << 16, 3)
        with connection.makefile("rb") as rest:
            words, folder, environment = marshal.loads(start + rest.read())
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.chdir(folder)
        data = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}  # set by `import awscli`
        os.environ.clear()
        os.environ.update(environment | data)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.argv = ["aws", *words]
        code = awscli.clidriver.main()
        sys.stdout.flush()
    except SystemExit as left:
        code = int(left.code or 0)
    except BaseException:  # noqa: BLE001 - nothing may go on behind the copy's back
        traceback.print_exc()
    finally:
        connection.send(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])

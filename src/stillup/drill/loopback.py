"""Two addresses of one machine, and one port on both: as on the web, a visitor only knows the name."""

from __future__ import annotations

import socket
from typing import Final

PRIMARY_ADDRESS: Final = "127.0.0.2"
BACKUP_ADDRESS: Final = "127.0.0.3"


class NoLoopback(Exception):
    """The two addresses cannot be had here; the text says what to do."""


def free_port() -> int:
    """A port that is free on the primary's and the backup's address. Raises NoLoopback."""
    for _ in range(20):
        try:
            with socket.create_server((PRIMARY_ADDRESS, 0)) as first:
                port: int = first.getsockname()[1]
                with socket.create_server((BACKUP_ADDRESS, port)):
                    return port
        except OSError as error:
            failure = error
    raise NoLoopback(
        f"{PRIMARY_ADDRESS} and {BACKUP_ADDRESS} are needed as loopback addresses ({failure}); "
        "where they are not, as on macOS: sudo ifconfig lo0 alias ADDRESS"
    )

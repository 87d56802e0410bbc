"""A resolver without a cache: hands questions on to one server, until it ends."""

from __future__ import annotations

import socket
import threading
from typing import Self

from stillup.plan.address import Address


class Resolver:
    """Answers while the block lasts."""

    def __init__(self, upstream: Address) -> None:
        self._upstream = (upstream.host, upstream.port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = Address(*self._socket.getsockname())
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (self.address.host, self.address.port))
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            query, visitor = self._socket.recvfrom(4096)
            if not query:
                return
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.settimeout(2)
                out.sendto(query, self._upstream)
                self._socket.sendto(out.recv(4096), visitor)

"""An HTTP listener that takes what is posted to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TypeAlias

from stillup.drill.target import CannotDrill
from stillup.plan.address import Address

MOST: Final = 524_288
"""Octets of a body: a message of SNS has half as many, and its JSON some more."""
PATIENCE: Final = 10.0
"""Seconds for which a client may say nothing."""
Receive: TypeAlias = Callable[[str, bytes], HTTPStatus]
"""Path and body of what was posted, to the answer. Called in any thread."""


@contextmanager
def listening(at: Address, receive: Receive) -> Iterator[Address]:
    """Listens while the block lasts; where. Raises CannotDrill where it cannot."""

    try:
        made = _Server(at, receive)
    except OSError as wrong:
        raise CannotDrill(f"--listen {at}: nobody can listen there: {wrong.strerror or wrong}") from None
    with made as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Address(at.host, server.server_port)
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, at: Address, receive: Receive) -> None:
        self.address_family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
        self.receive = receive
        super().__init__((at.host, at.port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever breaks off is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server: _Server

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            self._answer(HTTPStatus.LENGTH_REQUIRED)
            return
        if not 0 <= length <= MOST:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(length)
        self._answer(self.server.receive(self.path, body) if len(body) == length else HTTPStatus.BAD_REQUEST)

    def _answer(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever runs it tells the story."""

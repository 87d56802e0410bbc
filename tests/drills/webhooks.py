"""Web servers that subscribe themselves, and may turn bad afterwards."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
import urllib.request
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, Self, TypeVar

from tests.engine.notify.peers import Script, request_of, serving

_T = TypeVar("_T")


class Webhooks:
    """Servers on loopback in a thread of their own, and what they were told."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: dict[int, AsyncExitStack] = {}
        self._arrived = threading.Condition()
        self._told: dict[str, list[tuple[str, bytes]]] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for port in list(self._servers):
            self.take_down(port)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def start(self, *, port: int = 0, script: Script | None = None, tls: ssl.SSLContext | None = None) -> int:
        """A server, by default a good one; its port."""

        async def start() -> int:
            stack = AsyncExitStack()
            bound = await stack.enter_async_context(serving(script or self._listen, tls, port=port))
            self._servers[bound] = stack
            return bound

        return self._run(start())

    def take_down(self, port: int) -> None:
        """Close the server on this port."""
        self._run(self._servers.pop(port).aclose())

    def turn(self, port: int, script: Script) -> None:
        """From now on the server on this port behaves so."""
        self.take_down(port)
        self.start(port=port, script=script)

    def await_told(self, path: str, kind: str, within: float = 10.0) -> tuple[str, bytes]:
        """Head and body of the first message of this kind that was posted to this path."""
        deadline = time.monotonic() + within
        with self._arrived:
            while True:
                for head, body in self._told.get(path, []):
                    if f"x-amz-sns-message-type: {kind}" in head:
                        return head, body
                left = deadline - time.monotonic()
                assert left > 0, f"no {kind} for {path} after {within:.0f} s"
                self._arrived.wait(left)

    def await_number(self, kind: str, number: int, within: float) -> int:
        """Wait until so many messages of this kind were posted to different paths; the number."""
        deadline = time.monotonic() + within
        with self._arrived:
            while (found := self._number(kind)) < number and (left := deadline - time.monotonic()) > 0:
                self._arrived.wait(left)
        return found

    def _number(self, kind: str) -> int:
        field = f"x-amz-sns-message-type: {kind}"
        return sum(any(field in head for head, _ in told) for told in self._told.values())

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, body = await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        with self._arrived:
            self._told.setdefault(head.split(" ")[1], []).append((head, body))
            self._arrived.notify_all()

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def follow(told: tuple[str, bytes], link: str) -> str:
    """Open a link of a message, without credentials, as its receiver does; the answer."""
    with urllib.request.urlopen(json.loads(told[1])[link]) as answer:
        return answer.read().decode()

"""A visitor who asks all the time, while somebody changes what is live."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Self

import dns.message
import dns.query
import dns.rcode
import httpx

from stillup.drill.engine_process import Listeners

PAUSE = 0.02
"""Seconds between two visits."""


class Visitor:
    """Asks for the name's address, and where that is the standby's site, for its page; until the block is left.

    The block begins after the first answer, so that a change within it is never the first thing seen.
    """

    def __init__(self, listeners: Listeners, name: str) -> None:
        self._listeners, self._name = listeners, name
        self._stop, self._has_seen = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._visit)
        self.got: Counter[str] = Counter()
        """Addresses and pages, and whatever went wrong."""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._has_seen.wait(timeout=30), "the visitor got no answer at all"
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def ask(self) -> str:
        """The address, or the code of an answer without one."""
        query = dns.message.make_query(self._name, "A")
        server = self._listeners.dns
        answer = dns.query.udp(query, server.host, port=server.port, timeout=5)
        if answer.rcode() != dns.rcode.NOERROR or not answer.answer:
            return f"no answer ({dns.rcode.to_text(answer.rcode())})"
        return " ".join(sorted(str(each) for each in answer.answer[0]))

    def _visit(self) -> None:
        with httpx.Client(timeout=5, headers={"Host": self._name}) as browser:
            while not self._stop.wait(PAUSE):
                address = self.ask()
                self.got[address] += 1
                self._has_seen.set()
                if address == STANDBY:
                    page = browser.get(f"http://{self._listeners.site}/")
                    self.got[page.text if page.status_code == 200 else f"broken ({page.status_code})"] += 1


STANDBY = "127.0.0.9"
"""What the engine answers for its site."""

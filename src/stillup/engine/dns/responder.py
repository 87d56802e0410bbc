"""From a packet to the packet that answers it, whichever way they travel."""

from __future__ import annotations

import logging
from typing import Final, Protocol

from stillup.engine.dns.counters import DnsCounters
from stillup.engine.ports import Die
from stillup.rules.chance import pick
from stillup.rules.resolution import Rcode
from stillup.wire.dns.answer import Rendered, assemble_failure, assemble_refusal, assemble_response
from stillup.wire.dns.edns import largest_udp
from stillup.wire.dns.question import Problem, Question, parse_question

LARGEST_TCP: Final = 0xFFFF
"""What the two octets of length can say (RFC 1035 §4.2.2)."""

_TRUNCATED: Final = 0x02

_log = logging.getLogger(__name__)


class AnswerBook(Protocol):
    """Answers, rendered ahead of the queries."""

    def answer(self, qname: bytes, qtype: int) -> Rendered:
        """The answer for this name (wire form, lower case) and type; REFUSED outside our zones."""


class Responder:
    """Answers packets from the book. Raises nothing, whatever the packet and whatever the book does."""

    def __init__(self, book: AnswerBook, die: Die, counters: DnsCounters) -> None:
        self._book = book
        self._die = die
        self._counters = counters
        self._reported: set[tuple[type[Exception], str, int]] = set()

    def respond_udp(self, packet: bytes) -> bytes | None:
        """The response to a datagram, None for silence."""
        self._counters.udp_queries += 1
        return self._respond(packet, over_tcp=False)

    def respond_tcp(self, message: bytes) -> bytes | None:
        """The response to a message of a connection, None for silence."""
        self._counters.tcp_queries += 1
        return self._respond(message, over_tcp=True)

    def _respond(self, packet: bytes, *, over_tcp: bool) -> bytes | None:
        query = parse_question(packet)
        if isinstance(query, Problem):
            return self._refuse(query)
        max_size = LARGEST_TCP if over_tcp else largest_udp(query.edns)
        try:
            rendered = self._book.answer(query.name, query.type)
            variants = len(rendered.variants)
            variant = 0 if variants == 1 else pick(self._die.fraction(), variants, rendered.bounds)
            response = assemble_response(query, rendered, variant=variant, max_size=max_size)
        except Exception as mistake:  # noqa: BLE001  one bad answer must not silence the others
            return self._fail(query, mistake)
        self._counters.by_rcode[rendered.rcode] += 1
        if response[2] & _TRUNCATED:
            self._counters.truncated += 1
        return response

    def _refuse(self, problem: Problem) -> bytes | None:
        if problem.rcode is None:
            self._counters.unanswered += 1
        else:
            self._counters.by_rcode[problem.rcode] += 1
        return assemble_refusal(problem)

    def _fail(self, query: Question, mistake: Exception) -> bytes:
        """SERVFAIL. A client can ask again a million times, so each mistake is logged the first time only."""
        origin = _origin(mistake)
        if origin not in self._reported:
            self._reported.add(origin)
            _log.error("answering %r type %d failed", query.name, query.type, exc_info=mistake)
        self._counters.failures += 1
        self._counters.by_rcode[Rcode.SERVFAIL] += 1
        return assemble_failure(query, Rcode.SERVFAIL)


def _origin(mistake: Exception) -> tuple[type[Exception], str, int]:
    """What was raised, and the file and line that raised it."""
    step = mistake.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is None:
        return type(mistake), "", 0
    return type(mistake), step.tb_frame.f_code.co_filename, step.tb_lineno

"""The DNS as it answers now: who serves the zone, and what the name leads to."""

from __future__ import annotations

from typing import Final

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.resolver

from stillup.plan.setup import Zone
from stillup.provision.live.question import NotAsked, Question

PATIENCE: Final = 3.0
"""Seconds for one question."""
_SERVERS_ASKED: Final = 2
"""Of a zone's own name servers: they agree, or the next run shows that they do not."""


def read_delegation(question: Question) -> tuple[str, ...]:
    """The name servers that the zone's parent names. Raises NotAsked on an engine and for private zones; DNSException."""
    zone = _zone(question)
    if question.is_engine or zone is None or zone.is_private:
        raise NotAsked
    name = dns.name.from_text(zone.name)
    server = _server_of_parent(name)
    query = dns.message.make_query(name, dns.rdatatype.NS)
    query.flags &= ~dns.flags.RD
    reply = dns.query.udp(query, server, timeout=PATIENCE)
    sections = (*reply.authority, *reply.answer)
    found = {
        each.target.to_text(omit_final_dot=True).lower()
        for rrset in sections
        if rrset.rdtype == dns.rdatatype.NS and rrset.name == name
        for each in rrset
    }
    return tuple(sorted(found))


def read_answers(question: Question) -> dict[str, tuple[str, ...]]:
    """By server. On an engine `where.dns` says who is asked. Raises NotAsked and DNSException."""
    types = {record.type for record in question.records("PRIMARY")}
    servers = _servers(question)
    if not types or not servers:
        raise NotAsked
    return {label: _ask(host, port, question.setup.name, types) for label, host, port in servers}


def _zone(question: Question) -> Zone | None:
    return None if question.actual is None else question.actual.zone


def _server_of_parent(name: dns.name.Name) -> str:
    """An address of a server of the nearest zone above."""
    above = name.parent()
    while True:
        answer = dns.resolver.resolve(above, "NS", raise_on_no_answer=False, lifetime=PATIENCE)
        if answer.rrset is not None:
            target = next(iter(answer.rrset)).target
            return _address(target.to_text())
        above = above.parent()


def _servers(question: Question) -> list[tuple[str, str, int]]:
    if question.where is not None and question.where.dns:
        split = [each.rpartition(":") for each in question.where.dns]
        return [(f"{host}:{port}", host.strip("[]"), int(port)) for host, _, port in split]
    zone = _zone(question)
    if question.is_engine or zone is None or zone.is_private:
        return []
    named = zone.name_servers[:_SERVERS_ASKED]
    return [(name, _address(name), 53) for name in named]


def _address(name: str) -> str:
    return str(next(iter(dns.resolver.resolve(name, "A", lifetime=PATIENCE))))


def _ask(host: str, port: int, name: str, types: set[str]) -> tuple[str, ...]:
    values = []
    for each in sorted(types):
        reply = dns.query.udp(dns.message.make_query(name, each), host, port=port, timeout=PATIENCE)
        values += [
            data.to_text().removesuffix(".")
            for rrset in reply.answer
            if dns.rdatatype.to_text(rrset.rdtype) == each
            for data in rrset
        ]
    return tuple(values)

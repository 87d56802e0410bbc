"""The DNS as it answers now: who serves the zone, and what the name leads to."""

from __future__ import annotations

from typing import Final

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.resolver

from stillup.plan.address import Address
from stillup.plan.setup import Zone
from stillup.provision.live.question import NotAsked, Question
from stillup.provision.lookup import DNS_PORT, address_of, ask

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
    """By server. On an engine `where.dns` says who is asked. Raises NotAsked, Unanswered and DNSException."""
    types = {record.type for record in question.records("PRIMARY")}
    servers = _servers(question)
    if not types or not servers:
        raise NotAsked
    return {label: _values(server, question.setup.name, types) for label, server in servers.items()}


def _zone(question: Question) -> Zone | None:
    return None if question.actual is None else question.actual.zone


def _server_of_parent(name: dns.name.Name) -> str:
    """An address of a server of the nearest zone above."""
    above = name.parent()
    while True:
        answer = dns.resolver.resolve(above, "NS", raise_on_no_answer=False, lifetime=PATIENCE)
        if answer.rrset is not None:
            target = next(iter(answer.rrset)).target
            return address_of(target.to_text(), timeout=PATIENCE)
        above = above.parent()


def _servers(question: Question) -> dict[str, Address]:
    if question.where is not None and question.where.dns:
        return {each: Address.parse(each) for each in question.where.dns}
    zone = _zone(question)
    if question.is_engine or zone is None or zone.is_private:
        return {}
    named = zone.name_servers[:_SERVERS_ASKED]
    return {name: Address(address_of(name, timeout=PATIENCE), DNS_PORT) for name in named}


def _values(server: Address, name: str, types: set[str]) -> tuple[str, ...]:
    answers = ((each, ask(server, name, each, timeout=PATIENCE)) for each in sorted(types))
    return tuple(
        value for each, answer in answers for value in (answer.names if each == "CNAME" else answer.addresses)
    )

"""A visitor: knows a name and a port, asks the DNS, opens the page."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.message
import dns.query
import dns.rdatatype

from stillup.drill.engine_process import Address

PATIENCE: Final = 2.0
"""Seconds that a visitor waits for the DNS, and again for the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a visitor got: the address that the DNS gave, and the page behind it.

    `text` is None when nothing could be had from that address.
    """

    address: str
    text: str | None


def ask(server: Address, name: str) -> str | None:
    """The first address that the DNS server gives for the name, None if it gives none."""
    query = dns.message.make_query(name, dns.rdatatype.A)
    try:
        reply = dns.query.udp(query, server.host, port=server.port, timeout=PATIENCE)
    except (dns.exception.Timeout, OSError):
        return None
    for rrset in reply.answer:
        if rrset.rdtype == dns.rdatatype.A:
            return str(rrset[0])
    return None


def fetch(address: str, port: int, host: str) -> str | None:
    """The page that this address serves for the host, None if there is none."""
    connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/", headers={"Host": host})
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return text if response.status == http.HTTPStatus.OK else None


def visit(server: Address, name: str, port: int) -> Page | None:
    """Ask the DNS for the name and open the page there; None if the DNS gives no address."""
    address = ask(server, name)
    return None if address is None else Page(address, fetch(address, port, name))

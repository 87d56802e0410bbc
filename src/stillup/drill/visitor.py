"""A visitor: knows a name and a port, asks the DNS, opens the page."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Final

from stillup.drill import browser
from stillup.plan.address import Address
from stillup.provision.lookup import lookup

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
    answer = lookup(server, name, timeout=PATIENCE)
    return answer.addresses[0] if answer is not None and answer.addresses else None


def visit(server: Address, name: str, port: int) -> Page | None:
    """Ask the DNS for the name and open the page there; None if the DNS gives no address."""
    address = ask(server, name)
    if address is None:
        return None
    try:
        page = browser.fetch(address, browser.Place("http", name, port, "/"), timeout=PATIENCE)
    except (OSError, http.client.HTTPException):
        return Page(address, None)
    return Page(address, page.text if page.status == http.HTTPStatus.OK else None)

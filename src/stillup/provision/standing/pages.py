"""What a visitor gets by HTTP from the addresses that were answered, as seen from here."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from stillup.plan.chain.seen import Page
from stillup.provision.web import fetch, target_of

_TITLE: Final = re.compile(r"<title[^>]*>([^<]*)</title>", re.IGNORECASE)
_LONGEST_TITLE: Final = 80


def read_page(url: str, address: str) -> Page:
    """The page of the URL at this address, whatever the DNS says; redirects are not followed."""
    try:
        page = fetch(target_of(url, address=address), verifies=True)
    except ValueError as error:
        return Page(url, address, problem=str(error))
    found = _TITLE.search((page.body or b"").decode(errors="replace"))
    title = " ".join(unescape(found[1]).split())[:_LONGEST_TITLE] if found else None
    return Page(url, address, page.status, title or None, page.server, problem=page.error)

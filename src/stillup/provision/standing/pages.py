"""What a visitor gets by HTTP from the addresses that were answered, as seen from here."""

from __future__ import annotations

import re
import ssl
from html import unescape
from typing import Final
from urllib.parse import urlsplit

import urllib3

from stillup.plan.chain.seen import Page

PATIENCE: Final = 4.0
"""Seconds for the connection, and again for the page."""
_LOOKED_AT: Final = 65_536
"""Octets in which the title must stand."""
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def read_page(url: str, address: str) -> Page:
    """The page of the URL at this address, whatever the DNS says; redirects are not followed."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path or "/"
    target = path if not parts.query else f"{path}?{parts.query}"
    try:
        with _pool(parts.scheme, host, address, parts.port) as pool:
            response = pool.request(
                "GET",
                target,
                headers={"Host": parts.netloc, "User-Agent": "stillup", "Connection": "close"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                body = response.read(_LOOKED_AT, decode_content=True)
            finally:
                response.close()
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        return Page(url, address, problem=_in_words(error))
    found = _TITLE.search(body.decode("utf-8", "replace"))
    title = " ".join(unescape(found[1]).split())[:80] if found else None
    return Page(url, address, response.status, title or None, response.headers.get("Server"))


def _pool(scheme: str, host: str, address: str, port: int | None) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=PATIENCE, read=PATIENCE)
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            server_hostname=host,
            assert_hostname=host,
            ssl_context=ssl.create_default_context(),
        )
    return urllib3.HTTPConnectionPool(address, port, timeout=timeout)


def _in_words(error: Exception) -> str:
    match error:
        case urllib3.exceptions.ConnectTimeoutError():
            return f"no connection within {PATIENCE:g} s"
        case urllib3.exceptions.ReadTimeoutError():
            return f"no answer within {PATIENCE:g} s"
        case urllib3.exceptions.NewConnectionError() if "refused" in str(error):
            return "the connection was refused"
        case _:
            return str(error).rpartition(": ")[2] or type(error).__name__

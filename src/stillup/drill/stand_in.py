"""Stands in for a primary: a web server of one page, with a health check to go with it.

Run as `python -m stillup.drill.stand_in ADDRESS PORT [STATUS WORDS]`; it serves until it is killed. A check gets `ok`
at /health; with the last two, every path gets this status and a page with these words.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

PAGE = b"<!doctype html><title>www.example.com</title><h1>Welcome, this is the primary</h1>\n"


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    status: ClassVar[int] = 200
    words: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        body = b"ok\n" if self.path == "/health" and not self.words else PAGE + self.words
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html")
        if self.status not in (204, 304):  # which have no content (RFC 9110 §6.4.1)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.status not in (204, 304):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever runs it tells the story."""


if __name__ == "__main__":
    address, port, *rest = sys.argv[1:]
    if rest:
        _Page.status, _Page.words = int(rest[0]), rest[1].encode()
    ThreadingHTTPServer((address, int(port)), _Page).serve_forever()

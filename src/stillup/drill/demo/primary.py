"""The primary of the demo: a web server of one page, with a health check to go with it.

Run as `python -m stillup.drill.demo.primary ADDRESS PORT`; it serves until it is killed.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><title>www.example.com</title><h1>Welcome, this is the primary</h1>\n"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"ok\n" if self.path == "/health" else PAGE
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo tells the story."""


if __name__ == "__main__":
    address, port = sys.argv[1:]
    ThreadingHTTPServer((address, int(port)), _Page).serve_forever()

"""A primary that fails while a file is there. Run as `python -m tests.drills.flagged_primary ADDRESS PORT FILE`."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    flag: ClassVar[Path]

    def do_GET(self) -> None:
        body = b"<h1>the primary</h1>\n"
        self.send_response(500 if self.flag.exists() else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    address, port, flag = sys.argv[1:]
    _Page.flag = Path(flag)
    ThreadingHTTPServer((address, int(port)), _Page).serve_forever()

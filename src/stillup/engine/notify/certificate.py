"""The signing certificate, at the API's listener, for whoever verifies a signature."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


def serving(pem: bytes, path: str, application: ASGIApp) -> ASGIApp:
    """`application`, but GET and HEAD of `path` answer the certificate, to anybody."""
    response = Response(pem, media_type="application/x-pem-file", headers={"Cache-Control": "max-age=86400"})

    async def with_certificate(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["path"] == path and scope["method"] in ("GET", "HEAD")
        await (response if is_asked else application)(scope, receive, send)

    return with_certificate

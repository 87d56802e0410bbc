"""`/healthz`, `/readyz`, `/metrics` and `/` of the console listener."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from stillup.engine.ports import Clock, Figure, Figures
from stillup.engine.status.metrics import Exposition
from stillup.engine.status.view import StatusPorts, view


def status_application(
    ports: StatusPorts,
    clock: Clock,
    not_ready: Callable[[], str | None],
    duties: Sequence[Figures] = (),
) -> Starlette:
    """The console listener's application. `not_ready` gives the reason for not being ready, None when ready.

    `/healthz` says that the process answers; `/readyz` that it may be given work; `/metrics` has the figures of
    `duties`, also of those that join them later.
    """
    exposition = Exposition([_Readiness(not_ready)], duties)
    templates = Environment(
        loader=PackageLoader("stillup.engine.status", "."), autoescape=select_autoescape()
    )
    page = templates.get_template("page.html")

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        reason = not_ready()
        if reason is None:
            return PlainTextResponse("ready\n")
        return PlainTextResponse(f"not ready: {reason}\n", status_code=503)

    async def metrics(request: Request) -> Response:
        text, content_type = await exposition.render(request.headers.get("accept", ""))
        return Response(text, headers={"content-type": content_type})

    async def index(_: Request) -> Response:
        return HTMLResponse(page.render(view=await view(ports, clock.now())))

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Route("/", index),
        ]
    )


class _Readiness:
    """`/readyz` as a figure."""

    def __init__(self, not_ready: Callable[[], str | None]) -> None:
        self._not_ready = not_ready

    def figures(self) -> Sequence[Figure]:
        return [
            Figure("stillup_ready", "1 when the engine may be given work.", float(not self._not_ready()), {})
        ]

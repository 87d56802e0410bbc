"""The pages that links in mails open: they say what a button would do, and the button does it.

Programs that scan mails follow links, by GET and by HEAD: neither changes anything.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from stillup.engine.notify.links import CONFIRM, UNSUBSCRIBE
from stillup.engine.ports import Clock, Die, JournalUnavailable, Worlds
from stillup.engine.uuids import new_message_id
from stillup.rules.changes import SubscriptionDeleted
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics.endpoints import shown_endpoint
from stillup.rules.topics.subscribing import confirm, unsubscribe
from stillup.rules.topics.topic import Subscription
from stillup.rules.world import World

_TEMPLATES: Final = Environment(loader=PackageLoader("stillup.engine.notify"), autoescape=select_autoescape())
_PAGE: Final = _TEMPLATES.get_template("page.html")
_STYLE: Final = _TEMPLATES.get_template("page.css").render()
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # The address of the page holds the token.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. Without a button there is nothing to do."""

    title: str
    text: str
    status: int = 200
    button: str | None = None
    topic: str | None = None
    endpoint: str | None = None


_NO_LINK: Final = Page(
    "This link is not good",
    "It is incomplete, too old, or was replaced by the link in a newer mail. Ask for a new one by subscribing again.",
    status=404,
)
_NO_DISK: Final = Page(
    "Not now", "The engine cannot write to its disk at the moment. Please try again later.", status=503
)
_CONFIRMED: Final = Page("You are subscribed", "The subscription is confirmed. There is nothing more to do.")
_ENDED: Final = Page("You are not subscribed", "The subscription is over. There is nothing more to do.")


def page_routes(*, worlds: Worlds, clock: Clock, die: Die) -> list[Route]:
    """For the console's application. Pages are for whoever has the token in the link; nobody logs in."""
    pages = _Pages(worlds, clock, die)
    return [
        Route(CONFIRM, pages.confirmation, methods=["GET", "POST"]),
        Route(UNSUBSCRIBE, pages.farewell, methods=["GET", "POST"]),
    ]


class _Pages:
    def __init__(self, worlds: Worlds, clock: Clock, die: Die) -> None:
        self._worlds = worlds
        self._clock = clock
        self._die = die

    async def confirmation(self, request: Request) -> Response:
        """Confirms a subscription, or brings one back that was ended.

        | token                    | GET, HEAD            | POST              |
        |--------------------------|----------------------|-------------------|
        | pending, or ended lately | a button             | confirmed         |
        | confirmed already        | so it is             | so it is          |
        | unknown, or too old      | the link is not good | the same          |
        """
        topic, token = Arn(request.query_params.get("topic", "")), request.query_params.get("token", "")
        if request.method != "POST":
            return _rendered(self._confirmation_preview(topic, token))
        try:
            done = await self._worlds.commit(
                lambda world: confirm(world, topic, token, authenticated=False, now=self._clock.now())
            )
        except JournalUnavailable:
            return _rendered(_NO_DISK)
        return _rendered(_NO_LINK if isinstance(done, Refusal) else _CONFIRMED)

    def _confirmation_preview(self, topic: Arn, token: str) -> Page:
        world = self._worlds.current
        would_be = confirm(world, topic, token, authenticated=False, now=self._clock.now())
        if isinstance(would_be, Refusal):
            return _NO_LINK
        subscription = would_be.subscription
        now = world.subscriptions.get(subscription.arn)
        if now is not None and now.is_confirmed:
            return _CONFIRMED
        return Page(
            "Confirm the subscription?",
            "From then on this address is told of everything that is published to the topic.",
            button="Confirm the subscription",
            topic=topic,
            endpoint=shown_endpoint(subscription.endpoint),
        )

    async def farewell(self, request: Request) -> Response:
        """Ends a subscription.

        | subscription and token          | GET, HEAD            | POST                          |
        |---------------------------------|----------------------|-------------------------------|
        | there, its own                  | a button             | ended                         |
        | not there                       | so it is             | so it is                      |
        | there, another's                | the link is not good | the same                      |
        | there, ending takes credentials | only its owner can   | the same                      |
        """
        arn, token = Arn(request.query_params.get("subscription", "")), request.query_params.get("token", "")
        found = self._worlds.current.subscriptions.get(arn)
        refused = _farewell_refused(found, token)
        if refused is not None or found is None:
            return _rendered(refused or _ENDED)
        if request.method != "POST":
            return _rendered(
                Page(
                    "Unsubscribe?",
                    "From then on this address is told of nothing that is published to the topic.",
                    button="Unsubscribe",
                    topic=found.topic_arn,
                    endpoint=shown_endpoint(found.endpoint),
                )
            )
        return _rendered(await self._end(arn))

    async def _end(self, arn: Arn) -> Page:
        message_id = new_message_id(self._die)
        token = self._die.octets(_TOKEN_OCTETS).hex()

        def decide(world: World) -> SubscriptionDeleted | Refusal | None:
            return unsubscribe(
                world,
                arn,
                authenticated=False,
                now=self._clock.now(),
                message_id=message_id,
                token=token,
            )

        try:
            done = await self._worlds.commit(decide)
        except JournalUnavailable:
            return _NO_DISK
        return _OWNER_ONLY if isinstance(done, Refusal) else _ENDED


_TOKEN_OCTETS: Final = 32
_OWNER_ONLY: Final = Page(
    "Only its owner can end it",
    "Whoever confirmed this subscription asked that it cannot be ended from a mail. Ask them.",
    status=403,
)


def _farewell_refused(found: Subscription | None, token: str) -> Page | None:
    if found is None:
        return _ENDED
    if not hmac.compare_digest(found.token.encode(), token.encode()):
        return _NO_LINK
    return _OWNER_ONLY if found.needs_authentication_to_unsubscribe else None


def _rendered(page: Page) -> Response:
    return HTMLResponse(
        _PAGE.render(page=page, style=_STYLE), status_code=page.status, headers=dict(_HEADERS)
    )

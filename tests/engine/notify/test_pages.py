"""The pages behind links in mails: what acts and what does not."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import httpx
import pytest
from starlette.applications import Starlette

from stillup.engine.notify.links import Links
from stillup.engine.notify.pages import page_routes
from stillup.engine.ports import JournalUnavailable
from stillup.rules.topics.topic import TOKEN_LIFETIME, Subscription
from tests.engine.notify.people import NOW, TOKEN, TOPIC, subscription, world
from tests.fakes import FakeClock, FakeDie, FakeWorlds

LINKS = Links("http://console", "http://api", "http://api/cert.pem")
PENDING = subscription(is_confirmed=False)
CONFIRM = LINKS.confirm_page(TOPIC, TOKEN)
LEAVE = LINKS.unsubscribe_page(subscription())
assert LEAVE is not None


class Visitor:
    """Somebody with a browser, and the world that he changes."""

    def __init__(self, *subscriptions: Subscription, ended: Subscription | None = None) -> None:
        there = world(*subscriptions)
        if ended is not None:
            there = replace(there, ended_subscriptions={ended.arn: ended})
        self.worlds = FakeWorlds(there)
        self.clock = FakeClock(NOW)
        routes = page_routes(worlds=self.worlds, clock=self.clock, die=FakeDie())
        self._transport = httpx.ASGITransport(app=Starlette(routes=routes))

    async def visit(self, method: str, url: str) -> tuple[int, str]:
        async with httpx.AsyncClient(transport=self._transport) as browser:
            answer = await browser.request(method, url)
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        if style := re.search("<style>(.*)</style>", answer.text, re.DOTALL):
            assert b64encode(sha256(style[1].encode()).digest()).decode() in policy
        return answer.status_code, answer.text

    @property
    def is_subscribed(self) -> bool:
        found = self.worlds.current.subscriptions.get(subscription().arn)
        return found is not None and found.is_confirmed


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_following_a_link_does_nothing(method: str) -> None:
    visitor = Visitor(PENDING)
    status, page = await visitor.visit(method, CONFIRM)
    assert status == 200
    assert ('<form method="post">' in page) == (method == "GET")
    assert not visitor.worlds.changes
    visitor = Visitor(subscription())
    status, page = await visitor.visit(method, str(LEAVE))
    assert status == 200
    assert ("anna@example.com" in page) == (method == "GET")
    assert not visitor.worlds.changes


async def test_the_button_confirms_and_twice_is_as_good_as_once() -> None:
    visitor = Visitor(PENDING)
    for _ in range(2):
        status, page = await visitor.visit("POST", CONFIRM)
        assert (status, visitor.is_subscribed) == (200, True)
        assert "confirmed" in page
        assert "<form" not in (await visitor.visit("GET", CONFIRM))[1]


async def test_the_button_ends_a_subscription_and_the_farewells_link_brings_it_back() -> None:
    visitor = Visitor(subscription())
    assert (await visitor.visit("POST", str(LEAVE)))[0] == 200
    assert not visitor.is_subscribed
    assert "over" in (await visitor.visit("GET", str(LEAVE)))[1]
    (ended,) = visitor.worlds.current.ended_subscriptions.values()
    back = LINKS.confirm_page(TOPIC, ended.token)
    assert (await visitor.visit("GET", back))[0] == 200
    assert not visitor.is_subscribed
    assert (await visitor.visit("POST", back))[0] == 200
    assert visitor.is_subscribed


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_that_is_not_good_says_so_and_does_nothing(method: str) -> None:
    visitor = Visitor(PENDING)
    for bad in (
        LINKS.confirm_page(TOPIC, "cd" * 32),
        LINKS.confirm_page(TOPIC, "<script>"),
        "http://console/confirm-subscription",
    ):
        status, page = await visitor.visit(method, bad)
        assert status == 404
        assert "<script>" not in page
    visitor.clock.instant += TOKEN_LIFETIME + 1
    assert (await visitor.visit(method, CONFIRM))[0] == 404
    guessed = LINKS.unsubscribe_page(subscription(token="cd" * 32))
    assert (await visitor.visit(method, str(guessed)))[0] == 404
    assert (await visitor.visit(method, "http://console/unsubscribe"))[0] == 200
    assert not visitor.worlds.changes


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_subscription_that_only_its_owner_can_end_stays(method: str) -> None:
    visitor = Visitor(subscription(needs_authentication_to_unsubscribe=True))
    assert (await visitor.visit(method, str(LEAVE)))[0] == 403
    assert visitor.is_subscribed


async def test_an_engine_that_cannot_write_asks_for_patience() -> None:
    visitor = Visitor(PENDING)

    async def refuse(decide: object) -> None:
        raise JournalUnavailable("disk full")

    visitor.worlds.commit = refuse  # type: ignore[assignment, method-assign]
    assert (await visitor.visit("POST", CONFIRM))[0] == 503


async def test_a_webhooks_password_is_not_shown() -> None:
    visitor = Visitor(
        subscription(protocol="https", endpoint="https://me:secret@hooks.example/", is_confirmed=False)
    )
    assert "secret" not in (await visitor.visit("GET", CONFIRM))[1]

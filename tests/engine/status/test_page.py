"""What the console listener says until the console is built."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import pytest

from stillup.engine.dns.book import AnswerBook
from stillup.engine.ports import CheckerReport
from stillup.engine.status.application import status_application
from stillup.engine.status.view import MOST_ANSWERS, StatusPorts, target, view
from stillup.rules.changes import ZoneDeleted
from stillup.rules.health.check import (
    AlarmIdentifier,
    HealthCheck,
    HealthCheckConfig,
    HealthCheckType,
    Status,
)
from stillup.rules.ids import ChangeId, HealthCheckId
from stillup.rules.records import FailoverRole
from stillup.rules.resolution import SiteAddresses
from stillup.rules.world import World
from stillup.rules.zones.zone import Submission
from tests.by_hand import ZONE_ID, failover, simple, website_alias, weighted, zone
from tests.engine.api.notification_api import FakeDeliveries
from tests.fakes import FakeClock, FakeWorlds

CHECK = HealthCheckId("primary")
SITE = SiteAddresses(v4=("192.0.2.80",))


@dataclass
class _Health:
    """One check's health, as the fleet would tell it."""

    statuses: dict[HealthCheckId, Status] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def status(self, check_id: HealthCheckId) -> Status:
        return self.statuses.get(check_id, Status.HEALTHY)

    def latest(self, _: HealthCheckId) -> Sequence[CheckerReport]:
        return [CheckerReport("us-east-1", "127.0.0.1", text, 0.0) for text in self.texts]

    def last_failures(self, _: HealthCheckId) -> Sequence[CheckerReport]:
        return ()

    def since(self, _: HealthCheckId) -> float | None:
        return 0.0

    def checker_ranges(self) -> Sequence[str]:
        return ()


def _world() -> World:
    config = HealthCheckConfig(HealthCheckType.HTTP, ip_address="192.0.2.1", port=80, resource_path="/health")
    check = HealthCheck(CHECK, "ref", config, tags={"Name": "<the primary>"})
    site = zone(
        failover(simple("www.example.com", "A", "192.0.2.1"), FailoverRole.PRIMARY, CHECK),
        failover(website_alias("www.example.com"), FailoverRole.SECONDARY),
    )
    return World(zones={site.id: site}, health_checks={CHECK: check})


def _large_world() -> World:
    records = [simple(f"n{number}.example.com", "A", "192.0.2.1") for number in range(MOST_ANSWERS + 1)]
    return World(zones={ZONE_ID: zone(*records)})


async def _get(path: str, health: _Health, *, world: World, not_ready: str | None = None) -> httpx.Response:
    book = AnswerBook(world, health, SITE)
    ports = StatusPorts(FakeWorlds(world), health, health, book, FakeDeliveries(), "")
    application = status_application(ports, FakeClock(), lambda: not_ready)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://console"
    ) as client:
        return await client.get(path)


async def test_the_page_shows_what_visitors_get_and_why() -> None:
    health = _Health({CHECK: Status.UNHEALTHY}, ["Failure: HTTP Status Code 503"])

    page = (await _get("/", health, world=_world())).text

    assert "192.0.2.80" in page and "failover secondary healthy" in page
    assert "us-east-1: Failure: HTTP Status Code 503" in page
    assert 'class="unhealthy"' in page
    assert "since 1970-01-01 00:00:00 UTC" in page


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (HealthCheckConfig(HealthCheckType.TCP, ip_address="192.0.2.1", port=25), "nothing yet"),
        (
            HealthCheckConfig(
                HealthCheckType.CLOUDWATCH_METRIC, alarm_identifier=AlarmIdentifier("eu-west-1", "load")
            ),
            "not probed",
        ),
    ],
)
async def test_where_no_vantage_has_seen_anything_the_page_says_why(
    config: HealthCheckConfig, said: str
) -> None:
    world = World(health_checks={CHECK: HealthCheck(CHECK, "ref", config)})

    assert f"<td>{said}</td>" in (await _get("/", _Health({CHECK: Status.HEALTHY}), world=world)).text


async def test_where_chance_decides_the_page_shows_all_that_may_be_answered() -> None:
    members = (
        weighted(simple("www.example.com", "A", "192.0.2.1"), 1),
        weighted(simple("www.example.com", "A", "192.0.2.2"), 3),
    )
    page = (await _get("/", _Health(), world=World(zones={ZONE_ID: zone(*members)}))).text

    assert "192.0.2.1" in page and "192.0.2.2" in page and "weighted healthy" in page


async def test_a_page_of_many_rows_lets_queries_in_between_and_has_an_end() -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count_turns())
    page = (await _get("/", _Health(), world=_large_world())).text
    counting.cancel()

    assert page.count("192.0.2.1") == MOST_ANSWERS and "1 more are not shown" in page
    assert turns > MOST_ANSWERS / 10


async def test_a_zone_may_go_while_the_page_is_made() -> None:
    worlds, health = FakeWorlds(_large_world()), _Health()
    book = AnswerBook(worlds.current, health, SITE)
    worlds.subscribe(book.publish)
    making = asyncio.create_task(view(StatusPorts(worlds, health, health, book, FakeDeliveries(), ""), 0.0))
    await asyncio.sleep(0)
    await worlds.commit(lambda world: ZoneDeleted(ZONE_ID, Submission(ChangeId("C1"), 0.0)))

    (shown,) = (await making).zones
    assert len(shown.answers) < MOST_ANSWERS


async def test_names_given_by_callers_are_escaped() -> None:
    page = (await _get("/", _Health(), world=_world())).text

    assert "&lt;the primary&gt;" in page and "<the primary>" not in page


async def test_an_empty_engine_has_a_page_too() -> None:
    page = (await _get("/", _Health(), world=World())).text

    assert "No health checks yet" in page and "No hosted zones yet" in page


async def test_the_page_says_that_the_vantages_share_one_machines_fate() -> None:
    assert "share its fate" in (await _get("/", _Health(), world=World())).text


@pytest.mark.parametrize(
    ("path", "not_ready", "status"),
    [
        ("/healthz", None, 200),
        ("/healthz", "it is starting", 200),
        ("/readyz", None, 200),
        ("/readyz", "it is starting", 503),
    ],
)
async def test_liveness_and_readiness_are_two_questions(
    path: str, not_ready: str | None, status: int
) -> None:
    response = await _get(path, _Health(), world=World(), not_ready=not_ready)

    assert response.status_code == status
    assert not_ready is None or path == "/healthz" or not_ready in response.text


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (HealthCheckConfig(HealthCheckType.TCP, ip_address="192.0.2.1", port=25), "TCP 192.0.2.1:25"),
        (HealthCheckConfig(HealthCheckType.HTTPS, fqdn="a.example", port=443), "HTTPS a.example:443/"),
        (HealthCheckConfig(HealthCheckType.HTTPS, fqdn="a.example"), "HTTPS a.example:443/"),
        (HealthCheckConfig(HealthCheckType.HTTP, ip_address="2001:db8::1"), "HTTP [2001:db8::1]:80/"),
        (
            HealthCheckConfig(HealthCheckType.CALCULATED, health_threshold=1, child_health_checks=(CHECK,)),
            "1 of 1 checks",
        ),
        (
            HealthCheckConfig(
                HealthCheckType.CLOUDWATCH_METRIC, alarm_identifier=AlarmIdentifier("eu-west-1", "load")
            ),
            "what alarm load watches in eu-west-1",
        ),
    ],
)
def test_a_check_is_told_by_what_it_looks_at(config: HealthCheckConfig, said: str) -> None:
    assert target(HealthCheck(CHECK, "ref", config)) == said

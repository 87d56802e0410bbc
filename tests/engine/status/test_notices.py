"""What the status page says of alarms, and of who is told."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from stillup.engine.ports import DeliveryReport
from stillup.engine.status.application import status_application
from stillup.engine.status.notices import MOST_SUBSCRIPTIONS, condition, veiled
from stillup.engine.status.view import StatusPorts
from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, Standing, Trigger
from stillup.rules.ids import Arn
from stillup.rules.metrics.metric import Metric, Statistic
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic
from stillup.rules.world import World
from tests.fakes import FakeClock, FakeWorlds

TOPIC = Topic(Arn("arn:aws:sns:us-east-1:123456789012:ops"), "ops", "us-east-1", "123456789012", 0.0)
TRIGGER = Trigger(
    metric=Metric("AWS/Route53", "HealthCheckStatus", ()),
    period=60,
    evaluation_periods=3,
    datapoints_to_alarm=2,
    threshold=1.0,
    comparison=Comparison.LESS,
    statistic=Statistic.MINIMUM,
)


def alarm(name: str, state: AlarmState = AlarmState.OK, *actions: Arn) -> Alarm:
    return Alarm(
        arn=Arn(f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"),
        region="us-east-1",
        name=name,
        configured_at=0.0,
        standing=Standing(state, f"because of {name}", None, 0.0, 0.0),
        trigger=TRIGGER,
        alarm_actions=actions,
    )


def subscription(number: int = 1, *, is_confirmed: bool = True) -> Subscription:
    return Subscription(
        arn=Arn(f"{TOPIC.arn}:{number:04}"),
        topic_arn=TOPIC.arn,
        protocol=DeliveryProtocol.EMAIL,
        endpoint="dora@example.com",
        owner="123456789012",
        created_at=0.0,
        token="secret-token",
        token_at=0.0,
        is_confirmed=is_confirmed,
    )


class Reports:
    def of(self, _: Arn) -> DeliveryReport:
        return DeliveryReport(delivered=7, dead=2, last_delivered_at=0.0, last_failure="550 no such <user>")


async def page(*subscriptions: Subscription, alarms: tuple[Alarm, ...] = (), kept: str = "") -> str:
    world = World(
        alarms={each.arn: each for each in alarms},
        topics={TOPIC.arn: TOPIC},
        subscriptions={each.arn: each for each in subscriptions},
    )
    ports = StatusPorts(FakeWorlds(world), None, None, None, Reports(), kept)  # type: ignore[arg-type]
    application = status_application(ports, FakeClock(), lambda: None)
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
        return (await client.get("/")).text


async def test_alarms_are_shown_with_state_since_and_reason_the_urgent_ones_first() -> None:
    text = await page(alarms=(alarm("calm"), alarm("wild", AlarmState.ALARM)))

    assert '<span class="ALARM">ALARM</span>' in text and "since 1970-01-01 00:00:00 UTC" in text
    assert text.index("because of wild") < text.index("because of calm")


@pytest.mark.parametrize(
    ("actions", "is_confirmed", "is_silent"),
    [
        ((), True, True),
        ((Arn("arn:aws:sns:us-east-1:123456789012:gone"),), True, True),
        ((TOPIC.arn,), False, True),
        ((TOPIC.arn,), True, False),
    ],
)
async def test_an_alarm_whose_actions_reach_nobody_is_marked(
    actions: tuple[Arn, ...], is_confirmed: bool, is_silent: bool
) -> None:
    text = await page(subscription(is_confirmed=is_confirmed), alarms=(alarm("a", AlarmState.OK, *actions),))

    assert ("tells nobody" in text) is is_silent


async def test_subscriptions_are_shown_with_what_became_of_their_messages() -> None:
    text = await page(subscription(1), subscription(2, is_confirmed=False))

    assert "1 confirmed, 1 waiting for confirmation" in text
    assert "7 delivered, the last at 1970-01-01 00:00:00 UTC" in text and "2 given up" in text
    assert "550 no such &lt;user&gt;" in text
    assert "dora@" not in text and "secret-token" not in text


async def test_a_topic_of_ten_thousand_is_shown_in_part() -> None:
    text = await page(*(subscription(number) for number in range(10_000)))

    assert text.count("email d…@example.com") == MOST_SUBSCRIPTIONS
    assert f"{10_000 - MOST_SUBSCRIPTIONS} more are not shown" in text


async def test_an_alarm_that_nobody_hears_is_said_loudly() -> None:
    unheard = (alarm("wild", AlarmState.OK, TOPIC.arn),)

    assert "nobody listens" in await page(subscription(is_confirmed=False), alarms=unheard)
    assert "nobody listens" not in await page(subscription(), alarms=unheard)
    assert "nobody listens" not in await page(subscription(is_confirmed=False))


async def test_mails_that_are_only_kept_are_said_loudly() -> None:
    assert 'class="loud">No mail leaves this machine' in await page(kept="/data/mails")
    assert "No mail leaves" not in await page()


def test_an_alarm_is_told_by_what_makes_it_go_off() -> None:
    assert condition(alarm("a")) == "Minimum HealthCheckStatus < 1 in 2 of 3 × 60 s"
    assert condition(replace(alarm("a"), trigger=None, rule='ALARM("b")')) == 'ALARM("b")'


@pytest.mark.parametrize(
    ("protocol", "endpoint", "shown"),
    [
        ("email", "dora@example.com", "d…@example.com"),
        ("https", "https://user:pass@hooks.example:8443/T0/secret?key=1", "https://hooks.example:8443/…"),
    ],
)
def test_an_endpoint_is_not_shown_whole(protocol: str, endpoint: str, shown: str) -> None:
    assert veiled(DeliveryProtocol(protocol), endpoint) == shown

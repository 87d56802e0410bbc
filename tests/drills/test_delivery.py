"""An alarm's message, watched until it is delivered, on an engine whose alarm is set by hand."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from stillup.cli.app import app
from stillup.drill.browser import Place
from stillup.drill.delivery.inbox import Inbox
from stillup.drill.delivery.subscription import ListenWish, folder_of, subscribed
from stillup.drill.demo.letterbox import letters, token_in
from stillup.drill.interrupts import Interrupts
from stillup.drill.logbook import Logbook
from stillup.drill.sandbox.sandbox import SandboxAccount
from stillup.drill.sides import Sides
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.target import CannotDrill, Target
from stillup.drill.timeline import Watcher
from stillup.drill.watchers.deliveries import Deliveries
from stillup.drill.watchers.messages import MessageWatcher
from stillup.drill.watchers.own_webhook import OwnWebhook
from stillup.drill.watchers.watching import watching
from stillup.plan.address import Address
from stillup.plan.file.plan_file import Failover
from stillup.plan.setup import Alarm, Setup, Zone
from stillup.provision.account import Account
from stillup.provision.read.topics import read_topic
from tests.drills.forked import forked_engine
from tests.drills.rehearsed import environment
from tests.drills.webhooks import Webhooks, follow
from tests.engine.notify.peers import answering

pytestmark = pytest.mark.slow

LOOPBACK = Address("127.0.0.1", 0)
REGION, ALARM = "us-east-1", "site-is-down"
WITHIN = 30.0


@dataclass(frozen=True)
class Told:
    """An alarm and its topic, and those whom it tells."""

    account: Account
    topic: str
    state: Path
    mail: Path

    def target(self, *, is_telling: bool = True) -> Target:
        """As a drill finds it now."""
        topic = read_topic(self.account.sns(REGION), self.topic, account_id="123456789012")
        assert topic is not None
        actions = (self.topic,) if is_telling else ()
        alarm = Alarm(
            name=ALARM,
            region=REGION,
            namespace="",
            metric="",
            dimensions={},
            statistic=None,
            period=60,
            evaluation_periods=1,
            threshold=1,
            comparison="",
            alarm_actions=actions,
            ok_actions=actions,
        )
        failover = Failover.model_construct(name="www.example.com")
        setup = Setup("www.example.com", Zone("example.com"), topics=(topic,), alarms=(alarm,))
        place = Place.parse("http://www.example.com/")
        return Target(failover, setup, "A", Sides(frozenset()), None, alarm, (), (), place)

    def listens(self, *, url: str | None = None, is_telling: bool = True) -> AbstractContextManager[Inbox]:
        """The drill's own webhook."""
        return subscribed(
            ListenWish(LOOPBACK, url),
            self.target(is_telling=is_telling),
            self.account,
            self.state,
            interrupts=Interrupts(lambda _: None),
            tell=lambda _: None,
        )

    @contextmanager
    def watched(self, inbox: Inbox | None = None) -> Iterator[Logbook]:
        """By those who watch the message."""
        clock = Stopwatch(5)
        logbook = Logbook(clock)
        deliveries = Deliveries(self.account.sns(REGION), self.target().topics)
        cloudwatch = self.account.cloudwatch(REGION)
        watcher = MessageWatcher(cloudwatch, ALARM, deliveries, clock=clock, is_on_aws=False)
        watcher.look(logbook)
        with watching([watcher, *([OwnWebhook(inbox)] if inbox else [])], logbook):
            yield logbook

    def say(self, state: str) -> None:
        """Have the alarm go over to this state, whatever it was in."""
        cloudwatch = self.account.cloudwatch(REGION)
        for each in ("INSUFFICIENT_DATA", state):
            cloudwatch.set_alarm_state(AlarmName=ALARM, StateValue=each, StateReason="a test")

    def endpoints(self) -> list[str]:
        """Of all that are subscribed now."""
        found = self.account.sns(REGION).list_subscriptions_by_topic(TopicArn=self.topic)["Subscriptions"]
        return [each["Endpoint"] for each in found]

    def dead_letters(self) -> int:
        """Of the topic."""
        attributes = self.account.sns(REGION).get_topic_attributes(TopicArn=self.topic)["Attributes"]
        return int(attributes["stillup:DeadLetters"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    work = tmp_path_factory.mktemp("delivery")
    listeners = [word for name in ("dns", "api", "site", "console") for word in (f"--{name}", "127.0.0.1:0")]
    with forked_engine([*listeners, "--data", str(work / "data")], log=work / "log") as engine:
        account = SandboxAccount(None, REGION, engine.listeners.endpoint_url)
        topic = account.sns(REGION).create_topic(Name="alerts")["TopicArn"]
        account.cloudwatch(REGION).put_metric_alarm(
            AlarmName=ALARM,
            Namespace="test",
            MetricName="none",
            Statistic="Minimum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
            AlarmActions=[topic],
            OKActions=[topic],
        )
        yield Told(account, topic, work / "state", work / "data" / "mail")


def test_each_subscribers_delivery_is_seen_and_that_of_the_drills_own_webhook(told: Told) -> None:
    sns = told.account.sns(REGION)
    with Webhooks() as webhooks, told.listens() as inbox:
        port = webhooks.start()
        sns.subscribe(TopicArn=told.topic, Protocol="http", Endpoint=f"http://127.0.0.1:{port}/refusing")
        follow(webhooks.await_told("/refusing", "SubscriptionConfirmation"), "SubscribeURL")
        webhooks.turn(port, answering("404 Not Found"))
        sns.subscribe(TopicArn=told.topic, Protocol="email", Endpoint="oncall@example.com")
        sns.confirm_subscription(TopicArn=told.topic, Token=await_token(told.mail))

        with told.watched(inbox) as logbook:
            for state, is_primary in (("ALARM", False), ("OK", True)):
                told.say(state)
                wanted = {
                    (Watcher.MESSAGE, ALARM): (f"sent {state}", is_primary),
                    (Watcher.DELIVERY, "email oncall@example.com"): (f"delivered {state}", is_primary),
                    (Watcher.DELIVERY, f"http http://127.0.0.1:{port}/refusing"): (f"given up {state}", None),
                    (Watcher.DELIVERY, OwnWebhook.who): (f"delivered {state}", is_primary),
                }
                assert logbook.wait_until(
                    lambda seen, wanted=wanted: all(  # type: ignore[misc]
                        key in seen and (seen[key].state, seen[key].is_primary) == value
                        for key, value in wanted.items()
                    ),
                    within=WITHIN * 5,
                ), logbook.latest()
        given_up = next(each for each in logbook.sightings() if each.state == "given up ALARM")
        assert "404" in given_up.detail


def test_the_drills_webhook_is_gone_afterwards_and_leaves_no_dead_letter(told: Told) -> None:
    before, dead = told.endpoints(), told.dead_letters()
    with told.listens():
        assert len(told.endpoints()) == len(before) + 1
        assert list(folder_of(told.state).glob("*.json")) != []

    assert told.endpoints() == before
    assert told.dead_letters() == dead
    assert list(folder_of(told.state).iterdir()) == []


def test_a_drill_that_is_killed_leaves_a_subscription_that_the_next_start_ends(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    before = told.endpoints()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with told.listens():
                os.write(writer, b"!")
                signal.pause()
        finally:
            os._exit(1)
    os.close(writer)
    assert os.read(reader, 1) == b"!"
    os.close(reader)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert len(told.endpoints()) == len(before) + 1

    with told.listens():  # one that is alive is let be
        arguments = ["drill", str(told.state / "no-plan.yaml"), "--restore", "--state", str(told.state)]
        done = CliRunner().invoke(app, arguments)
        assert "that was killed is not subscribed any more" in done.stderr, done.output
        assert len(told.endpoints()) == len(before) + 1

    assert told.endpoints() == before
    assert list(folder_of(told.state).iterdir()) == []


def test_where_nobody_is_told_there_is_nothing_to_listen_to(told: Told) -> None:
    with pytest.raises(CannotDrill, match="the alarm tells no topic"), told.listens(is_telling=False):
        pass


def test_a_url_that_does_not_lead_here_is_told_and_nothing_is_left(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stillup.drill.delivery.subscription.CONFIRMED_WITHIN", 0.2)
    with Webhooks() as elsewhere:
        url = f"http://127.0.0.1:{elsewhere.start()}/elsewhere"
        with pytest.raises(CannotDrill, match="--listen-url says how SNS reaches"), told.listens(url=url):
            pass

    assert urlsplit(url).netloc not in " ".join(told.endpoints())
    assert list(folder_of(told.state).iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--listen-url", "http://hook.example/"), "give both"),
        (("--listen", "0.0.0.0:8000"), "say by --listen-url"),
        (("--listen", "127.0.0.1:8000", "--listen-url", "hook.example"), "write http://"),
        (("--listen", "127.0.0.1"), "no address and port"),
    ],
)
def test_a_mistake_about_listening_is_answered_by_what_to_do(arguments: tuple[str, ...], words: str) -> None:
    done = CliRunner().invoke(app, ["drill", *arguments])

    assert (done.exit_code, done.stdout) == (2, "")
    assert re.sub(r"\s+", " ", done.stderr).count(words) == 1


def await_token(mail: Path) -> str:
    """From the mail that asks for consent."""
    found: list[str] = []

    def there() -> bool:
        found[:] = [token for letter in letters(mail) if (token := token_in(letter)) is not None]
        return found != []

    await_that(there)
    return found[0]


def await_that(holds: Callable[[], bool]) -> None:
    """Raises AssertionError where it does not come true."""
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)

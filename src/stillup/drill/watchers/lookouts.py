"""Who watches one drill: a watcher for everything that there is to see."""

from __future__ import annotations

from collections.abc import Iterator

from stillup.drill.delivery.inbox import Inbox
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.target import PATIENCE, Target
from stillup.drill.timeline import Watcher
from stillup.drill.watchers.alarm_state import AlarmWatcher
from stillup.drill.watchers.check_status import CheckWatcher
from stillup.drill.watchers.deliveries import Deliveries
from stillup.drill.watchers.messages import MessageWatcher
from stillup.drill.watchers.name_server import NameServerWatcher
from stillup.drill.watchers.own_webhook import OwnWebhook
from stillup.drill.watchers.watching import Lookout
from stillup.drill.watchers.web_visitor import WebVisitor
from stillup.plan.detection import pace_of
from stillup.plan.setup import CheckConfig
from stillup.provision.account import Account


def lookouts(
    target: Target, account: Account, clock: Stopwatch, *, inbox: Inbox | None = None
) -> tuple[Lookout, ...]:
    """The servers and resolvers, two visitors, the check, the alarm and its messages. Clients are made here.

    `inbox` is what the drill's own webhook is told, where it has one.
    """
    return (
        *_of_the_dns(target, clock),
        *_visitors(target, clock),
        *_of_the_account(target, account, clock),
        *([] if inbox is None else [OwnWebhook(inbox)]),
    )


def _of_the_dns(target: Target, clock: Stopwatch) -> Iterator[Lookout]:
    kinds = ((Watcher.AUTHORITY, target.authorities), (Watcher.RESOLVER, target.resolvers))
    for watcher, servers in kinds:
        for server in servers:
            yield NameServerWatcher(
                server,
                target.failover.name,
                watcher=watcher,
                rdtype=target.rdtype,
                sides=target.sides,
                clock=clock,
            )


def _visitors(target: Target, clock: Stopwatch) -> Iterator[Lookout]:
    timeout = clock.timeout(PATIENCE)
    for keeps in (False, True):
        yield WebVisitor(
            target.place,
            lambda: target.ask(timeout=timeout),
            sides=target.sides,
            clock=clock,
            keeps_connection=keeps,
        )


def _of_the_account(target: Target, account: Account, clock: Stopwatch) -> Iterator[Lookout]:
    is_on_aws = account.endpoint_url is None
    if target.check is not None and target.check.id is not None:
        config = target.check.config or CheckConfig(type="HTTP")
        pace = pace_of(config, {} if is_on_aws else target.check.tags)
        yield CheckWatcher(account.route53, target.check.id, pace, clock=clock, is_on_aws=is_on_aws)
    if target.alarm is not None:
        cloudwatch = account.cloudwatch(target.alarm.region)
        yield AlarmWatcher(cloudwatch, target.alarm.name, clock=clock, is_on_aws=is_on_aws)
        deliveries = Deliveries(account.sns(target.alarm.region), target.topics)
        yield MessageWatcher(cloudwatch, target.alarm.name, deliveries, clock=clock, is_on_aws=is_on_aws)

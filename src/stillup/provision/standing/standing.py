"""Everything that is to be seen of one failover at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from stillup.plan.chain.routing import ANSWERING
from stillup.plan.chain.seen import AlarmSeen, Answer, CheckSeen, Page, Seen
from stillup.plan.setup import Record, Setup
from stillup.provision.account import Account
from stillup.provision.api_errors import API_ERRORS
from stillup.provision.read.records import read_records
from stillup.provision.standing.alarms import read_alarm_states
from stillup.provision.standing.answers import read_answers
from stillup.provision.standing.checks import read_check
from stillup.provision.standing.pages import read_page
from stillup.provision.standing.unknown import Unknown

FAR_BACK: Final = 82_800.0
"""Seconds, 23 hours: one GetMetricStatistics answer holds 1,440 datapoints, of a minute each."""
_PAGES: Final = 2
"""Of how many addresses the page is opened."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """From where one looks."""

    servers: tuple[str, ...] = ()
    """`ADDR:PORT` of the DNS servers that are asked; without them those of the zone's delegation."""
    visit: str | None = None
    """What a visitor opens; without it `http://` and the failover's name."""
    back: float = FAR_BACK
    """Seconds of the metric that are read."""


def read_standing(account: Account, setup: Setup, outlook: Outlook, *, now: float) -> Seen:
    """What is now, of a set-up as `read_setup` gives it. What cannot be seen is in `unknown`.

    `now` is moved on to the latest thing seen: an engine may keep a time of its own.
    """
    unknown = Unknown()
    types = tuple(dict.fromkeys(_asked(each.type) for each in setup.records if each.type in ANSWERING))
    with ThreadPoolExecutor(8) as pool:
        checks = {
            key: pool.submit(read_check, account, check, now=now, back=outlook.back, unknown=unknown)
            for key, check in setup.checks.items()
        }
        alarms = pool.submit(read_alarm_states, account, setup.alarms, unknown)
        targets = pool.submit(_targets, account, setup, unknown)
        answers = pool.submit(read_answers, account, setup, outlook.servers, types, unknown)
        pages = _pages(setup, outlook, answers.result())
        found = {key: each.result() for key, each in checks.items()}
        states = alarms.result()
        behind = targets.result()
    return Seen(
        now=max(now, *_instants(found, states), 0.0),
        setup=setup,
        targets=behind,
        checks=found,
        answers=answers.result(),
        pages=pages,
        alarms=states,
        unknown=unknown.sentences,
    )


def _asked(record_type: str) -> str:
    return "A" if record_type == "CNAME" else record_type


def _targets(account: Account, setup: Setup, unknown: Unknown) -> tuple[Record, ...]:
    """The records of the zone behind aliases at the name, one step deep and as far as they go on from there."""
    found: list[Record] = []
    waiting = list(_names_behind(setup, setup.records))
    known = {setup.name}
    while waiting:
        name = waiting.pop(0)
        if name in known:
            continue
        known.add(name)
        try:
            records = read_records(account.route53, setup.zone.id or "", name)
        except API_ERRORS as error:
            unknown.add(f"the records of {name}", error)
            continue
        found += records
        waiting += _names_behind(setup, records)
    return tuple(found)


def _names_behind(setup: Setup, records: tuple[Record, ...]) -> Iterator[str]:
    for each in records:
        if each.alias is not None and each.alias.zone_id == setup.zone.id:
            yield each.alias.dns_name


def _pages(setup: Setup, outlook: Outlook, answers: tuple[Answer, ...]) -> tuple[Page, ...]:
    url = outlook.visit or f"http://{setup.name}/"
    addresses = dict.fromkeys(value for each in answers for value in each.values if _is_address(value))
    return tuple(read_page(url, each) for each in list(addresses)[:_PAGES])


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _instants(checks: dict[str, CheckSeen], alarms: dict[str, AlarmSeen]) -> Iterator[float]:
    for check in checks.values():
        yield from (each.at for each in check.observations or ())
        yield from (each.at for each in check.datapoints or ())
    for alarm in alarms.values():
        yield from (each.at for each in alarm.changes)
        yield from (each.at for each in alarm.actions)

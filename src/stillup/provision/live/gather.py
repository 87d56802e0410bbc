"""All questions at once, and their answers as one value."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from stillup.lint.live import Live
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.setup import Setup
from stillup.provision.account import HASTY, Account
from stillup.provision.errors import ProvisionFailed
from stillup.provision.live.account_block import read_account_block
from stillup.provision.live.addresses import read_addresses
from stillup.provision.live.alerting import missing_topics, read_alarm_states
from stillup.provision.live.bucket import read_bucket_facts
from stillup.provision.live.checkers import read_checkers, read_existing_checks, read_observations
from stillup.provision.live.instances import read_instances
from stillup.provision.live.leftovers import read_left_alarms, read_left_checks
from stillup.provision.live.names import read_answers, read_delegation
from stillup.provision.live.primary import read_https, read_probe
from stillup.provision.live.question import Asking, Question
from stillup.provision.live.standby import read_standby
from stillup.provision.live.tls import read_certificate
from stillup.provision.read import read_setup

_AT_ONCE: Final = 16
"""Threads; they wait most of the time."""


def read_live(
    account: Account,
    setup: Setup,
    *,
    now: float,
    typed: Failover | None = None,
    where: Where | None = None,
    actual: Setup | None = None,
) -> Live:
    """What account and network tell of a failover; what they do not tell is in `unknown`, and nothing is raised.

    `setup` is what is judged: what the plan asks for, or what is there. `actual` is what is there, where that has been
    read already. `now` is in seconds since the epoch. Ends within half a minute, mostly within seconds.
    """
    unknown: list[str] = []
    if actual is None:
        try:
            zone = setup.zone.id or setup.zone.name or None
            actual = read_setup(account, setup.name, zone=zone, wanted=setup)
        except ProvisionFailed as error:
            unknown.append(f"the account's set-up: {error.message}")
    question = Question(replace(account, patience=HASTY), setup, actual, typed, where, now)
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="live")
    try:
        return _asked(Asking(question, pool, unknown))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _asked(asking: Asking) -> Live:
    ask = asking.ask
    account_block = ask("Block Public Access of the account", read_account_block)
    addresses = ask("whose the primary's addresses are", read_addresses)
    instances = ask("the primary's instances", read_instances)
    checkers = ask("where health checks come from", read_checkers)
    existing_checks = ask("existing health checks", read_existing_checks)
    observations = ask("what the health checkers saw", read_observations)
    probe = ask("the primary's answer", read_probe)
    https = ask("the primary over HTTPS", read_https)
    certificate = ask("the primary's certificate", read_certificate)
    standby = ask("the standby's page", read_standby)
    bucket = ask("the standby's bucket", read_bucket_facts)
    delegation = ask("the zone's delegation", read_delegation)
    answers = ask("what the name servers answer", read_answers)
    alarm_states = ask("the alarm's state", read_alarm_states)
    topics = ask("topics that alarms call", missing_topics)
    left_checks = ask("health checks left behind", read_left_checks)
    left_alarms = ask("alarms left behind", read_left_alarms)
    live = Live(
        now=asking.question.now,
        setup=asking.question.actual,
        account_block=account_block(),
        addresses=addresses(),
        instances=instances(),
        checkers=checkers(),
        existing_checks=existing_checks(),
        observations=observations(),
        probe=probe(),
        https=https(),
        certificate=certificate(),
        standby=standby(),
        bucket=bucket(),
        delegation=delegation(),
        answers=answers(),
        alarm_states=alarm_states(),
        missing_topics=topics(),
        left_checks=left_checks(),
        left_alarms=left_alarms(),
    )
    return replace(live, unknown=tuple(dict.fromkeys(asking.unknown)))

"""Before anything is broken: is there something to fail over from, and something to fail over to?"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from stillup.drill import browser
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.target import PATIENCE, Target, addresses_of
from stillup.drill.watchers.check_status import status_in
from stillup.lint.catalogue import STATIC_RULES
from stillup.lint.finding import Severity
from stillup.lint.run import lint
from stillup.lint.subject import Subject
from stillup.plan.desired import desired
from stillup.plan.file.plan_file import Failover, Silence, Where
from stillup.plan.setup import Record
from stillup.provision.account import Account
from stillup.provision.errors import explained
from stillup.provision.folder import Folder, read_folder
from stillup.provision.lookup import lookup
from stillup.rules.health.check import Status
from stillup.rules.health.verdict import HEALTHY_FRACTION

PROXY_PATIENCE: Final = 300.0
"""Seconds until a primary must be well that is reached by a proxy which has just begun to listen."""
_PACE: Final = 2.0


def lint_errors(
    failover: Failover, where: Where, *, base: Path, silences: Sequence[Silence] = ()
) -> tuple[str, ...]:
    """What lint calls an error in the plan, unless it is silenced. Raises ProvisionFailed where files cannot be read."""
    folder = failover.standby.folder
    files = Folder({}) if folder is None else read_folder(base / folder)
    subject = Subject(
        setup=desired(failover, where, files=files.stored),
        typed=failover,
        where=where,
        folder=None if folder is None else {key: file.read() for key, file in files.files.items()},
    )
    return tuple(
        f"{each.rule.id} {each.finding.text}"
        for each in lint(subject, STATIC_RULES, silences)
        if each.rule.severity is Severity.ERROR and each.silence is None
    )


def await_none(target: Target, account: Account, clock: Stopwatch, *, within: float) -> tuple[str, ...]:
    """The objections that are left when there are none, or these seconds are over. Raises ProvisionFailed."""
    end = clock.elapsed() + within
    while True:
        against = tuple(objections(target, account, clock))
        if not against or clock.elapsed() >= end:
            return against
        time.sleep(clock.pace(_PACE))


def objections(target: Target, account: Account, clock: Stopwatch) -> Iterator[str]:
    """What speaks against breaking the primary now, in sentences that say what to do. Raises ProvisionFailed."""
    yield from _check(target, account)
    yield from _answers(target, clock)
    yield from _standby(target, clock)


def _check(target: Target, account: Account) -> Iterator[str]:
    check = target.check
    if check is None or check.id is None:
        yield "the primary's record names no health check, so nothing will ever fail over: give the plan a check"
        return
    with explained("reading the health check"):
        config = account.route53.get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckConfig"]
        if config.get("Disabled"):
            yield f"health check {check.id} is disabled and counts as healthy whatever happens (HC-32): enable it"
            return
        if config["Type"] in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
            return  # HC-53: nobody observes it; the DNS tells
        found = account.route53.get_health_check_status(HealthCheckId=check.id)["HealthCheckObservations"]
    statuses = [status_in(each.get("StatusReport", {}).get("Status", "")) for each in found]
    healthy = statuses.count(Status.HEALTHY)
    if not found or healthy <= HEALTHY_FRACTION * len(found):
        reports = {each.get("StatusReport", {}).get("Status", "") for each in found}
        yield (
            f"the primary is not healthy now: {healthy} of {len(found)} checkers reach it"
            f" ({'; '.join(sorted(reports)) or 'no observation yet: wait a minute'})"
        )


def _answers(target: Target, clock: Stopwatch) -> Iterator[str]:
    for server in target.authorities:
        answer = lookup(server, target.failover.name, target.rdtype, timeout=clock.timeout(PATIENCE))
        if answer is None:
            yield f"the name server {server} does not answer: see `where.dns` in the plan"
        elif not target.sides.is_primary(answer):
            yield (
                f"the name server {server} answers {answer}, which does not lead to the primary"
                f" ({', '.join(sorted(target.sides.primary))}): it has failed over already, or something else is wrong"
            )


def _standby(target: Target, clock: Stopwatch) -> Iterator[str]:
    for record in target.setup.records:
        if record.failover == "SECONDARY" and record.type in (target.rdtype, "CNAME"):
            yield from (_bucket(target) if _is_bucket(target, record) else _server(target, record, clock))


def _is_bucket(target: Target, record: Record) -> bool:
    pointed = record.alias.dns_name if record.alias else next(iter(record.values), "")
    return target.setup.bucket is not None and "s3-website" in pointed


def _bucket(target: Target) -> Iterator[str]:
    bucket = target.setup.bucket
    if bucket is None or bucket.website is None:
        yield "the standby's bucket is no website: `stillup apply` makes it one"
        return
    index = bucket.website.index
    if index and bucket.objects and index not in bucket.objects:
        yield f"the standby has no page: {index} is not in the bucket {bucket.name}; `stillup apply` puts it there"


def _server(target: Target, record: Record, clock: Stopwatch) -> Iterator[str]:
    if record.alias is not None:
        addresses = addresses_of(record.alias.dns_name, target.rdtype)
    else:
        addresses = tuple(each for value in record.values for each in _addresses(value, target.rdtype))
    timeout = clock.timeout(PATIENCE)
    problems = []
    for address in addresses:
        try:
            browser.fetch(address, target.place, timeout=timeout)
        except (OSError, http.client.HTTPException) as why:
            problems.append(f"{address}: {str(why) or type(why).__name__}")
    if not addresses or problems:
        yield f"the standby does not answer now: {'; '.join(problems) or 'it has no address'}"


def _addresses(value: str, rdtype: str) -> tuple[str, ...]:
    try:
        return (str(ip_address(value)),)
    except ValueError:
        return addresses_of(value, rdtype)

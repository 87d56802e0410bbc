"""The play: everything up, the primary killed, the backup taking over, the primary back.

Time is told in engine seconds: with `--clock-rate 6` the engine lives six seconds in each of ours, so the
figures stand beside the guide's without having to be converted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from botocore.exceptions import BotoCoreError, ClientError

from stillup.drill.demo import stage
from stillup.drill.demo.letterbox import Letter, letters, token_in
from stillup.drill.engine_process import EngineProcess
from stillup.drill.loopback import BACKUP_ADDRESS, PRIMARY_ADDRESS
from stillup.drill.visitor import ask, visit

SWITCH_WITHIN: Final = 150.0
"""Engine seconds. HC-27 allows 90 for a refused connection; the rest is for a slow machine."""
GLANCE: Final = 0.05
"""Real seconds between two looks at what visitors get."""


@dataclass(frozen=True, slots=True)
class Narration:
    """What is being done now."""

    text: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something happened this many engine seconds after the act began; `guide` is the guide's figure."""

    what: str
    seconds: float
    guide: str


Event: TypeAlias = Narration | Milestone


class DemoFailed(Exception):
    """What the demo promises did not happen."""


@dataclass(frozen=True, slots=True)
class Production:
    """What the acts share: the running engine, the client, the port that visitors use, the clock's rate, the mail."""

    engine: EngineProcess
    cloud: stage.Cloud
    port: int
    rate: float
    mail: Path
    """The folder where the engine keeps mails as files."""

    def elapsed_since(self, start: float) -> float:
        """Engine seconds since a reading of the monotonic clock."""
        return (time.monotonic() - start) * self.rate

    def letter(self, subject: str, since: float) -> Letter | None:
        """The first mail whose subject contains this, and that came after this moment of the real clock."""
        found = (letter for letter in letters(self.mail) if letter.at >= since and subject in letter.subject)
        return next(found, None)

    def answer(self) -> str | None:
        """What the DNS says now."""
        return ask(self.engine.listeners.dns, stage.SITE)

    def page(self, address: str | None) -> str | None:
        """The page behind an address that the DNS gave, by the words that tell the two apart."""
        page = visit(self.engine.listeners.dns, stage.SITE, self.port)
        if page is None or page.address != address or page.text is None:
            return None
        return "backup" if "this is the backup" in page.text else "primary"


def engine_arguments(work: Path, *, port: int, rate: float) -> list[str]:
    """The arguments of the demo's engine; its config file, with the primary, is written to `work`."""
    command = [sys.executable, "-m", "stillup.drill.stand_in", PRIMARY_ADDRESS, str(port)]
    config = work / "stillup.toml"
    # A JSON list of strings is a TOML array too, escapes included.
    config.write_text(
        f'[[instance]]\nid = "{stage.INSTANCE}"\npublic-ip = "{PRIMARY_ADDRESS}"\n'
        f"command = {json.dumps(command)}\n"
    )
    return [
        *("--config", str(config)),
        *("--data", str(work / "data")),
        *("--dns", "127.0.0.1:0"),
        *("--api", "127.0.0.1:0"),
        *("--console", "127.0.0.1:0"),
        *("--site", f"{BACKUP_ADDRESS}:{port}"),
        *("--site-address", BACKUP_ADDRESS),
        *("--clock-rate", str(rate)),
    ]


def mail_folder(work: Path) -> Path:
    """Where the demo's engine keeps its mails."""
    return work / "data" / "mail"


def perform(production: Production) -> Iterator[tuple[float, Event]]:
    """The three acts, each event with the real seconds since the curtain rose. Raises DemoFailed."""
    start = time.monotonic()
    try:
        for act in (set_up, fail_over, fail_back):
            for event in act(production):
                yield time.monotonic() - start, event
    except (BotoCoreError, ClientError) as error:
        raise DemoFailed(f"the API did not do its part: {error}") from error


def set_up(production: Production) -> Iterator[Event]:
    """Steps 1 to 4 of the guide; ends when every vantage has seen the primary healthy."""
    cloud = production.cloud
    yield Narration(f"Step 1: bucket {stage.SITE}, public, as a website with one page: the backup")
    stage.make_backup_site(cloud)
    yield Narration(
        f"Step 2: health check, HTTP, {PRIMARY_ADDRESS}:{production.port}/health, every 30 s, 3 failures"
    )
    check_id = stage.make_health_check(cloud, PRIMARY_ADDRESS, production.port)
    yield Narration(f"Step 3: zone {stage.ZONE}, {stage.SITE} as PRIMARY and SECONDARY")
    stage.make_records(cloud, PRIMARY_ADDRESS, check_id)
    yield Narration(f"Step 4: an alarm that mails {stage.ON_CALL}, who confirms the subscription")
    topic = stage.make_topic(cloud)
    _confirm(production, topic)
    stage.make_alarm(cloud, check_id, topic)
    _await(
        production,
        lambda: [seen.split()[0] for seen in _observations(cloud).values()] == ["Success:"] * 3,
        "the primary was never seen healthy",
    )
    if production.page(PRIMARY_ADDRESS) != "primary":
        raise DemoFailed("the primary's page is not what visitors get at the start")
    yield Narration("All is well: every vantage sees the primary, visitors get its page")


def fail_over(production: Production) -> Iterator[Event]:
    """Step 5, first half: stop the primary, wait until the last cached visitor is on the backup."""
    start, began = time.monotonic(), time.time()
    production.cloud.ec2.stop_instances(InstanceIds=[stage.INSTANCE])
    yield Narration("The primary is killed")
    yield from _watch_vantages_until(
        production, start, BACKUP_ADDRESS, "Failure detected by the first vantage"
    )
    yield Milestone("DNS switched to the backup", production.elapsed_since(start), "~90 s")
    _await(production, lambda: production.page(BACKUP_ADDRESS) == "backup", "no backup page")
    yield Milestone("First visitor on the backup", production.elapsed_since(start), "~90 s + ≤60 s")
    # Somebody asked just before the kill and again at each end of the TTL: 60, 120, … seconds.
    renewals = int(production.elapsed_since(start) // stage.TTL) + 1
    time.sleep(max(0.0, renewals * stage.TTL / production.rate - (time.monotonic() - start)))
    if production.page(BACKUP_ADDRESS) != "backup":
        raise DemoFailed("a visitor whose cached answer ran out did not get the backup")
    yield Milestone("Visitor with a cached answer on the backup", production.elapsed_since(start), "3-5 min")
    yield _told(production, "ALARM", began)


def fail_back(production: Production) -> Iterator[Event]:
    """Step 5, second half: start the primary again, wait until visitors are back on it."""
    start, began = time.monotonic(), time.time()
    production.cloud.ec2.start_instances(InstanceIds=[stage.INSTANCE])
    yield Narration("The primary is started again")
    yield from _watch_vantages_until(
        production, start, PRIMARY_ADDRESS, "Return detected by the first vantage"
    )
    yield Milestone("DNS switched back", production.elapsed_since(start), "not given")
    _await(production, lambda: production.page(PRIMARY_ADDRESS) == "primary", "no primary page")
    yield Milestone(
        "Failback: first visitor on the primary again", production.elapsed_since(start), "not given"
    )
    yield _told(production, "OK", began)


def _confirm(production: Production, topic: str) -> None:
    """What the on-call person does with the confirmation mail."""
    _await(production, lambda: production.letter("Confirmation", 0.0) is not None, "no confirmation mail")
    letter = production.letter("Confirmation", 0.0)
    token = None if letter is None else token_in(letter)
    if token is None:
        raise DemoFailed("the confirmation mail has no link")
    production.cloud.sns.confirm_subscription(TopicArn=topic, Token=token)


def _told(production: Production, state: str, began: float) -> Milestone:
    """When the mail about the alarm's new state was there."""
    subject = f'{state}: "{stage.ALARM}"'
    _await(production, lambda: production.letter(subject, began) is not None, f"no mail says {subject}")
    letter = production.letter(subject, began)
    assert letter is not None  # noqa: S101 - it was just there
    return Milestone(f"{state} mail for {stage.ON_CALL}", (letter.at - began) * production.rate, "not given")


def _watch_vantages_until(
    production: Production, start: float, wanted: str, detected: str
) -> Iterator[Event]:
    """Tell each vantage's change of mind until the DNS gives the wanted address."""
    before = _observations(production.cloud)
    told_first = False
    while production.answer() != wanted:
        now = _observations(production.cloud)
        for region in [each for each in now if now[each] != before.get(each)]:
            yield Narration(f"  {region}: {now[region]}")
            if not told_first:
                yield Milestone(detected, production.elapsed_since(start), "≤30 s")
                told_first = True
        before = now
        if production.elapsed_since(start) > SWITCH_WITHIN:
            raise DemoFailed(f"the DNS did not switch within {SWITCH_WITHIN:.0f} s")
        time.sleep(GLANCE)


def _observations(cloud: stage.Cloud) -> dict[str, str]:
    """What each vantage saw last, by Region, without the advice that follows the first sentence."""
    checks = cloud.route53.list_health_checks()["HealthChecks"]
    found = cloud.route53.get_health_check_status(HealthCheckId=checks[0]["Id"])
    return {
        each["Region"]: each["StatusReport"]["Status"].split(". ")[0]
        for each in found["HealthCheckObservations"]
    }


def _await(production: Production, holds: Callable[[], bool], otherwise: str) -> None:
    start = time.monotonic()
    while not holds():
        if production.elapsed_since(start) > SWITCH_WITHIN:
            raise DemoFailed(otherwise)
        time.sleep(GLANCE)

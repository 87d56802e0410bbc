"""Observations → verdicts → status, of one health check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stillup.plan.chain.in_rules import health_check_of
from stillup.plan.chain.link import Agreement, Link, Stage
from stillup.plan.chain.seen import CheckSeen, Datapoint, Observation
from stillup.plan.moments import clock, stretch
from stillup.plan.setup import Check
from stillup.rules.health.check import HealthCheck, Status
from stillup.rules.health.refinements import pace, refinements_of
from stillup.rules.health.status import calculate, stand
from stillup.rules.health.verdict import HEALTHY_FRACTION, Verdict, count

FRESH: Final = 240.0
"""Seconds for which a datapoint says how a check stands: it comes each minute, a minute or two late."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How a check stands, as far as one can know."""

    status: Status
    other: Status | None
    """What it may be as well; None where there is no doubt."""
    links: tuple[Link, ...]
    healthy: int = 0
    checkers: int = 0


def judge(check: Check, seen: CheckSeen, children: Mapping[str, Judged], *, now: float, about: str) -> Judged:
    """How the check stands; the links are about `about`.

    `counted` is the verdicts' count, or the children's, after Inverted and Disabled; `published` is a fresh datapoint
    of HealthCheckStatus:

    | counted | published | status              | doubt |
    |---------|-----------|---------------------|-------|
    | a       | a         | a                   | no    |
    | a       | other     | published           | yes   |
    | a       | none      | a                   | yes ¹ |
    | none    | a         | a                   | no    |
    | none    | none      | healthy (HC-30)     | yes   |

    ¹ No doubt where it is disabled, or calculated of children without doubt.
    """
    rule_check = health_check_of(check)
    probed = rule_check is not None and rule_check.config.type.is_endpoint
    observed = [each for each in seen.observations or () if each.is_success or each.is_failure]
    counted = _counted(rule_check, observed, children)
    published = _published(seen, now)
    is_certain = rule_check is not None and (rule_check.config.disabled or not probed)
    link = _status_link(about, rule_check, counted, published, seen, now)
    links = (*(_probe_links(about, rule_check, seen, observed, now) if probed else ()), link)
    healthy = sum(each.is_success for each in observed)
    if published is not None:
        status = Status.HEALTHY if published.is_healthy else Status.UNHEALTHY
        other = counted if counted is not None and counted is not status else None
        return Judged(status, other, links, healthy, len(observed))
    status = counted or Status.HEALTHY
    return Judged(status, None if counted and is_certain else status.opposite, links, healthy, len(observed))


def _counted(
    check: HealthCheck | None, observed: list[Observation], children: Mapping[str, Judged]
) -> Status | None:
    if check is None:
        return None
    if check.config.disabled:
        raw = Status.HEALTHY
    elif check.config.child_health_checks:
        known = [children[each].status for each in check.config.child_health_checks if each in children]
        raw = calculate(check, known)
    else:
        status = count(Verdict(_meaning(each)) for each in observed)
        if status is None:
            return None
        raw = status
    return stand(check, raw, None, refinements=refinements_of(check), now=0.0).status


def _meaning(observation: Observation) -> Status:
    return Status.HEALTHY if observation.is_success else Status.UNHEALTHY


def _published(seen: CheckSeen, now: float) -> Datapoint | None:
    newest = next(iter(seen.datapoints or ()), None)
    return newest if newest is not None and now - newest.at <= FRESH else None


def _probe_links(
    about: str, rule_check: HealthCheck | None, seen: CheckSeen, observed: list[Observation], now: float
) -> tuple[Link, Link]:
    if not observed or rule_check is None:
        why = (
            "it is disabled: nobody probes"
            if rule_check and rule_check.config.disabled
            else "no checker tells"
        )
        return (
            Link(Stage.OBSERVATIONS, about, f"nothing is known: {why}", source="HC-32, HC-51"),
            Link(Stage.VERDICTS, about, "none, without observations", source="HC-24"),
        )
    total, healthy = len(observed), sum(each.is_success for each in observed)
    newest = max(each.at for each in observed)
    oldest = min(each.at for each in observed)
    spread = f", within {stretch(newest - oldest)}" if newest - oldest >= 1 else ""
    observation = Link(
        Stage.OBSERVATIONS,
        about,
        f"{healthy} of {total} checkers succeed{spread}, the latest at {clock(newest, now=now)} UTC",
        rule="each checker probes by itself, all the time",
        source="HC-25, HC-51",
        seen=_grouped(observed),
        agreement=Agreement.AGREES,
    )
    return observation, _verdict_link(about, rule_check, seen, observed, now)


def _grouped(observed: list[Observation]) -> tuple[str, ...]:
    """The texts, the most frequent first, each with who says so."""
    texts = Counter(each.text for each in observed)
    lines = []
    for text, times in texts.most_common():
        regions = Counter(each.region for each in observed if each.text == text)
        who = ", ".join(name if number == 1 else f"{name} ×{number}" for name, number in regions.items())
        lines.append(f"{times} × {text}  ({who})")
    return tuple(lines)


def _verdict_link(
    about: str, rule_check: HealthCheck, seen: CheckSeen, observed: list[Observation], now: float
) -> Link:
    """What the checkers hold, as far as their latest results tell: some may be on their way to it."""
    figures = pace(rule_check)
    failing = sum(each.is_failure for each in observed)
    succeeding = len(observed) - failing
    needed = (
        f"{figures.fall} failures or {figures.rise} successes"
        if figures.fall != figures.rise
        else f"{figures.fall} results"
    )
    if not failing or not succeeding:
        sort = "healthy" if not failing else "unhealthy"
        follows = f"all {len(observed)} hold {sort}, or are on their way to it"
    else:
        follows = f"{succeeding} hold healthy and {failing} unhealthy, or are on their way to it"
    return Link(
        Stage.VERDICTS,
        about,
        follows,
        rule=f"a checker changes its mind after {needed} in a row",
        source="HC-24",
        seen=_last_failure(seen.failures or (), now=now),
        agreement=Agreement.UNKNOWN,
        cause="the API tells each checker's latest result, not how many came in a row; the latest is taken for its verdict",
    )


def _last_failure(failures: tuple[Observation, ...], *, now: float) -> tuple[str, ...]:
    real = [each for each in failures if each.is_failure]
    if not real:
        return ()
    latest = max(real, key=lambda each: each.at)
    return (f"last failure {clock(latest.at, now=now)} UTC, {latest.region}: {latest.text}",)


def _status_link(
    about: str,
    rule_check: HealthCheck | None,
    counted: Status | None,
    published: Datapoint | None,
    seen: CheckSeen,
    now: float,
) -> Link:
    shown: tuple[str, ...] = ()
    if published is not None:
        word = "healthy" if published.is_healthy else "unhealthy"
        shown = (
            f"HealthCheckStatus {published.minimum:g} ({word}) in the minute of {clock(published.at, now=now)} UTC",
        )
    said = published is not None and (Status.HEALTHY if published.is_healthy else Status.UNHEALTHY)
    agreement = (
        Agreement.UNKNOWN
        if not said or counted is None
        else Agreement.AGREES
        if said is counted
        else Agreement.DIFFERS
    )
    follows = str(counted or said or "healthy, as every check until there is enough data (HC-30)")
    return Link(
        Stage.STATUS,
        about,
        follows,
        rule=_status_rule(rule_check),
        source="HC-23, HC-30 … HC-35",
        seen=shown,
        agreement=agreement,
        cause=_status_cause(agreement, counted, rule_check, seen),
    )


def _status_rule(check: HealthCheck | None) -> str:
    if check is None:
        return "this kind of check is judged elsewhere: only its metric tells"
    if check.config.disabled:
        return "disabled: always " + (
            "unhealthy, as it is inverted too" if check.config.inverted else "healthy"
        )
    inverted = ", then turned round (inverted)" if check.config.inverted else ""
    if check.config.child_health_checks:
        return f"healthy with {check.config.health_threshold or 0} healthy children or more{inverted}"
    if not check.config.type.is_endpoint:
        return f"healthy as the metric of its alarm says{inverted}"
    return f"healthy where more than {HEALTHY_FRACTION:.0%} of the checkers say so{inverted}"


def _status_cause(
    agreement: Agreement,
    counted: Status | None,
    rule_check: HealthCheck | None,
    seen: CheckSeen,
) -> str | None:
    if agreement is Agreement.AGREES:
        return None
    if agreement is Agreement.UNKNOWN:
        if seen.datapoints is None:
            return "the metric could not be read"
        return "no fresh datapoint of HealthCheckStatus" if counted is not None else "only the metric tells"
    if counted is Status.HEALTHY and rule_check is not None:
        refined = refinements_of(rule_check)
        if refined.latch:
            return "on its way back, or held by its latch until somebody releases it (`stillup:latch`)"
        if refined.recover_after:
            return f"on its way back, or held for {stretch(refined.recover_after)} after the last failure"
    return "on its way: results must repeat, and the metric comes once a minute, a minute or two late"

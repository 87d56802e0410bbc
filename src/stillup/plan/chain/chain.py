"""The whole chain of one failover, and its short form: what visitors get, since when, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from stillup.plan.chain.alerts import alarm_links
from stillup.plan.chain.answers import answer_link, target_of, ttl_link, who_answers
from stillup.plan.chain.link import Agreement, Chain, Link, Since, Stage, Target
from stillup.plan.chain.routing import ANSWERING, Ruled, leads_to, rule
from stillup.plan.chain.seen import CheckSeen, Page, Seen
from stillup.plan.chain.status import Judged, judge
from stillup.plan.moments import stretch
from stillup.plan.setup import Check, Record

_HTTP_ERROR: Final = 400
_UNAVAILABLE: Final = 503
_SHOWN_OF_ID: Final = 8
_NOTHING_SEEN: Final = CheckSeen()


def tell(seen: Seen) -> Chain:
    """The chain. Where several types lead visitors somewhere, each has its rule, answer and TTL."""
    judged = _judged(seen)
    ruled = rule(seen, judged)
    target = _visitors_get(seen, ruled)
    since = _since(seen, target)
    links = (
        *(link for each in judged.values() for link in each.links),
        *(link for each in ruled for link in _answered(seen, each, since)),
        *(_page_link(each, target) for each in seen.pages),
        *alarm_links(seen),
    )
    told = [each for topic in seen.setup.topics for each in topic.subscriptions]
    primary = [judged[each] for each in _checks_of(seen, "PRIMARY") if each in judged]
    checkers = sum(each.checkers for each in primary)
    return Chain(
        failover=seen.setup.name,
        now=seen.now,
        visitors_get=target,
        where=_where(seen, ruled),
        since=since,
        links=links,
        checkers_healthy=sum(each.healthy for each in primary) if checkers else None,
        checkers=checkers or None,
        alarm_states=tuple((name, each.state) for name, each in seen.alarms.items()),
        told=tuple(each.endpoint for each in told if each.is_confirmed),
        pending=tuple(each.endpoint for each in told if not each.is_confirmed),
        problems=tuple(dict.fromkeys(_problems(seen, ruled, target, links))),
        unknown=seen.unknown,
    )


def _judged(seen: Seen) -> Mapping[str, Judged]:
    """Every check, children before those that are calculated of them."""
    found: dict[str, Judged] = {}

    def is_parent(check: Check) -> bool:
        return bool(check.config and check.config.child_health_checks)

    for check in sorted(seen.setup.checks.values(), key=is_parent):
        shown = seen.checks.get(check.key, _NOTHING_SEEN)
        found[check.key] = judge(check, shown, found, now=seen.now, about=_label(seen, check))
    return found


def _label(seen: Seen, check: Check) -> str:
    """Whose check it is, and the beginning of its id."""
    roles = {"PRIMARY": "primary", "SECONDARY": "standby"}
    whose = {
        roles.get(each.failover or "", each.type) for each in seen.setup.records if each.check == check.key
    }
    return " ".join([*sorted(whose), check.key[:_SHOWN_OF_ID]])


def _answered(seen: Seen, ruled: Ruled, since: Since) -> tuple[Link, Link, Link]:
    answers = [each for each in seen.answers if each.type == _asked(ruled)]
    return ruled.link, answer_link(ruled, answers), ttl_link(ruled, answers, since, now=seen.now)


def _asked(ruled: Ruled) -> str:
    """Visitors ask for addresses; a CNAME comes with them."""
    return "A" if ruled.type == "CNAME" else ruled.type


def _answering(seen: Seen, ruled: Ruled) -> tuple[Record, ...]:
    """The records that the answers came from; what the rule chose, where no answer was had."""
    answers = [each for each in seen.answers if each.type == _asked(ruled) and each.problem is None]
    if not answers:
        return ruled.chosen
    return tuple(each for answer in answers for each in who_answers(answer, ruled))


def _visitors_get(seen: Seen, ruled: Sequence[Ruled]) -> Target:
    """By what the servers answer.

    | answers of the types       | visitors get           |
    |----------------------------|------------------------|
    | no record leads anywhere   | nobody                 |
    | all to one                 | it                     |
    | to several                 | several                |
    | of none of the records     | unknown                |
    | nobody was asked           | what the rule chose    |
    | nobody who was asked tells | unknown                |
    """
    if not ruled:
        return Target.NOBODY
    if _is_silent(seen):
        return Target.UNKNOWN
    targets = {target_of(_answering(seen, each), each) for each in ruled}
    return targets.pop() if len(targets) == 1 else Target.MIXED


def _is_silent(seen: Seen) -> bool:
    """Whether servers were asked, and none answered."""
    return bool(seen.answers) and all(each.problem is not None for each in seen.answers)


def _where(seen: Seen, ruled: Sequence[Ruled]) -> tuple[str, ...]:
    if _is_silent(seen):
        return ()
    answered = [value for each in seen.answers for value in each.values]
    chosen = [value for each in ruled for record in each.chosen for value in leads_to(record)]
    return tuple(dict.fromkeys(answered or chosen))


def _checks_of(seen: Seen, failover: str) -> tuple[str, ...]:
    found = [each.check for each in seen.setup.records if each.failover == failover and each.check]
    return tuple(dict.fromkeys(found))


def _since(seen: Seen, target: Target) -> Since:
    """Since when visitors get what they get, by the primary's check: its metric, or else its alarm.

    | datapoints of the metric           | alarm      | since                                |
    |------------------------------------|------------|--------------------------------------|
    | one that is otherwise              | any        | the minute after it                  |
    | all alike                          | a change before them | that change                |
    | all alike                          | otherwise  | at least the oldest of them          |
    | none                               | a change   | that change                          |
    | none                               | none       | not known                            |
    """
    if target is Target.UNKNOWN:
        return Since(None, "it was not seen what they get")
    keys = _checks_of(seen, "PRIMARY")
    if target not in (Target.PRIMARY, Target.STANDBY) or not keys:
        return Since(None, "only the status of a failover record's check tells")
    datapoints = seen.checks.get(keys[0], _NOTHING_SEEN).datapoints or ()
    for newer, older in pairwise(datapoints):
        if newer.is_healthy is not older.is_healthy:
            return Since(newer.at, "HealthCheckStatus, to the minute")
    changed = [each.since for each in seen.alarms.values() if each.since is not None and each.changes]
    if datapoints and changed and max(changed) < datapoints[-1].at:
        return Since(max(changed), "the alarm, which is a minute or two behind")
    if datapoints:
        oldest = datapoints[-1].at
        told = f"HealthCheckStatus, read {stretch(seen.now - oldest)} back"
        return Since(oldest, told, is_earliest_known=True)
    if changed:
        return Since(max(changed), "the alarm, which is a minute or two behind")
    return Since(None, "no datapoint and no change of an alarm was seen")


def _page_link(page: Page, target: Target) -> Link:
    """What a visitor gets, as far as one can tell from here.

    | status      | visitors get | link    |
    |-------------|--------------|---------|
    | none        | any          | unknown: others may reach what we cannot |
    | below 400   | any          | agrees  |
    | 503         | the standby  | agrees: it tells robots to come back (RFC 9110 §15.6.4) |
    | any other   | any          | differs |
    """
    rule = "a visitor opens the address that was answered; seen from here, redirects not followed"
    if page.status is None:
        why = f"from here: {page.problem or 'nothing was answered'}; others may fare better"
        return Link(Stage.PAGE, page.url, "a page", rule=rule, seen=(page.address or page.url,), cause=why)
    told = [f"HTTP {page.status}", page.title and f"“{page.title}”", page.server and f"server {page.server}"]
    line = f"{page.address or page.url}: {', '.join(filter(None, told))}"
    is_meant = page.status == _UNAVAILABLE and target is Target.STANDBY
    well = page.status < _HTTP_ERROR or is_meant
    return Link(
        Stage.PAGE,
        page.url,
        "a page" if well else f"an error page, {page.status}",
        rule=rule,
        seen=(line,),
        agreement=Agreement.AGREES if well else Agreement.DIFFERS,
        cause=None if well else f"the server answers with {page.status}",
    )


def _problems(seen: Seen, ruled: Sequence[Ruled], target: Target, links: Sequence[Link]) -> Iterator[str]:
    name = seen.setup.name
    if not ruled:
        yield f"{name} has no record of type {', '.join(ANSWERING)}"
        return
    if target is Target.STANDBY:
        yield "visitors get the standby"
    elif _is_silent(seen):
        yield "no server answered, so what visitors get could not be seen"
    elif target is Target.UNKNOWN and seen.answers:
        yield "what the servers answer is none of the records"
    elif target is Target.MIXED and any(each.failover for each in seen.setup.records):
        yield "some visitors get the primary and some the standby"
    grouped = {each.type for each in ruled if any(record.failover for record in each.records)}
    for each in ruled:
        if grouped and each.type not in grouped:
            yield f"the {each.type} record is no failover record: visitors who ask for it do not fail over"
    for link in links:
        if link.agreement is Agreement.DIFFERS:
            about = f" {link.about}" if link.about else ""
            yield f"{link.stage}{about}: {link.cause}"
    for alarm, state in ((alarm, shown.state) for alarm, shown in seen.alarms.items()):
        if state != "OK":
            yield f"alarm {alarm} is {state}"
    told = [each for topic in seen.setup.topics for each in topic.subscriptions]
    if seen.setup.topics and not any(each.is_confirmed for each in told):
        yield "nobody is told: no subscription is confirmed"

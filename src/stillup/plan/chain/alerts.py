"""Status → alarm → message: what the alarm should be, what it is, and who heard of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.plan.chain.in_rules import metric_of, trigger_of
from stillup.plan.chain.link import Agreement, Link, Stage
from stillup.plan.chain.seen import AlarmSeen, CheckSeen, Seen
from stillup.plan.chain.status import FRESH
from stillup.plan.moments import clock, stretch
from stillup.plan.setup import Alarm, Subscription, Topic
from stillup.rules.alarms.evaluation import evaluate
from stillup.rules.metrics.metric import sample_of

HEALTH_METRIC: Final = "HealthCheckStatus"
_DIMENSION: Final = "HealthCheckId"
_MINUTE: Final = 60.0


def alarm_links(seen: Seen) -> tuple[Link, ...]:
    """Two links for each alarm: the alarm, and its message."""
    return tuple(
        link for alarm in seen.setup.alarms for link in (_alarm_link(seen, alarm), _message_link(seen, alarm))
    )


def watched_check(seen: Seen, alarm: Alarm) -> CheckSeen | None:
    """The check whose status the alarm watches."""
    if alarm.metric != HEALTH_METRIC:
        return None
    wanted = alarm.dimensions.get(_DIMENSION)
    key = next((each.key for each in seen.setup.checks.values() if wanted in (each.id, each.key)), None)
    return None if key is None else seen.checks.get(key)


def _alarm_link(seen: Seen, alarm: Alarm) -> Link:
    """The alarm's state, beside what its rule makes of the datapoints.

    | the rule says | the alarm is | link    | likely cause                                    |
    |---------------|--------------|---------|-------------------------------------------------|
    | a state ¹     | in it        | agrees  | –                                               |
    | a state ¹     | in another   | differs | evaluated once a minute, on minutes that are over |
    | nothing ²     | anything     | unknown | –                                               |

    ¹ Now, a minute ago, or at the end of the newest minute that has a datapoint: they come late.
    ² It keeps what it has, there is no fresh datapoint, or no rule is known for it.
    """
    shown = seen.alarms.get(alarm.name)
    rule, source = _rule_of(alarm), "CW-13 … CW-18"
    if shown is None:
        return Link(
            Stage.ALARM,
            alarm.name,
            "its state could not be read",
            rule=rule,
            source=source,
            cause="the account did not tell",
        )
    expected = _expected(seen, alarm)
    lines = (_state_line(shown, seen.now), shown.reason)
    if not expected:
        follows, agreement, cause = shown.state, Agreement.UNKNOWN, "no fresh datapoints are at hand"
    elif shown.state in expected:
        follows, agreement, cause = shown.state, Agreement.AGREES, None
    else:
        follows, agreement = expected[0], Agreement.DIFFERS
        cause = f"it is {shown.state}: alarms are evaluated once a minute, on minutes that are over"
    return Link(
        Stage.ALARM,
        alarm.name,
        follows,
        rule=rule,
        source=source,
        seen=tuple(filter(None, lines)),
        agreement=agreement,
        cause=cause,
    )


def _rule_of(alarm: Alarm) -> str:
    sign = {
        "LessThanThreshold": "<",
        "LessThanOrEqualToThreshold": "≤",
        "GreaterThanThreshold": ">",
        "GreaterThanOrEqualToThreshold": "≥",
    }.get(alarm.comparison, alarm.comparison)
    wanted = alarm.datapoints_to_alarm or alarm.evaluation_periods
    periods = f"{wanted} of {alarm.evaluation_periods}"
    missing = alarm.treat_missing_data or "missing"
    statistic = alarm.statistic or "its statistic"
    return (
        f"ALARM when {statistic} of {alarm.metric} {sign} {alarm.threshold:g} in {periods} periods of "
        f"{stretch(alarm.period)}; no data counts as {missing}"
    )


def _expected(seen: Seen, alarm: Alarm) -> tuple[str, ...]:
    trigger, check = trigger_of(alarm), watched_check(seen, alarm)
    if trigger is None or check is None or not check.datapoints:
        return ()
    newest = check.datapoints[0].at
    if seen.now - newest > FRESH:
        return ()
    metric = metric_of(alarm)
    samples = [sample_of(metric, each.at, each.minimum) for each in check.datapoints]
    moments = (seen.now, seen.now - _MINUTE, newest + _MINUTE)
    states = [evaluate(trigger, samples, now=each).state for each in moments]
    return tuple(dict.fromkeys(str(each) for each in states if each is not None))


def _state_line(shown: AlarmSeen, now: float) -> str:
    since = ""
    if shown.since is not None:
        since = f" since {clock(shown.since, now=now)} UTC ({stretch(now - shown.since)})"
    before = f", {shown.changes[0].before} before" if shown.changes else ""
    return f"{shown.state}{since}{before}"


def _message_link(seen: Seen, alarm: Alarm) -> Link:
    shown = seen.alarms.get(alarm.name)
    state = "" if shown is None else shown.state
    actions = {
        "ALARM": alarm.alarm_actions,
        "OK": alarm.ok_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }.get(state, ())
    topics = [each for each in seen.setup.topics if each.arn in actions or each.key in actions]
    told = [each for topic in topics for each in topic.subscriptions]
    lines = tuple(_message_lines(seen, shown, told))
    follows, cause = _message_words(alarm, state, actions, topics, told)
    failed = shown is not None and shown.actions and not shown.actions[0].succeeded
    if failed:
        agreement, cause = (
            Agreement.DIFFERS,
            "CloudWatch could not tell the topic: look at the topic's policy",
        )
    else:
        agreement = Agreement.UNKNOWN if cause else Agreement.AGREES
    return Link(
        Stage.MESSAGE,
        alarm.name,
        follows,
        rule="an alarm tells its topics once, when its state changes; a topic tells confirmed subscriptions",
        source="CW-8, SN-2",
        seen=lines,
        agreement=agreement,
        cause=cause,
    )


def _message_words(
    alarm: Alarm, state: str, actions: tuple[str, ...], topics: list[Topic], told: list[Subscription]
) -> tuple[str, str | None]:
    confirmed = [each for each in told if each.is_confirmed]
    if not alarm.actions_enabled:
        return "nobody is told", "the alarm's actions are switched off"
    if not actions:
        return f"nobody is told of {state or 'this state'}", "the alarm has no action for it"
    if not topics:
        return (
            f"{', '.join(actions)} is told",
            "who hears of that is not known: it is no topic of this set-up",
        )
    if not confirmed:
        return "nobody is told", "no subscription is confirmed: click the link in the mail"
    return f"told: {', '.join(each.endpoint for each in confirmed)}", None


def _message_lines(seen: Seen, shown: AlarmSeen | None, told: Iterable[Subscription]) -> Iterable[str]:
    if shown is not None and shown.actions:
        latest = shown.actions[0]
        word = "sent to the topic" if latest.succeeded else "not sent"
        yield f"{clock(latest.at, now=seen.now)} UTC {word}: {latest.target.rpartition(':')[2]}"
    for each in told:
        state = "confirmed" if each.is_confirmed else "waits for its confirmation"
        yield f"{each.protocol} {each.endpoint}: {state}"

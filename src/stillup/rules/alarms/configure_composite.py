"""PutCompositeAlarm: a rule that can be read, over alarms that exist, without circles."""

from __future__ import annotations

from dataclasses import replace

from stillup.rules.alarms.alarm_rule import children, parse_rule
from stillup.rules.alarms.composite import child_arn, cycle
from stillup.rules.alarms.configure import AlarmSettings, Place, put_alarm
from stillup.rules.changes import AlarmPut
from stillup.rules.ids import Instant
from stillup.rules.refusal import Refusal
from stillup.rules.world import World


def put_composite_alarm(
    world: World, settings: AlarmSettings, rule: str, *, place: Place, now: Instant
) -> AlarmPut | Refusal:
    """The alarm with these settings and this rule, or the first thing that is wrong with them."""
    if rule != rule.strip() or not rule:
        return _wrong("AlarmRule must not contain leading or trailing whitespace or be null")
    parsed = parse_rule(rule)
    if isinstance(parsed, Refusal):
        return parsed
    put = put_alarm(world, settings, place=place, now=now, rule=rule)
    if isinstance(put, Refusal):
        return put
    # As if it were there already: an alarm that names itself is a circle, not one that does not exist.
    with_it = replace(world, alarms={**world.alarms, put.alarm.arn: put.alarm})
    unknown = [name for name in children(parsed) if child_arn(put.alarm.arn, name) not in with_it.alarms]
    if unknown:
        return _wrong(
            f"Could not save the composite alarm as alarms [{', '.join(unknown)}] in the alarm rule do not exist"
        )
    circle = cycle(world, put.alarm)
    if circle is not None:
        return _wrong(f"Could not save the composite alarm as its rule makes a circle: {' -> '.join(circle)}")
    return put


def _wrong(reason: str) -> Refusal:
    return Refusal.because("ValidationError", reason)

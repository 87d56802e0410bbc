"""What PutMetricAlarm and PutCompositeAlarm have in common: names, actions, tags, and alarms that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stillup.rules.alarms import reasons
from stillup.rules.alarms.alarm import Alarm, AlarmState, Standing, Trigger
from stillup.rules.alarms.configuration_history import created, updated
from stillup.rules.alarms.tags import retag
from stillup.rules.changes import AlarmPut
from stillup.rules.ids import Arn, Instant
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

MOST_ALARMS: Final = 5_000
"""Of one Region."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose alarms, and where: each Region is a world of its own."""

    region: str
    account_id: str

    def arn_of(self, name: str) -> Arn:
        """The ARN of the alarm of this name."""
        return Arn(f"arn:aws:cloudwatch:{self.region}:{self.account_id}:alarm:{name}")


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """What can be set for an alarm of either kind, as it was sent."""

    name: str
    description: str | None = None
    actions_enabled: bool = True
    ok_actions: tuple[str, ...] = ()
    alarm_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


def put_alarm(
    world: World,
    settings: AlarmSettings,
    *,
    place: Place,
    now: Instant,
    trigger: Trigger | None = None,
    rule: str | None = None,
) -> AlarmPut | Refusal:
    """An alarm with these settings, which are sound but for what is looked at here, in the place of an earlier one.

    | there already           | state                              | tags          | else            |
    |-------------------------|------------------------------------|---------------|-----------------|
    | nothing                 | INSUFFICIENT_DATA, unchecked (CW-2) | as given      | as given        |
    | an alarm of this kind   | its own (CW-1)                     | its own (CW-1) | all overwritten |
    | one of the other kind   | refused                            |               |                 |
    """
    problem = next(_problems(settings, place), None)
    if problem is not None:
        return Refusal.because("ValidationError", problem)
    existing = world.alarms.get(place.arn_of(settings.name))
    tags = retag({}, add=settings.tags) if existing is None else existing.tags
    if isinstance(tags, Refusal):
        return tags
    alarm = Alarm(
        arn=place.arn_of(settings.name),
        region=place.region,
        name=settings.name,
        configured_at=now,
        standing=_unchecked(now) if existing is None else existing.standing,
        trigger=trigger,
        rule=rule,
        description=settings.description,
        actions_enabled=settings.actions_enabled,
        ok_actions=_arns(settings.ok_actions),
        alarm_actions=_arns(settings.alarm_actions),
        insufficient_data_actions=_arns(settings.insufficient_data_actions),
        tags=tags,
    )
    if existing is None:
        count = sum(each.region == place.region for each in world.alarms.values())
        if count >= MOST_ALARMS:
            return Refusal.because(
                "LimitExceeded", f"There are {count} alarms already, the most of a Region."
            )
        return AlarmPut(alarm, (created(alarm),))
    if (existing.rule is None) != (rule is None):
        kinds = ("metric", "composite") if rule is None else ("composite", "metric")
        return Refusal.because(
            "ValidationError",
            f"Could not save the {kinds[0]} alarm as a {kinds[1]} alarm with the same name already exists.",
        )
    return AlarmPut(alarm, (updated(existing, alarm, at=now),))


def tag_alarm(
    world: World, arn: Arn, *, add: Sequence[tuple[str, str]] = (), remove: Sequence[str] = ()
) -> AlarmPut | Refusal:
    """TagResource and UntagResource."""
    alarm = world.alarms.get(arn)
    if alarm is None:
        return Refusal.because("ResourceNotFoundException", "Unknown")
    tags = retag(alarm.tags, add=add, remove=remove)
    return tags if isinstance(tags, Refusal) else AlarmPut(replace(alarm, tags=tags))


def alarms_in(world: World, place: Place) -> Mapping[str, Alarm]:
    """The alarms of this Region, in the order of their names."""
    here = (alarm for alarm in world.alarms.values() if alarm.region == place.region)
    return {alarm.name: alarm for alarm in sorted(here, key=lambda alarm: alarm.name)}


def _unchecked(now: Instant) -> Standing:
    return Standing(AlarmState.INSUFFICIENT_DATA, reasons.INITIAL, None, now, now)


def _arns(texts: Sequence[str]) -> tuple[Arn, ...]:
    return tuple(map(Arn, texts))


def _problems(settings: AlarmSettings, place: Place) -> Iterator[str]:
    if any(char < " " or char == "\x7f" for char in settings.name):
        yield "AlarmName must not contain ASCII control characters"
    for actions in (settings.ok_actions, settings.alarm_actions, settings.insufficient_data_actions):
        for action in actions:
            problem = _action_problem(action, place)
            if problem is not None:
                yield problem


def _action_problem(action: str, place: Place) -> str | None:
    """What is wrong with an action; None if it can be carried out once its topic is there.

    | action                          | refused                                |
    |---------------------------------|----------------------------------------|
    | `arn:aws:sns:REGION:ACCOUNT:TOPIC` | no; the topic may be made later     |
    | a topic of another Region       | yes: CloudWatch publishes in its own   |
    | anything but a topic            | yes: nobody here would do it           |
    """
    parts = action.split(":")
    if len(parts) < 6 or parts[0] != "arn":
        return f"Invalid arn syntax: {action}"
    _, partition, service, region = parts[:4]
    if partition != "aws":
        return f"Invalid partition {partition} specified. Only aws is supported."
    if service != "sns" or len(parts) != 6 or not parts[5]:
        return f"Unsupported action {action}: this engine notifies SNS topics, and does nothing else."
    if region != place.region:
        return f"Invalid region {region} specified. Only {place.region} is supported."
    return None

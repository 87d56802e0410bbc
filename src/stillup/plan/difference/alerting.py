"""The topic, who is subscribed to it, and the alarm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from stillup.plan.difference.compare import alarm_attributes, compare, tag_attributes
from stillup.plan.difference.part import Part, note_not_ours, refuse_not_ours, together
from stillup.plan.ownership import owns_tags
from stillup.plan.references import resolve
from stillup.plan.setup import OWNER_TAG, Alarm, Setup, Subscription, Topic
from stillup.plan.step import Action, Difference, Kind, Step

_PLANNED_PROTOCOLS: Final = ("email", "http", "https")
"""What a plan can ask for. Other subscriptions to a topic of ours were made by another hand, and stay."""


def topic_part(desired: Setup, actual: Setup, *, adopt: bool) -> Part:
    """What to do about the topic.

    | asked for      | there is  | subscriptions  | adopt | then                                                |
    |----------------|-----------|----------------|-------|-----------------------------------------------------|
    | kept elsewhere | any       | any            | any   | nothing; a note where the plan names people         |
    | ours           | none      |                | any   | CREATE, and each subscription                       |
    | ours           | ours      | any            | any   | missing ones are made, those not planned are ended  |
    | ours           | another's | all there      | no    | nothing, with a note                                |
    | ours           | another's | some missing   | no    | refused                                             |
    | ours           | another's | any            | yes   | ADOPT, and as if it were ours                       |
    | nothing        | ours      |                | any   | DELETE                                              |
    """
    parts = [_topic(desired, wanted, _same_topic(wanted, actual), adopt=adopt) for wanted in desired.topics]
    names = {(wanted.name, wanted.region) for wanted in desired.topics}
    left = [topic for topic in own_topics(actual) if (topic.name, topic.region) not in names]
    return together((*parts, Part(steps=tuple(topic_deletion(topic, actual.name) for topic in left))))


def alarm_part(desired: Setup, actual: Setup, ids: Mapping[str, str], *, adopt: bool) -> Part:
    """What to do about the alarm: as for checks, but nothing about it is fixed. `ids` resolve its references."""
    parts = [_alarm(desired, _resolved(wanted, ids), actual, adopt=adopt) for wanted in desired.alarms]
    names = {(wanted.name, wanted.region) for wanted in desired.alarms}
    left = [alarm for alarm in own_alarms(actual) if (alarm.name, alarm.region) not in names]
    return together((*parts, Part(steps=tuple(alarm_deletion(alarm, actual.name) for alarm in left))))


def own_topics(actual: Setup) -> list[Topic]:
    """The topics that are the failover's own."""
    return [topic for topic in actual.topics if owns_tags(topic.tags, actual.name)]


def own_alarms(actual: Setup) -> list[Alarm]:
    """The alarms that are the failover's own."""
    return [alarm for alarm in actual.alarms if owns_tags(alarm.tags, actual.name)]


def topic_deletion(topic: Topic, failover: str) -> Step:
    """The step that deletes a topic of ours, its subscriptions with it."""
    return Step(Action.DELETE, Kind.TOPIC, failover, "topic", topic, None)


def alarm_deletion(alarm: Alarm, failover: str) -> Step:
    """The step that deletes an alarm of ours."""
    return Step(Action.DELETE, Kind.ALARM, failover, "alarm", alarm, None)


def _same_topic(wanted: Topic, actual: Setup) -> Topic | None:
    return next(
        (topic for topic in actual.topics if (topic.name, topic.region) == (wanted.name, wanted.region)), None
    )


def _topic(desired: Setup, wanted: Topic, found: Topic | None, *, adopt: bool) -> Part:
    failover = desired.name
    if not wanted.is_kept:
        people = ", ".join(each.endpoint for each in wanted.subscriptions)
        note = f"The topic {wanted.arn} is kept elsewhere: {people} must be subscribed to it there."
        return Part(notes=(note,) if people else (), ids={"topic": wanted.arn or ""})
    if found is None:
        made = Step(Action.CREATE, Kind.TOPIC, failover, "topic", None, wanted, _tags({}, wanted.tags))
        return Part(steps=(made, *_subscribing(failover, wanted, wanted.subscriptions)))
    ids = {"topic": found.arn or found.key}
    missing = [each for each in wanted.subscriptions if not _is_among(each, found.subscriptions)]
    surplus = [each for each in found.subscriptions if _is_surplus(each, wanted)]
    telling = (*_subscribing(failover, found, missing), *_ending(failover, found, surplus))
    if owns_tags(found.tags, failover):
        return Part(steps=telling, notes=tuple(_unending(surplus)), ids=ids)
    what = f"The topic {found.name} in {found.region}"
    if adopt:
        after = replace(found, key=wanted.key, tags={**found.tags, **wanted.tags})
        tags = _tags(found.tags, wanted.tags)
        adopted = Step(Action.ADOPT, Kind.TOPIC, failover, "topic", found, after, tags)
        return Part(steps=(adopted, *telling), notes=tuple(_unending(surplus)), ids=ids)
    if missing:
        differences = tuple(
            Difference(f"subscription {each.protocol}", None, each.endpoint) for each in missing
        )
        return Part(refusals=(refuse_not_ours(what, differences),), ids=ids)
    return Part(notes=(note_not_ours(what),), ids=ids)


def _is_among(wanted: Subscription, found: tuple[Subscription, ...]) -> bool:
    return any(_identity(wanted) == _identity(each) for each in found)


def _is_surplus(found: Subscription, wanted: Topic) -> bool:
    return found.protocol in _PLANNED_PROTOCOLS and not _is_among(found, wanted.subscriptions)


def _identity(subscription: Subscription) -> tuple[str, str]:
    endpoint = subscription.endpoint
    return subscription.protocol, endpoint.lower() if subscription.protocol == "email" else endpoint


def _subscribing(failover: str, topic: Topic, missing: Iterable[Subscription]) -> Iterator[Step]:
    for each in missing:
        why = "Gets a message that asks for consent, and nothing else before it is given."
        yield Step(
            Action.CREATE, Kind.SUBSCRIPTION, failover, _address(each), None, each, within=topic, why=why
        )


def _ending(failover: str, topic: Topic, surplus: Iterable[Subscription]) -> Iterator[Step]:
    for each in surplus:
        if each.is_confirmed:
            yield Step(Action.DELETE, Kind.SUBSCRIPTION, failover, _address(each), each, None, within=topic)


def _unending(surplus: list[Subscription]) -> Iterator[str]:
    for each in surplus:
        if not each.is_confirmed:
            yield f"{each.endpoint} is not planned, but asked for consent: SNS forgets it after three days without."


def _address(subscription: Subscription) -> str:
    return f"subscription/{subscription.protocol}/{subscription.endpoint}"


def _alarm(desired: Setup, wanted: Alarm, actual: Setup, *, adopt: bool) -> Part:
    failover = desired.name
    found = next(
        (each for each in actual.alarms if (each.name, each.region) == (wanted.name, wanted.region)), None
    )
    if found is None:
        attributes = {**_described(wanted), **tag_attributes(wanted.tags, wanted.tags)}
        return Part(
            steps=(Step(Action.CREATE, Kind.ALARM, failover, "alarm", None, wanted, compare({}, attributes)),)
        )
    after = replace(wanted, arn=found.arn, tags={**found.tags, **wanted.tags})
    differences = compare(_described(found), _described(wanted))
    if owns_tags(found.tags, failover):
        step = Step(Action.UPDATE, Kind.ALARM, failover, "alarm", found, after, differences)
        return Part(steps=(step,) if differences else ())
    what = f"The alarm {found.name} in {found.region}"
    if adopt:
        differences += _tags(found.tags, wanted.tags)
        return Part(steps=(Step(Action.ADOPT, Kind.ALARM, failover, "alarm", found, after, differences),))
    effective = compare(alarm_attributes(found), alarm_attributes(wanted))
    return (
        Part(refusals=(refuse_not_ours(what, effective),))
        if effective
        else Part(notes=(note_not_ours(what),))
    )


def _described(alarm: Alarm) -> dict[str, object]:
    return {**alarm_attributes(alarm), "AlarmDescription": alarm.description}


def _tags(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Difference, ...]:
    return compare(tag_attributes(before, (OWNER_TAG,)), tag_attributes(after, (OWNER_TAG,)))


def _resolved(alarm: Alarm, ids: Mapping[str, str]) -> Alarm:
    """With the ids that are known in place of their references."""

    def known(actions: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(resolve(each, ids) for each in actions)

    return replace(
        alarm,
        dimensions={name: resolve(value, ids) for name, value in alarm.dimensions.items()},
        alarm_actions=known(alarm.alarm_actions),
        ok_actions=known(alarm.ok_actions),
        insufficient_data_actions=known(alarm.insufficient_data_actions),
    )

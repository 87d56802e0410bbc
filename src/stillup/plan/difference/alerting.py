"""The topic, who is subscribed to it, and the alarm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from stillup.plan.difference.compare import alarm_attributes, compare, tag_attributes
from stillup.plan.difference.part import Part, note_not_ours, refuse_not_ours, together
from stillup.plan.others import Others
from stillup.plan.ownership import owner, owns_tags
from stillup.plan.references import resolve
from stillup.plan.setup import OWNER_TAG, Alarm, Setup, Subscription, Topic
from stillup.plan.step import Action, Difference, Kind, Step

_PLANNED_PROTOCOLS: Final = ("email", "http", "https")
"""What a plan can ask for. Other subscriptions to a topic of ours were made by another hand, and stay."""


def topic_part(desired: Setup, actual: Setup, others: Others, *, adopt: bool) -> Part:
    """What to do about the topic.

    | asked for      | there is  | subscriptions  | adopt | then                                                |
    |----------------|-----------|----------------|-------|-----------------------------------------------------|
    | kept elsewhere | any       | any            | any   | nothing; a note where the plan names people         |
    | ours           | none      |                | any   | CREATE, and each subscription                       |
    | ours           | ours      | any            | any   | missing ones are made, those not planned are ended  |
    | ours           | another's | all there      | no    | nothing, with a note                                |
    | ours           | another's | some missing   | no    | refused                                             |
    | ours           | another's | any            | yes   | ADOPT, and as if it were ours                       |
    | nothing        | ours      |                | any   | DELETE, or another failover's from now on ¹         |

    What is tagged for another failover of the plan file is ours as well. ¹ UPDATE of the tag, where one keeps using it.
    """
    found = {topic.place: topic for topic in actual.topics}
    parts = [
        _topic(desired, wanted, found.get(wanted.place), others, adopt=adopt) for wanted in desired.topics
    ]
    places = {wanted.place for wanted in desired.topics}
    left = [
        _left(topic, actual.name, others.keeper_of(topic))
        for topic in actual.topics
        if topic.place not in places and owns_tags(topic.tags, actual.name)
    ]
    return together((*parts, Part(steps=tuple(left))))


def topics_left(desired: Setup, actual: Setup, others: Others) -> Iterator[Step]:
    """What becomes of the topics of a failover that is taken away.

    | tagged for | the alarm of another ¹ calls it | then                                        |
    |------------|---------------------------------|---------------------------------------------|
    | it         | no                              | DELETE                                      |
    | it         | yes                             | UPDATE of the tag: the other's from now on  |
    | another ¹  | no                              | DELETE                                      |
    | another ¹  | yes                             | nothing                                     |

    ¹ Of the file, that stays, and that asks for the same topic.
    """
    shared = {wanted.place for wanted in desired.topics if wanted.is_kept}
    for topic in actual.topics:
        if owns_tags(topic.tags, actual.name):
            yield _left(topic, actual.name, others.caller_of(topic))
        elif topic.place in shared and others.owner_of(topic) and not others.caller_of(topic):
            yield _topic_deletion(topic, actual.name)


def _left(topic: Topic, failover: str, heir: str | None) -> Step:
    if heir is None:
        return _topic_deletion(topic, failover)
    after = replace(topic, tags={**topic.tags, OWNER_TAG: owner(heir)})
    why = f"{heir} goes on using it."
    return Step(
        Action.UPDATE, Kind.TOPIC, failover, "topic", topic, after, _tags(topic.tags, after.tags), why=why
    )


def alarm_part(desired: Setup, actual: Setup, ids: Mapping[str, str], *, adopt: bool) -> Part:
    """What to do about the alarm: as for checks, but nothing about it is fixed. `ids` resolve its references."""
    parts = [_alarm(desired, _resolved(wanted, ids), actual, adopt=adopt) for wanted in desired.alarms]
    places = {wanted.place for wanted in desired.alarms}
    left = [alarm for alarm in own_alarms(actual) if alarm.place not in places]
    return together((*parts, Part(steps=tuple(alarm_deletion(alarm, actual.name) for alarm in left))))


def own_alarms(actual: Setup) -> list[Alarm]:
    """The alarms that are the failover's own."""
    return [alarm for alarm in actual.alarms if owns_tags(alarm.tags, actual.name)]


def _topic_deletion(topic: Topic, failover: str) -> Step:
    """Its subscriptions go with it."""
    return Step(Action.DELETE, Kind.TOPIC, failover, "topic", topic, None)


def alarm_deletion(alarm: Alarm, failover: str) -> Step:
    """The step that deletes an alarm of ours."""
    return Step(Action.DELETE, Kind.ALARM, failover, "alarm", alarm, None)


def _topic(desired: Setup, wanted: Topic, found: Topic | None, others: Others, *, adopt: bool) -> Part:
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
    if owns_tags(found.tags, failover) or others.owner_of(found) is not None:
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
        return Part(refusals=(refuse_not_ours(what, differences, found.tags),), ids=ids)
    return Part(notes=(note_not_ours(what, found.tags),), ids=ids)


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
    found = next((each for each in actual.alarms if each.place == wanted.place), None)
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
    if effective:
        return Part(refusals=(refuse_not_ours(what, effective, found.tags),))
    return Part(notes=(note_not_ours(what, found.tags),))


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

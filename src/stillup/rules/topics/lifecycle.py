"""Topics: making, finding, tagging and ending them (SN-1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from unicodedata import category

from stillup.rules.changes import TopicDeleted, TopicPut
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics.attributes import in_attributes, with_topic_attributes
from stillup.rules.topics.heartbeat import check_tags
from stillup.rules.topics.refusals import NO_TOPIC, invalid
from stillup.rules.topics.topic import Topic
from stillup.rules.world import World

MOST_TOPICS: Final = 100_000
"""Of one account and Region."""
MOST_TAGS: Final = 50
_MOST_KEY: Final = 128
_MOST_VALUE: Final = 256
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)


def find_topic(world: World, arn: str, *, region: str) -> Topic | Refusal:
    """The topic of this Region, or what SNS says of an ARN that names none."""
    malformed = check_arn(arn, "TopicArn")
    if malformed is not None:
        return malformed
    if arn.split(":")[3] != region:
        return invalid("TopicArn")
    return world.topics.get(Arn(arn), NO_TOPIC)


def check_arn(arn: str, parameter: str) -> Refusal | None:
    """InvalidParameter unless this has the parts of an ARN."""
    parts = arn.split(":")
    if len(parts) < 6:
        return invalid(f"{parameter} Reason: An ARN must have at least 6 elements, not {len(parts)}")
    return None if parts[0] == "arn" else invalid(f"{parameter} Reason: An ARN must begin with arn")


def check_subscription_arn(arn: str) -> Refusal | None:
    """InvalidParameter unless this has the parts of a subscription's ARN, which a topic's has not."""
    malformed = check_arn(arn, "SubscriptionArn")
    return invalid("SubscriptionId") if malformed is None and arn.count(":") < 6 else malformed


def create(
    world: World, bare: Topic, *, attributes: Mapping[str, str], tags: Sequence[tuple[str, str]]
) -> TopicPut | Topic | Refusal:
    """The topic with these attributes and tags, or the one that has its name (SN-1).

    | there is one of this name | attributes | tags         | outcome          |
    |---------------------------|------------|--------------|------------------|
    | no                        | any        | any          | a new topic      |
    | yes                       | none, same | none, same   | that topic       |
    | yes                       | different  | any          | InvalidParameter |
    | yes                       | none, same | different    | InvalidParameter |
    """
    if not _NAME.fullmatch(bare.name):
        return invalid("Topic Name")
    configured = with_topic_attributes(bare, attributes)
    if isinstance(configured, Refusal):
        return in_attributes(configured)
    tagged = retag(configured, add=tags, remove=())
    if isinstance(tagged, Refusal):
        return tagged
    namesake = world.topics.get(bare.arn)
    if namesake is None:
        if sum(topic.region == bare.region for topic in world.topics.values()) >= MOST_TOPICS:
            return Refusal.because("TopicLimitExceeded", "Topic limit exceeded")
        return TopicPut(tagged)
    if not tagged.attributes.items() <= namesake.attributes.items():
        return invalid("Attributes Reason: Topic already exists with different attributes")
    if not tagged.tags.items() <= namesake.tags.items():
        return invalid("Tags Reason: Topic already exists with different tags")
    return namesake


def set_attribute(
    world: World, arn: str, *, region: str, name: str, value: str
) -> TopicPut | Topic | Refusal:
    """The topic with this attribute set; an empty value unsets it. What kind of topic it is stays as it is."""
    topic = find_topic(world, arn, region=region)
    if isinstance(topic, Refusal):
        return topic
    if name == "FifoTopic":
        return invalid("AttributeName")
    changed = with_topic_attributes(topic, {name: value})
    if isinstance(changed, Refusal) or changed == topic:
        return changed
    return TopicPut(changed)


def delete(world: World, arn: str, *, region: str) -> TopicDeleted | Refusal | None:
    """The end of the topic and its subscriptions; None: there is none, which is as good on AWS."""
    topic = find_topic(world, arn, region=region)
    if isinstance(topic, Refusal):
        return None if topic.code == "NotFound" else topic
    return TopicDeleted(topic.arn)


def set_tags(
    world: World, arn: str, *, region: str, add: Sequence[tuple[str, str]], remove: Sequence[str]
) -> TopicPut | Refusal:
    """The topic with its tags changed. A bad `stillup:` tag is refused, and nothing changes."""
    topic = find_resource(world, arn, region=region)
    if isinstance(topic, Refusal):
        return topic
    tagged = retag(topic, add=add, remove=remove)
    return tagged if isinstance(tagged, Refusal) else TopicPut(tagged)


def find_resource(world: World, arn: str, *, region: str) -> Topic | Refusal:
    """The topic, in the words of the operations on tags."""
    topic = find_topic(world, arn, region=region)
    if isinstance(topic, Refusal) and topic.code == "NotFound":
        return Refusal.because("ResourceNotFound", "Resource does not exist")
    return topic


def retag(topic: Topic, *, add: Sequence[tuple[str, str]], remove: Sequence[str]) -> Topic | Refusal:
    """The topic with tags removed and added, or the first thing that SNS finds wrong."""
    added = dict(add)
    if len(added) < len(add):
        return invalid("Duplicated keys are not allowed.")
    for key, value in add:
        if not 1 <= len(key) <= _MOST_KEY or len(value) > _MOST_VALUE or not _is_plain(key + value):
            return invalid(
                f"Tags Reason: the tag {key[:_MOST_KEY]!r} is too long or has characters that no tag has"
            )
        if key.lower().startswith("aws:"):
            return invalid("Tags Reason: aws: prefixed tag key names are not allowed for external use.")
    refused = check_tags(added)
    if refused is not None:
        return refused
    tags = {key: value for key, value in topic.tags.items() if key not in remove} | added
    if len(tags) > MOST_TAGS:
        return Refusal.because(
            "TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded"
        )
    return replace(topic, tags=tags)


def _is_plain(text: str) -> bool:
    """Letters, numbers and spaces of any script, and `_ . : / = + - @`, as for every tag of AWS."""
    return all(each in "_.:/=+-@" or category(each)[0] in ("L", "M", "N", "Z") for each in text)

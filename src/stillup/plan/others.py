"""What the other failovers of a plan file have to do with the plan of one: they may share a topic, or need what it makes.

| one of them                                       | then                                                              |
|---------------------------------------------------|-------------------------------------------------------------------|
| has its messages sent to a topic of the same name | it is one topic: made once, everybody is subscribed to it, and it |
|                                                   | goes with the last of them                                        |
| names a check by `existing`, a topic by its ARN,  | it cannot be deleted before that one is taken away as well        |
| a bucket without a folder                         | (and is made before that one)                                     |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stillup.plan.ownership import owns_tags
from stillup.plan.setup import Bucket, Check, Setup, Topic


@dataclass(frozen=True, slots=True)
class Others:
    """The other failovers of the plan file, as they are asked for."""

    names: frozenset[str] = frozenset()
    """All of them."""
    staying: tuple[Setup, ...] = ()
    """Those that are not being taken away."""

    def owner_of(self, topic: Topic) -> str | None:
        """The one whose topic this is by its tag."""
        return next((name for name in sorted(self.names) if owns_tags(topic.tags, name)), None)

    def keeper_of(self, topic: Topic) -> str | None:
        """The first that stays and asks for this topic as for one of its own."""
        return next((each.name for each in self.staying if _keeps(each, topic)), None)

    def caller_of(self, topic: Topic) -> str | None:
        """The first of these whose alarm calls the topic already."""
        return next(
            (
                each.name
                for each in self.staying
                if _keeps(each, topic) and any(alarm.name in topic.called_by for alarm in each.alarms)
            ),
            None,
        )

    def user_of(self, resource: object) -> str | None:
        """The first that stays and only points at this check, bucket or topic."""
        return next((setup.name for setup in self.staying if points_at(setup, resource)), None)


NOBODY: Final = Others()


def points_at(setup: Setup, resource: object) -> bool:
    """Whether what is asked for names this check, bucket or topic, and leaves keeping it to another hand."""
    match resource:
        case Check(id=id_):
            return any(each.config is None and each.id == id_ for each in setup.checks.values())
        case Bucket(name=name):
            return setup.bucket is not None and not setup.bucket.is_published and setup.bucket.name == name
        case Topic(arn=arn):
            return any(not each.is_kept and each.arn == arn for each in setup.topics)
        case _:
            return False


def _keeps(setup: Setup, topic: Topic) -> bool:
    return any(each.is_kept and each.place == topic.place for each in setup.topics)


def with_shared_topics(asked: Sequence[Setup]) -> list[Setup]:
    """What all failovers of a file ask for, each topic with everybody whom any of them wants to be told by it."""
    people = {
        topic.place: tuple(
            dict.fromkeys(
                one
                for setup in asked
                for each in setup.topics
                if each.is_kept and each.place == topic.place
                for one in each.subscriptions
            )
        )
        for setup in asked
        for topic in setup.topics
    }
    return [
        replace(
            setup,
            topics=tuple(
                replace(each, subscriptions=people[each.place]) if each.is_kept else each
                for each in setup.topics
            ),
        )
        for setup in asked
    ]


def in_order(asked: Iterable[Setup], *, destroy: bool) -> list[Setup]:
    """What others point at is made before them, and taken away after them; otherwise the order is the file's."""
    listed = list(asked)

    def is_pointed_at(setup: Setup) -> bool:
        bucket = setup.bucket
        return bucket is not None and bucket.is_published and any(points_at(each, bucket) for each in listed)

    return sorted(listed, key=lambda setup: is_pointed_at(setup) is destroy)

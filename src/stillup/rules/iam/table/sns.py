"""SNS: topics have ARNs that policies name; subscriptions are managed with `*`, or without credentials at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.iam.context import requested_tag_keys, tag_keys
from stillup.rules.iam.identity import PrincipalKind
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.table.row import (
    EVERYTHING,
    Facts,
    Need,
    Resources,
    Row,
    everything,
    has,
    single,
    tags,
    text,
    texts,
)
from stillup.rules.ids import Arn


def _topic(facts: Facts) -> Sequence[str]:
    named = (text(facts.parameters, member) for member in ("TopicArn", "TargetArn", "ResourceArn"))
    return (next(filter(None, named), EVERYTHING),)


def _region(facts: Facts) -> Sequence[str]:
    """Of a list of all that there is: what AWS names when it refuses one."""
    return (facts.arn("sns", EVERYTHING),)


def _new_topic(facts: Facts) -> Sequence[str]:
    return (facts.arn("sns", text(facts.parameters, "Name") or ""),)


def _keys(facts: Facts, resource: str) -> Context:
    topic = facts.world.topics.get(Arn(resource))
    return {
        **requested_tag_keys(tags(facts.parameters), texts(facts.parameters, "TagKeys")),
        **({} if topic is None else tag_keys(topic.tags, "aws:resourcetag")),
    }


def _subscription_keys(facts: Facts, resource: str) -> Context:
    stated = {
        "sns:endpoint": text(facts.parameters, "Endpoint"),
        "sns:protocol": text(facts.parameters, "Protocol"),
    }
    return {**_keys(facts, resource), **{key: (value,) for key, value in stated.items() if value}}


def _link_is_enough(facts: Facts) -> bool:
    """Who has a subscription's ARN may end it, unless it was confirmed with AuthenticateOnUnsubscribe (SN-4)."""
    subscription = facts.world.subscriptions.get(Arn(text(facts.parameters, "SubscriptionArn") or ""))
    guarded = subscription is not None and subscription.needs_authentication_to_unsubscribe
    return facts.caller.kind is PrincipalKind.ANONYMOUS and not guarded


def _rows(resources: Resources, *operations: str) -> Mapping[str, Row]:
    return {operation: single(f"sns:{operation}", resources, _keys) for operation in operations}


SNS: Final[Mapping[str, Row]] = {
    **_rows(
        everything,
        "GetSubscriptionAttributes",
        "SetSubscriptionAttributes",
    ),
    **_rows(_region, "ListSubscriptions", "ListTopics"),
    **_rows(
        _topic,
        "DeleteTopic",
        "GetTopicAttributes",
        "ListSubscriptionsByTopic",
        "ListTagsForResource",
        "Publish",
        "SetTopicAttributes",
        "TagResource",
        "UntagResource",
    ),
    "CreateTopic": Row(
        (
            Need("sns:CreateTopic", _new_topic, _keys),
            Need("sns:TagResource", _new_topic, _keys, when=has("Tags")),
        )
    ),
    "PublishBatch": single("sns:Publish", _topic, _keys),
    "Subscribe": single("sns:Subscribe", _topic, _subscription_keys),
    # The token is the permission, unless it is to guard the way out too (SN-3).
    "ConfirmSubscription": Row(without_credentials=lambda _: True),
    "Unsubscribe": Row((Need("sns:Unsubscribe"),), _link_is_enough),
}

"""SNS's operations on topics (SN-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.sns.delivery_attributes import delivery_attributes
from stillup.engine.api.sns.errors import or_raise, page
from stillup.rules.changes import TopicDeleted, TopicPut
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics import lifecycle
from stillup.rules.topics.delivery_policy import effective_of_topic, shown_of_topic
from stillup.rules.topics.policy import default_policy
from stillup.rules.topics.subscribing import is_pending
from stillup.rules.topics.topic import Topic
from stillup.rules.world import World
from stillup.wire.aws.messages import Output


async def create_topic(ports: ApiPorts, call: Call) -> Output:
    """CreateTopic: the new topic's ARN, or that of the topic of this name."""
    name, account = call.parameters["Name"], ports.settings.account_id
    bare = Topic(
        arn=Arn(f"arn:aws:sns:{call.region}:{account}:{name}"),
        name=name,
        region=call.region,
        owner=account,
        created_at=ports.clock.now(),
    )
    attributes = call.parameters.get("Attributes") or {}
    tags = [(tag["Key"], tag["Value"]) for tag in call.parameters.get("Tags") or []]

    def decide(world: World) -> TopicPut | Refusal | None:
        decided = lifecycle.create(world, bare, attributes=attributes, tags=tags)
        return None if isinstance(decided, Topic) else decided

    committed_or_raise(await ports.worlds.commit(decide))
    return Output({"TopicArn": bare.arn})


async def delete_topic(ports: ApiPorts, call: Call) -> Output:
    """DeleteTopic, with its subscriptions; a topic that is not there is deleted with success."""

    def decide(world: World) -> TopicDeleted | Refusal | None:
        return lifecycle.delete(world, call.parameters["TopicArn"], region=call.region)

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


async def list_topics(ports: ApiPorts, call: Call) -> Output:
    """ListTopics: those of the Region, in pages of a hundred."""
    topics = ports.worlds.current.topics.values()
    arns = sorted(topic.arn for topic in topics if topic.region == call.region)
    shown, following = page(arns, call.parameters.get("NextToken"))
    return Output({"Topics": [{"TopicArn": arn} for arn in shown], **following})


async def get_topic_attributes(ports: ApiPorts, call: Call) -> Output:
    """GetTopicAttributes: AWS's, and how the deliveries to its subscriptions went."""
    world, now = ports.worlds.current, ports.clock.now()
    topic = or_raise(lifecycle.find_topic(world, call.parameters["TopicArn"], region=call.region))
    subscriptions = [each for each in world.subscriptions.values() if each.topic_arn == topic.arn]
    ended = [each for each in world.ended_subscriptions.values() if each.topic_arn == topic.arn]
    attributes = {
        "TopicArn": topic.arn,
        "Owner": topic.owner,
        "Policy": default_policy(topic),
        "DisplayName": "",
        **topic.attributes,
        **(
            {"DeliveryPolicy": shown_of_topic(own)} if (own := topic.attributes.get("DeliveryPolicy")) else {}
        ),
        "EffectiveDeliveryPolicy": effective_of_topic(topic),
        "SubscriptionsConfirmed": str(sum(each.is_confirmed for each in subscriptions)),
        "SubscriptionsPending": str(sum(is_pending(each, now) for each in subscriptions)),
        "SubscriptionsDeleted": str(len(ended)),
        **delivery_attributes(ports.deliveries.of(each.arn) for each in subscriptions),
    }
    return Output({"Attributes": attributes})


async def set_topic_attributes(ports: ApiPorts, call: Call) -> Output:
    """SetTopicAttributes: one attribute; no value unsets it."""

    def decide(world: World) -> TopicPut | Refusal | None:
        decided = lifecycle.set_attribute(
            world,
            call.parameters["TopicArn"],
            region=call.region,
            name=call.parameters["AttributeName"],
            value=call.parameters.get("AttributeValue") or "",
        )
        return None if isinstance(decided, Topic) else decided

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


TOPIC_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreateTopic": create_topic,
    "DeleteTopic": delete_topic,
    "ListTopics": list_topics,
    "GetTopicAttributes": get_topic_attributes,
    "SetTopicAttributes": set_topic_attributes,
}

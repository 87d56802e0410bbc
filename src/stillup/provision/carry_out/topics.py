"""Topics and who is subscribed to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from stillup.plan.setup import Subscription, Topic
from stillup.plan.step import Action, Step
from stillup.provision.carry_out.site import Site
from stillup.provision.errors import AGAIN, ProvisionFailed, code_of
from stillup.provision.waiting import patiently

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import TagTypeDef

_NOT_YET = ("NotFound", "ResourceNotFound")


def carry_topic(site: Site, step: Step) -> None:
    """Make, tag or delete the topic; `site.ids` learns its ARN. Raises ClientError."""
    if step.action is Action.DELETE:
        gone = _topic(step.before)
        site.account.sns(gone.region).delete_topic(TopicArn=gone.arn or gone.key)
        return
    topic = _topic(step.after)
    sns = site.account.sns(topic.region)
    before = step.before if isinstance(step.before, Topic) else None
    if before is None:
        # With its tags at once, so that it is known for ours wherever the run ends.
        arn = sns.create_topic(Name=topic.name, Tags=_listed(topic.tags))["TopicArn"]
    else:
        arn = before.arn or before.key
        sns.tag_resource(ResourceArn=arn, Tags=_listed(topic.tags))
    if topic.policy is not None and (before is None or before.policy != topic.policy):
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=topic.policy)
    site.topics[topic.place] = arn


def carry_subscription(site: Site, step: Step) -> None:
    """Ask for consent, or end a subscription. Raises ClientError and ProvisionFailed."""
    if step.action is Action.DELETE:
        _unsubscribe(site, _subscription(step.before))
        return
    wanted = _subscription(step.after)
    arn, region = site.topic(), site.ground.desired.topics[0].region
    sns = site.account.sns(region)
    patiently(
        lambda: sns.subscribe(TopicArn=arn, Protocol=wanted.protocol, Endpoint=wanted.endpoint),
        codes=_NOT_YET,
    )


def _unsubscribe(site: Site, gone: Subscription) -> None:
    if gone.arn is None:
        raise ProvisionFailed(f"{gone.endpoint} has not confirmed, and so cannot be unsubscribed.", AGAIN)
    region = gone.arn.split(":")[3]
    try:
        site.account.sns(region).unsubscribe(SubscriptionArn=gone.arn)
    except ClientError as error:
        if code_of(error) not in _NOT_YET:
            raise


def _listed(tags: Mapping[str, str]) -> list[TagTypeDef]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _topic(resource: object) -> Topic:
    if not isinstance(resource, Topic):
        raise TypeError(f"not a topic: {resource!r}")
    return resource


def _subscription(resource: object) -> Subscription:
    if not isinstance(resource, Subscription):
        raise TypeError(f"not a subscription: {resource!r}")
    return resource

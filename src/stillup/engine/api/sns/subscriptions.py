"""SNS's operations on subscriptions (SN-2 to SN-4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation, committed_or_raise
from stillup.engine.api.sns.delivery_attributes import delivery_attributes
from stillup.engine.api.sns.errors import or_raise, page
from stillup.engine.ports import Die
from stillup.engine.uuids import new_message_id, new_uuid
from stillup.rules.changes import SubscriptionDeleted, SubscriptionPut
from stillup.rules.iam.identity import PrincipalKind
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.topics import subscribing
from stillup.rules.topics.attributes import in_attributes, with_subscription_attributes
from stillup.rules.topics.delivery_policy import effective_of_subscription, shown_of_subscription
from stillup.rules.topics.endpoints import check_endpoint, parse_protocol, shown_endpoint
from stillup.rules.topics.filter_policy import FilterScope
from stillup.rules.topics.lifecycle import check_arn, check_subscription_arn, find_topic
from stillup.rules.topics.refusals import NO_SUBSCRIPTION
from stillup.rules.topics.topic import DeliveryProtocol, Subscription
from stillup.rules.world import World
from stillup.wire.aws.messages import Output

PENDING: Final = "pending confirmation"


def new_token(die: Die) -> str:
    """An unguessable one."""
    return die.octets(32).hex()


async def subscribe(ports: ApiPorts, call: Call) -> Output:
    """Subscribe: the endpoint is asked to confirm (SN-3)."""
    new = _asked_for(ports, call)
    message_id = new_message_id(ports.die)

    def decide(world: World) -> SubscriptionPut | Refusal | None:
        topic = find_topic(world, new.topic_arn, region=call.region)
        if isinstance(topic, Refusal):
            return topic
        decided = subscribing.subscribe(world, new, message_id=message_id)
        return None if isinstance(decided, Subscription) else decided

    committed = committed_or_raise(await ports.worlds.commit(decide))
    made = subscribing.twin_of(committed.world, new)
    assert made is not None  # noqa: S101 - it was there before, or the commit put it there
    shows_arn = made.is_confirmed or call.parameters.get("ReturnSubscriptionArn")
    return Output({"SubscriptionArn": made.arn if shows_arn else PENDING})


def _asked_for(ports: ApiPorts, call: Call) -> Subscription:
    """The subscription that a valid Subscribe asks for. Raises AwsError InvalidParameter."""
    topic_arn, now = Arn(call.parameters["TopicArn"]), ports.clock.now()
    protocol = or_raise(parse_protocol(call.parameters["Protocol"]))
    endpoint = call.parameters.get("Endpoint") or ""
    or_raise(check_endpoint(protocol, endpoint))
    or_raise(check_arn(topic_arn, "TopicArn"))
    bare = Subscription(
        arn=Arn(f"{topic_arn}:{new_uuid(ports.die)}"),
        topic_arn=topic_arn,
        protocol=protocol,
        endpoint=endpoint,
        owner=ports.settings.account_id,
        created_at=now,
        token=new_token(ports.die),
        token_at=now,
        subscribed_by=call.principal.arn,
    )
    configured = with_subscription_attributes(bare, call.parameters.get("Attributes") or {})
    return or_raise(in_attributes(configured) if isinstance(configured, Refusal) else configured)


async def confirm_subscription(ports: ApiPorts, call: Call) -> Output:
    """ConfirmSubscription: whoever has the token may, without credentials (SN-3)."""
    topic_arn, token = Arn(call.parameters["TopicArn"]), call.parameters["Token"]
    asks = str(call.parameters.get("AuthenticateOnUnsubscribe") or "").lower() == "true"
    confirmed: list[Arn] = []

    def decide(world: World) -> SubscriptionPut | Refusal | None:
        decided = subscribing.confirm(
            world,
            topic_arn,
            token,
            authenticated=_is_authenticated(call),
            now=ports.clock.now(),
            authenticate_on_unsubscribe=asks,
        )
        if isinstance(decided, Refusal):
            return decided
        confirmed[:] = [decided.subscription.arn]
        is_known = world.subscriptions.get(decided.subscription.arn) == decided.subscription
        return None if is_known else decided

    committed_or_raise(await ports.worlds.commit(decide))
    return Output({"SubscriptionArn": confirmed[0]})


async def unsubscribe(ports: ApiPorts, call: Call) -> Output:
    """Unsubscribe: without credentials unless the subscription demands them (SN-4)."""
    arn = Arn(call.parameters["SubscriptionArn"])
    or_raise(check_subscription_arn(arn))
    message_id, token = new_message_id(ports.die), new_token(ports.die)

    def decide(world: World) -> SubscriptionDeleted | Refusal | None:
        return subscribing.unsubscribe(
            world,
            arn,
            authenticated=_is_authenticated(call),
            now=ports.clock.now(),
            message_id=message_id,
            token=token,
        )

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


def _is_authenticated(call: Call) -> bool:
    return call.principal.kind is not PrincipalKind.ANONYMOUS


async def list_subscriptions(ports: ApiPorts, call: Call) -> Output:
    """ListSubscriptions: those of the Region, in pages of a hundred."""
    world = ports.worlds.current
    regions = {topic.arn for topic in world.topics.values() if topic.region == call.region}
    return _listed(
        ports, call, {arn: each for arn, each in world.subscriptions.items() if each.topic_arn in regions}
    )


async def list_subscriptions_by_topic(ports: ApiPorts, call: Call) -> Output:
    """ListSubscriptionsByTopic, in pages of a hundred."""
    world = ports.worlds.current
    topic = or_raise(find_topic(world, call.parameters["TopicArn"], region=call.region))
    return _listed(
        ports, call, {arn: each for arn, each in world.subscriptions.items() if each.topic_arn == topic.arn}
    )


def _listed(ports: ApiPorts, call: Call, subscriptions: Mapping[Arn, Subscription]) -> Output:
    now = ports.clock.now()
    arns = sorted(arn for arn, each in subscriptions.items() if subscribing.exists(each, now))
    shown, following = page(arns, call.parameters.get("NextToken"))
    return Output({"Subscriptions": [_row(subscriptions[arn]) for arn in shown], **following})


def _row(subscription: Subscription) -> dict[str, Any]:
    return {
        "SubscriptionArn": subscription.arn if subscription.is_confirmed else "PendingConfirmation",
        "Owner": subscription.owner,
        "Protocol": subscription.protocol.value,
        "Endpoint": shown_endpoint(subscription.endpoint),
        "TopicArn": subscription.topic_arn,
    }


async def get_subscription_attributes(ports: ApiPorts, call: Call) -> Output:
    """GetSubscriptionAttributes: AWS's, and how the deliveries went."""
    world = ports.worlds.current
    subscription = or_raise(_found(ports, world, call))
    attributes = {
        "SubscriptionArn": subscription.arn,
        "TopicArn": subscription.topic_arn,
        "Owner": subscription.owner,
        "Protocol": subscription.protocol.value,
        "Endpoint": shown_endpoint(subscription.endpoint),
        "SubscriptionPrincipal": subscription.subscribed_by,
        "PendingConfirmation": _flag(not subscription.is_confirmed),
        "ConfirmationWasAuthenticated": _flag(subscription.confirmation_was_authenticated),
        "RawMessageDelivery": "false",
        **_shown(subscription.attributes),
        **delivery_attributes([ports.deliveries.of(subscription.arn)]),
    }
    if subscription.protocol in (DeliveryProtocol.HTTP, DeliveryProtocol.HTTPS):
        topic = world.topics.get(subscription.topic_arn)
        attributes["EffectiveDeliveryPolicy"] = effective_of_subscription(topic, subscription)
    return Output({"Attributes": attributes})


def _shown(given: Mapping[str, str]) -> Mapping[str, str]:
    """Attributes that were set, as AWS shows them: the scope of a filter only where there is a filter."""
    shown = {name: value for name, value in given.items() if name != "FilterPolicyScope"}
    if "FilterPolicy" in given:
        shown["FilterPolicyScope"] = given.get("FilterPolicyScope", FilterScope.ATTRIBUTES.value)
    if "DeliveryPolicy" in given:
        shown["DeliveryPolicy"] = shown_of_subscription(given["DeliveryPolicy"])
    return shown


async def set_subscription_attributes(ports: ApiPorts, call: Call) -> Output:
    """SetSubscriptionAttributes: one attribute; no value unsets it."""
    given = {call.parameters["AttributeName"]: call.parameters.get("AttributeValue") or ""}

    def decide(world: World) -> SubscriptionPut | Refusal | None:
        subscription = _found(ports, world, call)
        if isinstance(subscription, Refusal):
            return subscription
        changed = with_subscription_attributes(subscription, given)
        if isinstance(changed, Refusal):
            return changed
        return None if changed == subscription else SubscriptionPut(changed)

    committed_or_raise(await ports.worlds.commit(decide))
    return Output()


def _found(ports: ApiPorts, world: World, call: Call) -> Subscription | Refusal:
    arn = call.parameters["SubscriptionArn"]
    malformed = check_subscription_arn(arn)
    if malformed is not None:
        return malformed
    subscription = world.subscriptions.get(Arn(arn))
    if subscription is None or arn.split(":")[3] != call.region:
        return NO_SUBSCRIPTION
    return subscription if subscribing.exists(subscription, ports.clock.now()) else NO_SUBSCRIPTION


def _flag(value: bool) -> str:  # noqa: FBT001 - it spells the flag
    return "true" if value else "false"


SUBSCRIPTION_OPERATIONS: Final[Mapping[str, Operation]] = {
    "Subscribe": subscribe,
    "ConfirmSubscription": confirm_subscription,
    "Unsubscribe": unsubscribe,
    "ListSubscriptions": list_subscriptions,
    "ListSubscriptionsByTopic": list_subscriptions_by_topic,
    "GetSubscriptionAttributes": get_subscription_attributes,
    "SetSubscriptionAttributes": set_subscription_attributes,
}

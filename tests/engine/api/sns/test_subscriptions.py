"""SNS's operations on subscriptions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stillup.engine.ports import DeliveryReport
from stillup.rules.ids import Arn
from stillup.rules.topics.message import MessageType
from tests.engine.api.notification_api import ANONYMOUS, NotificationApi

DAY = 86400.0
EMAIL = {"Protocol": "email", "Endpoint": "ops@example.com"}


async def test_an_endpoint_is_asked_and_confirms_without_credentials() -> None:
    """SN-3."""
    api = NotificationApi()
    topic = await api.topic()

    made = await api.call("Subscribe", TopicArn=topic, **EMAIL)
    (asked,) = api.messages()
    listed = (await api.call("ListSubscriptionsByTopic", TopicArn=topic))["Subscriptions"]
    confirmed = await api.call(
        "ConfirmSubscription", TopicArn=topic, Token=asked.token, principal=ANONYMOUS, region="eu-west-1"
    )

    assert made == {"SubscriptionArn": "pending confirmation"}
    assert asked.type is MessageType.SUBSCRIPTION_CONFIRMATION
    assert listed == [
        {
            "SubscriptionArn": "PendingConfirmation",
            "Owner": "123456789012",
            **EMAIL,
            "TopicArn": topic,
        }
    ]
    assert confirmed == {"SubscriptionArn": asked.recipient}
    attributes = await api.attributes(confirmed["SubscriptionArn"])
    assert attributes["PendingConfirmation"] == "false"
    assert attributes["ConfirmationWasAuthenticated"] == "false"
    again = await api.call("Subscribe", TopicArn=topic, **EMAIL)
    assert again == confirmed
    assert len(api.messages()) == 1


async def test_confirming_twice_changes_nothing() -> None:
    api = NotificationApi()
    topic = await api.topic()
    arn = await api.subscription(topic)
    before = api.worlds.current

    again = await api.call("ConfirmSubscription", TopicArn=topic, Token=api.messages()[0].token)

    assert again == {"SubscriptionArn": arn}
    assert api.worlds.current is before


async def test_a_subscription_shows_how_its_deliveries_went() -> None:
    api = NotificationApi()
    arn = await api.subscription(await api.topic(), Attributes={"RawMessageDelivery": "true"})
    api.deliveries.reports[Arn(arn)] = DeliveryReport(delivered=2, last_delivered_at=1.0)

    attributes = await api.attributes(arn)

    assert set(attributes) == {
        *("SubscriptionArn", "TopicArn", "Owner", "Protocol", "Endpoint", "SubscriptionPrincipal"),
        *("PendingConfirmation", "ConfirmationWasAuthenticated", "RawMessageDelivery"),
        *("EffectiveDeliveryPolicy", "stillup:Delivered", "stillup:FailedAttempts", "stillup:Pending"),
        *("stillup:DeadLetters", "stillup:LastDelivered"),
    }
    assert attributes["RawMessageDelivery"] == "true"
    assert attributes["ConfirmationWasAuthenticated"] == "true"
    assert attributes["SubscriptionPrincipal"] == "arn:aws:iam::123456789012:root"
    assert attributes["stillup:Delivered"] == "2"


async def test_attributes_are_set_and_unset() -> None:
    api = NotificationApi()
    arn = await api.subscription(await api.topic())
    queue = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:stillup-dead-letters"}
    for name, value in (
        ("FilterPolicyScope", "MessageBody"),
        ("FilterPolicy", '{"a": {"b": ["c"]}}'),
        ("RedrivePolicy", json.dumps(queue)),
    ):
        await api.call(
            "SetSubscriptionAttributes", SubscriptionArn=arn, AttributeName=name, AttributeValue=value
        )

    attributes = await api.attributes(arn)
    await api.call(
        "SetSubscriptionAttributes", SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=""
    )

    assert attributes["FilterPolicy"] == '{"a": {"b": ["c"]}}'
    assert attributes["FilterPolicyScope"] == "MessageBody"
    assert json.loads(attributes["RedrivePolicy"]) == queue
    unset = await api.attributes(arn)
    assert not {"FilterPolicy", "FilterPolicyScope"} & unset.keys()


async def test_whoever_has_the_link_unsubscribes_unless_credentials_are_demanded() -> None:
    """SN-4."""
    api = NotificationApi()
    topic = await api.topic()
    free = await api.subscription(topic, **EMAIL)
    bound = await api.subscription(topic, confirmed=False)
    token = api.messages()[-1].token
    await api.call("ConfirmSubscription", TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true")

    await api.call("Unsubscribe", SubscriptionArn=free, principal=ANONYMOUS)
    error = await api.refusal("Unsubscribe", SubscriptionArn=bound, principal=ANONYMOUS)

    farewell = api.messages()[-1]
    assert error.code == "AuthorizationError"
    assert (farewell.type, farewell.recipient) == (MessageType.UNSUBSCRIBE_CONFIRMATION, free)
    await api.call("Unsubscribe", SubscriptionArn=bound)
    await api.call("Unsubscribe", SubscriptionArn=bound)
    assert (await api.call("ListSubscriptions"))["Subscriptions"] == []
    back = await api.call("ConfirmSubscription", TopicArn=topic, Token=farewell.token, principal=ANONYMOUS)
    assert back == {"SubscriptionArn": free}


async def test_a_pending_subscription_is_gone_from_lists_after_two_days() -> None:
    api = NotificationApi()
    topic = await api.topic()
    arn = await api.subscription(topic, confirmed=False)
    api.pass_time(2 * DAY + 1)

    assert (await api.call("ListSubscriptions"))["Subscriptions"] == []
    assert (await api.attributes(topic))["SubscriptionsPending"] == "0"
    assert (await api.refusal("GetSubscriptionAttributes", SubscriptionArn=arn)).code == "NotFound"
    assert await api.subscription(topic) == arn


async def test_subscriptions_come_in_pages_of_their_region() -> None:
    api = NotificationApi()
    topic = await api.topic()
    for number in range(101):
        await api.subscription(topic, Endpoint=f"https://{number}.example/")

    first = await api.call("ListSubscriptions")
    second = await api.call("ListSubscriptions", NextToken=first["NextToken"])
    elsewhere = await api.call("ListSubscriptions", region="eu-west-1")

    arns = [each["SubscriptionArn"] for listed in (first, second) for each in listed["Subscriptions"]]
    assert len(first["Subscriptions"]) == 100
    assert len(set(arns)) == 101
    assert "NextToken" not in second
    assert elsewhere["Subscriptions"] == []


@pytest.mark.parametrize(
    ("operation", "parameters", "message"),
    [
        ("Subscribe", EMAIL | {"TopicArn": "TOPICs"}, "Topic does not exist"),
        (
            "Subscribe",
            {"Protocol": "sms", "Endpoint": "+15555550100"},
            "Invalid parameter: Amazon SNS does not support this protocol string: sms",
        ),
        ("Subscribe", EMAIL | {"Endpoint": "a@b\r\nBcc: c@d"}, "Invalid parameter: Email address"),
        ("Subscribe", {"Protocol": "email-json"}, "Invalid parameter: Email address"),
        (
            "Subscribe",
            {"Protocol": "https", "Endpoint": "http://example.com"},
            "Invalid parameter: Endpoint must match the specified protocol",
        ),
        (
            "Subscribe",
            EMAIL | {"Attributes": {"FilterPolicy": '{"a": "b"}'}},
            'Invalid parameter: Attributes Reason: FilterPolicy: "a" must be an object or an array',
        ),
        (
            "SetSubscriptionAttributes",
            {"AttributeName": "FilterPolicy", "AttributeValue": '{"a": "b"}'},
            'Invalid parameter: FilterPolicy: "a" must be an object or an array',
        ),
        (
            "SetSubscriptionAttributes",
            {"AttributeName": "stillup:Delivered"},
            "Invalid parameter: AttributeName",
        ),
        (
            "Unsubscribe",
            {"SubscriptionArn": "x"},
            "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
        ),
        ("Unsubscribe", {"SubscriptionArn": "TOPIC"}, "Invalid parameter: SubscriptionId"),
        ("GetSubscriptionAttributes", {"SubscriptionArn": "TOPIC"}, "Invalid parameter: SubscriptionId"),
        ("ConfirmSubscription", {"Token": "x"}, "Invalid token"),
        ("ConfirmSubscription", {"Token": "0" * 64}, "Invalid parameter: Token"),
        ("GetSubscriptionAttributes", {"SubscriptionArn": "TOPIC:x"}, "Subscription does not exist"),
    ],
)
async def test_a_refused_call_changes_nothing(
    operation: str, parameters: dict[str, Any], message: str
) -> None:
    api = NotificationApi()
    topic = await api.topic()
    arn = await api.subscription(topic)
    usual = {"SetSubscriptionAttributes": {"SubscriptionArn": arn}}.get(operation, {})
    if operation in ("Subscribe", "ConfirmSubscription"):
        usual = {"TopicArn": topic}
    given = {
        name: value.replace("TOPIC", topic) if isinstance(value, str) else value
        for name, value in parameters.items()
    }

    error = await api.refusal(operation, **(usual | given))

    assert error.message == message

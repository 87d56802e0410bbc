"""Who becomes a subscriber, and how that ends (SN-3, SN-4).

```text
subscribe ──► pending ── confirm, within two days ──► confirmed ── unsubscribe ──► ended
                 ▲                                        ▲                          │
                 └── subscribe again: asked again         └── confirm, in two days ──┘
```
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stillup.rules.changes import SubscriptionDeleted, SubscriptionPut
from stillup.rules.ids import Arn, Instant, MessageId
from stillup.rules.refusal import Refusal
from stillup.rules.topics.filter_policy import FilterScope
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.refusals import NO_TOPIC, invalid
from stillup.rules.topics.topic import TOKEN_LIFETIME, DeliveryProtocol, Subscription
from stillup.rules.world import World

_TOKEN: Final = re.compile(r"[0-9a-f]+", re.ASCII)
_DEFAULTS: Final = {"RawMessageDelivery": "false", "FilterPolicyScope": FilterScope.ATTRIBUTES.value}

_PLEASE_CONFIRM: Final = (
    "You have chosen to subscribe to the topic {topic}.\n"
    "To confirm the subscription, visit the SubscribeURL included in this message."
)
_FAREWELL: Final = (
    "You have chosen to deactivate subscription {subscription}.\n"
    "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
)
"""SN-7, as SNS words it: receivers compare it."""


def is_pending(subscription: Subscription, now: Instant) -> bool:
    """Whether it waits for its endpoint to confirm; one that waited for two days is as good as gone."""
    return not subscription.is_confirmed and not _is_stale(subscription, now)


def exists(subscription: Subscription, now: Instant) -> bool:
    """Whether it is confirmed, or still may be."""
    return subscription.is_confirmed or is_pending(subscription, now)


def subscribe(
    world: World,
    new: Subscription,
    *,
    message_id: MessageId,
) -> SubscriptionPut | Subscription | Refusal:
    """`new`, which is pending, and the message that asks its endpoint to confirm.

    | the topic has this protocol and endpoint | attributes | outcome                                          |
    |------------------------------------------|------------|--------------------------------------------------|
    | no                                       | any        | `new`                                            |
    | confirmed                                | none, same | that one; nothing changes                        |
    | pending                                  | none, same | that one, asked again with its token             |
    | either                                   | different  | InvalidParameter                                 |
    | pending for more than two days           | any        | `new` under the ARN of that one                  |

    NotFound where there is no such topic. The endpoint and attributes of `new` were validated.
    """
    if new.topic_arn not in world.topics:
        return NO_TOPIC
    twin = twin_of(world, new)
    if twin is not None and exists(twin, new.token_at):
        if not new.attributes.items() <= {**_DEFAULTS, **twin.attributes}.items():
            return invalid("Attributes Reason: Subscription already exists with different attributes")
        if twin.is_confirmed:
            return twin
        # The token stays, so that the link in the first mail works as long as that in the second.
        new = replace(twin, token_at=new.token_at)
    elif twin is not None:
        new = replace(new, arn=twin.arn)
    return SubscriptionPut(new, (_confirmation(new, message_id),))


def twin_of(world: World, new: Subscription) -> Subscription | None:
    """The subscription of the same topic, protocol and endpoint."""
    for each in world.subscriptions.values():
        same_endpoint = each.endpoint == new.endpoint and each.protocol is new.protocol
        if same_endpoint and each.topic_arn == new.topic_arn:
            return each
    return None


def _confirmation(subscription: Subscription, message_id: MessageId) -> Message:
    return Message(
        id=message_id,
        topic_arn=subscription.topic_arn,
        type=MessageType.SUBSCRIPTION_CONFIRMATION,
        texts={"default": _PLEASE_CONFIRM.format(topic=subscription.topic_arn)},
        at=subscription.token_at,
        recipient=subscription.arn,
        token=subscription.token,
    )


def confirm(
    world: World,
    topic_arn: Arn,
    token: str,
    *,
    authenticated: bool,
    now: Instant,
    authenticate_on_unsubscribe: bool = False,
) -> SubscriptionPut | Refusal:
    """The subscription whose token this is, confirmed; or brought back, within two days of its end.

    | subscription   | token            | outcome                                    |
    |----------------|------------------|--------------------------------------------|
    | confirmed      | of any age       | as it is: confirming twice changes nothing |
    | pending, ended | up to two days   | confirmed                                  |
    | pending, ended | older            | InvalidParameter                           |
    | another topic's | any             | InvalidParameter: Topic                    |
    | none           |                  | InvalidParameter                           |

    `authenticated` says whether the caller showed credentials: only then may unsubscribing demand them too.
    """
    if not _TOKEN.fullmatch(token):
        return Refusal.because("InvalidParameter", "Invalid token")
    if authenticate_on_unsubscribe and not authenticated:
        return Refusal.because(
            "AuthorizationError", "AuthenticateOnUnsubscribe may be set only by an authenticated caller."
        )
    found = _holder(world.subscriptions, token) or _holder(world.ended_subscriptions, token)
    if found is None:
        return _NO_SUCH_TOKEN
    if found.topic_arn != topic_arn:
        return invalid("Topic")
    if found.is_confirmed:
        return SubscriptionPut(found)
    if _is_stale(found, now):
        return _NO_SUCH_TOKEN
    return SubscriptionPut(
        replace(
            found,
            is_confirmed=True,
            confirmation_was_authenticated=authenticated,
            needs_authentication_to_unsubscribe=authenticate_on_unsubscribe,
        )
    )


_NO_SUCH_TOKEN: Final = invalid("Token")


def _holder(subscriptions: Mapping[Arn, Subscription], token: str) -> Subscription | None:
    return next((each for each in subscriptions.values() if hmac.compare_digest(each.token, token)), None)


def _is_stale(subscription: Subscription, now: Instant) -> bool:
    return now - subscription.token_at > TOKEN_LIFETIME


def unsubscribe(
    world: World,
    arn: Arn,
    *,
    authenticated: bool,
    now: Instant,
    message_id: MessageId,
    token: str,
) -> SubscriptionDeleted | Refusal | None:
    """The end of a subscription; None: there is none of this ARN, which is as good (observed on AWS).

    | protocol   | confirmed | authenticated | AuthenticateOnUnsubscribe | outcome                                |
    |------------|-----------|---------------|---------------------------|----------------------------------------|
    | any        | any       | no            | yes                       | AuthorizationError                     |
    | any        | no        | any           | no                        | ended                                  |
    | http(s)    | yes       | any           |                           | ended, the endpoint told how to return |
    | email(…)   | yes       | no            | no                        | ended, the endpoint told how to return |
    | email(…)   | yes       | yes           |                           | ended                                  |

    `token` is new and unguessable; it brings the subscription back within two days.
    """
    subscription = world.subscriptions.get(arn)
    if subscription is None:
        return None
    if subscription.needs_authentication_to_unsubscribe and not authenticated:
        return Refusal.because(
            "AuthorizationError", f"Unsubscribing {arn} requires the credentials of its owner."
        )
    is_web = subscription.protocol in (DeliveryProtocol.HTTP, DeliveryProtocol.HTTPS)
    if not subscription.is_confirmed or (authenticated and not is_web):
        return SubscriptionDeleted(arn)
    ended = replace(subscription, token=token, token_at=now, is_confirmed=False)
    return SubscriptionDeleted(arn, (_farewell(ended, message_id),), restorable=ended)


def _farewell(subscription: Subscription, message_id: MessageId) -> Message:
    return Message(
        id=message_id,
        topic_arn=subscription.topic_arn,
        type=MessageType.UNSUBSCRIBE_CONFIRMATION,
        texts={"default": _FAREWELL.format(subscription=subscription.arn)},
        at=subscription.token_at,
        recipient=subscription.arn,
        token=subscription.token,
    )

"""DeliveryPolicy: how a topic or a subscription wants http(s) deliveries retried (SN-10).

```text
subscription  {"healthyRetryPolicy": {…}, "throttlePolicy": {…}, "requestPolicy": {…}}
topic         {"http": {"defaultHealthyRetryPolicy": {…}, "disableSubscriptionOverrides": false,
                        "defaultThrottlePolicy": {…}, "defaultRequestPolicy": {…}}}
```
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from stillup.rules.refusal import Refusal
from stillup.rules.topics.envelope import CONTENT_TYPE
from stillup.rules.topics.refusals import invalid
from stillup.rules.topics.retries import SMTP_RETRIES, Backoff, RetryPolicy, delays
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic

LONGEST: Final = 3600
"""Seconds: of a delay, and of all delays together."""
MOST_RETRIES: Final = 100

_CONTENT_TYPES: Final = frozenset(
    {
        "application/json",
        "application/soap+xml",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/octet-stream",
        "text/css",
        "text/csv",
        "text/html",
        "text/plain",
        "text/xml",
    }
)
"""What SNS lets `headerContentType` be, before any parameters."""


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How one subscription is delivered to."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    max_receives_per_second: int | None = None
    """None: no throttle."""
    content_type: str = CONTENT_TYPE


@dataclass(frozen=True, slots=True)
class _Layer:
    """One DeliveryPolicy document. None: it does not say."""

    retry: RetryPolicy | None = None
    max_receives_per_second: int | None = None
    content_type: str | None = None
    disables_overrides: bool = False


def policy_of(topic: Topic | None, subscription: Subscription) -> DeliveryPolicy:
    """What holds for this subscription: retries, throttle and content type each by themselves.

    | protocol | subscription's | topic's | disableSubscriptionOverrides | what holds         |
    |----------|----------------|---------|------------------------------|--------------------|
    | email(…) | any            | any     | any                          | 50 over six hours  |
    | http(s)  | some           | any     | false                        | the subscription's |
    | http(s)  | any            | some    | true                         | the topic's        |
    | http(s)  | none           | some    | false                        | the topic's        |
    | http(s)  | none           | none    |                              | 3, 20 s apart      |
    """
    if subscription.protocol in (DeliveryProtocol.EMAIL, DeliveryProtocol.EMAIL_JSON):
        return DeliveryPolicy(retry=SMTP_RETRIES)
    general = _of_topic(topic)
    own = _stored(subscription.attributes, _parse_own)
    return _combined(general) if general.disables_overrides else _combined(own, general)


def effective_of_topic(topic: Topic) -> str:
    """EffectiveDeliveryPolicy of a topic: the JSON text, defaults included."""
    layer = _of_topic(topic)
    policy = _combined(layer)
    throttle = policy.max_receives_per_second
    return _json(
        {
            "http": {
                "defaultHealthyRetryPolicy": _rendered(policy.retry),
                "disableSubscriptionOverrides": layer.disables_overrides,
                **({} if throttle is None else {"defaultThrottlePolicy": {_THROTTLE: throttle}}),
                "defaultRequestPolicy": {_CONTENT: policy.content_type},
            }
        }
    )


def effective_of_subscription(topic: Topic | None, subscription: Subscription) -> str:
    """EffectiveDeliveryPolicy of a subscription over http(s): the JSON text."""
    policy = policy_of(topic, subscription)
    throttle = policy.max_receives_per_second
    return _json(
        {
            "healthyRetryPolicy": _rendered(policy.retry),
            "sicklyRetryPolicy": None,
            "throttlePolicy": None if throttle is None else {_THROTTLE: throttle},
            "requestPolicy": {_CONTENT: policy.content_type},
            "guaranteed": False,
        }
    )


def shown_of_topic(text: str) -> str:
    """DeliveryPolicy of a topic as AWS shows what was set: without nulls, and saying whether it can be overridden."""
    http = json.loads(text).get("http") or {}
    shown = {_OVERRIDE: False, **{name: value for name, value in http.items() if value is not None}}
    return _json({"http": shown})


def shown_of_subscription(text: str) -> str:
    """DeliveryPolicy of a subscription as AWS shows what was set: with all members."""
    given = json.loads(text)
    return _json(
        {name: given.get(name) for name in _OWN_MEMBERS} | {"guaranteed": bool(given.get("guaranteed"))}
    )


def check_subscription_policy(text: str) -> Refusal | None:
    """InvalidParameter where SNS would not have this as a subscription's policy."""
    return _complaint(text, _parse_own)


def check_topic_policy(text: str) -> Refusal | None:
    """InvalidParameter where SNS would not have this as a topic's policy."""
    return _complaint(text, _parse_general)


_THROTTLE: Final = "maxReceivesPerSecond"
_CONTENT: Final = "headerContentType"
_BACKOFF: Final = "backoffFunction"
_OVERRIDE: Final = "disableSubscriptionOverrides"
_OWN_MEMBERS: Final = (
    "healthyRetryPolicy",
    "sicklyRetryPolicy",
    "throttlePolicy",
    "requestPolicy",
    "guaranteed",
)
_NUMBERS: Final[Mapping[str, tuple[str, int, int]]] = {
    "minDelayTarget": ("min_delay", 1, LONGEST),
    "maxDelayTarget": ("max_delay", 1, LONGEST),
    "numRetries": ("num_retries", 0, MOST_RETRIES),
    "numMaxDelayRetries": ("num_max_delay", 0, MOST_RETRIES),
    "numNoDelayRetries": ("num_no_delay", 0, MOST_RETRIES),
    "numMinDelayRetries": ("num_min_delay", 0, MOST_RETRIES),
}
"""Field, least and most of each number of a retry policy, in AWS's order."""
_REQUIRED: Final = ("numRetries", "minDelayTarget", "maxDelayTarget")


class _Unacceptable(ValueError):
    """What is wrong with the policy."""


def _complaint(text: str, parse: Callable[[str], _Layer]) -> Refusal | None:
    try:
        parse(text)
    except _Unacceptable as reason:
        return invalid(f"DeliveryPolicy: {reason}")
    return None


def _of_topic(topic: Topic | None) -> _Layer:
    return _Layer() if topic is None else _stored(topic.attributes, _parse_general)


def _stored(attributes: Mapping[str, str], parse: Callable[[str], _Layer]) -> _Layer:
    """The policy that was set. One that this version no longer accepts counts as none."""
    try:
        return parse(attributes.get("DeliveryPolicy") or "{}")
    except _Unacceptable:
        return _Layer()


def _combined(*layers: _Layer) -> DeliveryPolicy:
    """What the first layer says that says something, else the default."""
    policy = DeliveryPolicy()
    for layer in reversed(layers):
        given = {name: getattr(layer, name) for name in ("retry", "max_receives_per_second", "content_type")}
        policy = replace(policy, **{name: value for name, value in given.items() if value is not None})
    return policy


def _parse_own(text: str) -> _Layer:
    document = _object(_loaded(text), "the policy")
    _only(document, _OWN_MEMBERS)
    return _Layer(
        _retry(document.get("healthyRetryPolicy"), "healthyRetryPolicy"),
        _throttle(document.get("throttlePolicy"), "throttlePolicy"),
        _content_type(document.get("requestPolicy"), "requestPolicy"),
    )


def _parse_general(text: str) -> _Layer:
    document = _object(_loaded(text), "the policy")
    _only(document, ("http",))
    http = _object(document.get("http"), "http")
    names = ("defaultHealthyRetryPolicy", "defaultSicklyRetryPolicy", "defaultThrottlePolicy")
    _only(http, (*names, "defaultRequestPolicy", _OVERRIDE))
    if not isinstance(http.get(_OVERRIDE, False), bool):
        raise _Unacceptable(f"{_OVERRIDE} must be true or false")
    return _Layer(
        _retry(http.get("defaultHealthyRetryPolicy"), "http.defaultHealthyRetryPolicy"),
        _throttle(http.get("defaultThrottlePolicy"), "http.defaultThrottlePolicy"),
        _content_type(http.get("defaultRequestPolicy"), "http.defaultRequestPolicy"),
        http.get(_OVERRIDE, False),
    )


def _loaded(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError) as unreadable:
        raise _Unacceptable("failed to parse JSON") from unreadable


def _object(value: Any, name: str) -> Mapping[str, Any]:
    """`null` and a member that is not there are empty objects."""
    if value is not None and not isinstance(value, dict):
        raise _Unacceptable(f"{name} must be a JSON object")
    return value or {}


def _only(document: Mapping[str, Any], known: Iterable[str]) -> None:
    unknown = [key for key in document if key not in set(known)]
    if unknown:
        raise _Unacceptable(f"unexpected member {unknown[0]}")


def _number(value: Any, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Unacceptable(f"{name} must be a whole number")
    if value < low:
        raise _Unacceptable(f"{name} must be greater than or equal to {low}")
    if value > high:
        raise _Unacceptable(f"{name} must be less than or equal to {high}")
    return value


def _retry(value: Any, name: str) -> RetryPolicy | None:
    members = {key: each for key, each in _object(value, name).items() if each is not None}
    if not members:
        return None
    _only(members, (*_NUMBERS, _BACKOFF))
    for required in _REQUIRED:
        if required not in members:
            raise _Unacceptable(f"{name}.{required} must be specified")
    numbers = {
        member: _number(members[key], f"{name}.{key}", low, high)
        for key, (member, low, high) in _NUMBERS.items()
        if key in members
    }
    backoff = members.get(_BACKOFF, Backoff.LINEAR.value)
    if backoff not in list(Backoff):
        raise _Unacceptable(f"{name}.{_BACKOFF} must be one of {', '.join(Backoff)}")
    return _consistent(RetryPolicy(**numbers, backoff=Backoff(backoff)), name)


def _consistent(policy: RetryPolicy, name: str) -> RetryPolicy:
    if policy.min_delay > policy.max_delay:
        raise _Unacceptable(f"{name}.minDelayTarget must be less than or equal to maxDelayTarget")
    if policy.num_no_delay + policy.num_min_delay + policy.num_max_delay > policy.num_retries:
        raise _Unacceptable(
            f"{name}.numRetries must be greater than or equal to the sum of numNoDelayRetries, "
            "numMinDelayRetries and numMaxDelayRetries"
        )
    total = sum(delays(policy))
    if total > LONGEST:
        raise _Unacceptable(f"{name}: the delays add up to {total:.0f} seconds, more than {LONGEST}")
    return policy


def _throttle(value: Any, name: str) -> int | None:
    members = _object(value, name)
    _only(members, (_THROTTLE,))
    limit = members.get(_THROTTLE)
    return None if limit is None else _number(limit, f"{name}.{_THROTTLE}", 1, 1_000_000)


def _content_type(value: Any, name: str) -> str | None:
    members = _object(value, name)
    _only(members, (_CONTENT,))
    given = members.get(_CONTENT)
    if given is None:
        return None
    if not isinstance(given, str) or not (given.isascii() and given.isprintable()):
        raise _Unacceptable(f"{name}.{_CONTENT} must be a media type")
    if given.partition(";")[0].strip() not in _CONTENT_TYPES:
        raise _Unacceptable(f"{name}.{_CONTENT} must be one of {', '.join(sorted(_CONTENT_TYPES))}")
    return given


def _rendered(retry: RetryPolicy) -> dict[str, Any]:
    numbers = {key: getattr(retry, member) for key, (member, _, _) in _NUMBERS.items()}
    return {**numbers, _BACKOFF: retry.backoff.value}


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))

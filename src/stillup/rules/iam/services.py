"""Whether an AWS service may do something by itself to a resource that has a policy of its own (SN-12)."""

from __future__ import annotations

from stillup.rules.iam.context import principal_keys
from stillup.rules.iam.evaluate import Request, ServicePrincipal, evaluate
from stillup.rules.refusal import Refusal
from stillup.rules.topics.policy import parse_topic_policy


def service_may(
    policy_text: str | None,
    *,
    service: str,
    action: str,
    resource: str,
    account: str,
    source_arn: str | None = None,
) -> bool:
    """Whether the topic's policy lets the service, `cloudwatch.amazonaws.com`, act on behalf of this account.

    None is the default policy of a topic, which admits its own account: topics of others there are none.
    `source_arn` is on whose behalf it acts, such as the alarm.
    """
    if policy_text is None:
        return True
    policy = parse_topic_policy(policy_text)
    caller = ServicePrincipal(service)
    keys = {"aws:sourceaccount": (account,), "aws:sourceowner": (account,)}
    if source_arn is not None:
        keys["aws:sourcearn"] = (source_arn,)
    request = Request(caller, action, resource, {**principal_keys(caller), **keys})
    return not isinstance(policy, Refusal) and evaluate(request, (), policy).is_allowed

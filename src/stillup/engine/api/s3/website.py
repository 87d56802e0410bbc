"""The website configuration of a bucket (S3-3, S3-6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.s3.configuring import configure
from stillup.engine.api.s3.errors import bucket_or_raise, raise_if_refused, s3_error
from stillup.rules.buckets.bucket import RedirectAll, RoutingRule, Website
from stillup.rules.buckets.website_configuration import why_not_a_website
from stillup.wire.aws.messages import Output

_CONDITION: Final = {
    "KeyPrefixEquals": "key_prefix_equals",
    "HttpErrorCodeReturnedEquals": "http_error_code_returned_equals",
}
_REDIRECT: Final = {
    "HostName": "host_name",
    "Protocol": "protocol",
    "HttpRedirectCode": "http_redirect_code",
    "ReplaceKeyPrefixWith": "replace_key_prefix_with",
    "ReplaceKeyWith": "replace_key_with",
}


async def put_bucket_website(ports: ApiPorts, call: Call) -> Output:
    """Make the bucket a website."""
    website = _parse_or_raise(call.parameters["WebsiteConfiguration"])
    raise_if_refused(call, why_not_a_website(website))
    await configure(ports, call, lambda bucket: replace(bucket, website=website))
    return Output()


async def get_bucket_website(ports: ApiPorts, call: Call) -> Output:
    """The configuration as it was put."""
    website = bucket_or_raise(ports, call).website
    if website is None:
        raise s3_error("NoSuchWebsiteConfiguration", members={"BucketName": call.parameters["Bucket"]})
    return Output(_render(website))


async def delete_bucket_website(ports: ApiPorts, call: Call) -> Output:
    """No website any more, or still none."""
    await configure(ports, call, lambda bucket: replace(bucket, website=None))
    return Output(status=204)


def _parse_or_raise(stated: Mapping[str, Any]) -> Website:
    everything, rules = stated.get("RedirectAllRequestsTo"), stated.get("RoutingRules")
    if rules is not None and not rules:
        raise s3_error("MalformedXML")
    return Website(
        index_suffix=_child(stated, "IndexDocument").get("Suffix"),
        error_key=_child(stated, "ErrorDocument").get("Key"),
        redirect_all=everything and RedirectAll(everything.get("HostName", ""), everything.get("Protocol")),
        routing_rules=tuple(map(_parse_rule_or_raise, rules or ())),
    )


def _parse_rule_or_raise(stated: Mapping[str, Any]) -> RoutingRule:
    if "Condition" in stated and not stated["Condition"]:
        raise s3_error(
            "InvalidRequest",
            "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't "
            "be present.",
        )
    fields = {field: _child(stated, "Condition").get(member) for member, field in _CONDITION.items()}
    fields |= {field: _child(stated, "Redirect").get(member) for member, field in _REDIRECT.items()}
    return RoutingRule(**fields)


def _child(stated: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    return stated.get(member) or {}


def _render(website: Website) -> dict[str, Any]:
    if website.redirect_all is not None:
        target = website.redirect_all
        return {"RedirectAllRequestsTo": _given({"HostName": target.host_name, "Protocol": target.protocol})}
    members: dict[str, Any] = {"IndexDocument": {"Suffix": website.index_suffix}}
    if website.error_key is not None:
        members["ErrorDocument"] = {"Key": website.error_key}
    if website.routing_rules:
        members["RoutingRules"] = list(map(_render_rule, website.routing_rules))
    return members


def _render_rule(rule: RoutingRule) -> dict[str, Any]:
    condition = _given({member: getattr(rule, field) for member, field in _CONDITION.items()})
    redirect = _given({member: getattr(rule, field) for member, field in _REDIRECT.items()})
    return {"Condition": condition, "Redirect": redirect} if condition else {"Redirect": redirect}


def _given(members: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}


WEBSITE_OPERATIONS: Final[Mapping[str, Operation]] = {
    "DeleteBucketWebsite": delete_bucket_website,
    "GetBucketWebsite": get_bucket_website,
    "PutBucketWebsite": put_bucket_website,
}

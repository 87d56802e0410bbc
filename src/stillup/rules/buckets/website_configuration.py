"""What a website configuration must be (S3-3, S3-6; the S3 model's WebsiteConfiguration)."""

from __future__ import annotations

from typing import Final

from stillup.rules.buckets.bucket import RoutingRule, Website
from stillup.rules.buckets.errors import refusal
from stillup.rules.refusal import Refusal

MAX_ROUTING_RULES: Final = 50
BAD_PROTOCOL: Final = "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically."
"""S3's text, whether its schema or its rules find the protocol."""

_PROTOCOLS: Final = (None, "http", "https")
_REDIRECT_CODES: Final = range(301, 400)
_ERROR_CODES: Final = range(400, 600)


def why_not_a_website(website: Website) -> Refusal | None:
    """The first reason to refuse the configuration.

    | configuration                                | reason                                             |
    |----------------------------------------------|----------------------------------------------------|
    | redirect of everything, and something else   | RedirectAllRequestsTo excludes the rest            |
    | neither redirect of everything nor index     | an index document is needed                        |
    | index suffix empty or with a slash           | "The IndexDocument Suffix is not well formed"      |
    | error key empty                              | "The ErrorDocument Key is not well formed"         |
    | more than 50 routing rules                   | the number                                         |
    | a rule that is not one                       | see `_why_not_a_rule`                              |
    """
    everything = website.redirect_all
    if everything is not None:
        if website.index_suffix is not None or website.error_key is not None or website.routing_rules:
            return refusal(
                "InvalidArgument",
                "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
                ArgumentName="RedirectAllRequestsTo",
                ArgumentValue="not null",
            )
        return _why_not_a_target(everything.host_name, everything.protocol)
    if website.index_suffix is None:
        return refusal(
            "InvalidArgument",
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            ArgumentName="IndexDocument",
            ArgumentValue="null",
        )
    if website.index_suffix == "" or "/" in website.index_suffix:
        return refusal(
            "InvalidArgument",
            "The IndexDocument Suffix is not well formed",
            ArgumentName="IndexDocument",
            ArgumentValue=website.index_suffix,
        )
    if website.error_key == "":
        return refusal(
            "InvalidArgument",
            "The ErrorDocument Key is not well formed",
            ArgumentName="ErrorDocument",
            ArgumentValue="",
        )
    if (count := len(website.routing_rules)) > MAX_ROUTING_RULES:
        return _invalid(
            f"{count} routing rules provided, the number of routing rules in a website configuration is limited to "
            f"{MAX_ROUTING_RULES}."
        )
    return next(filter(None, map(_why_not_a_rule, website.routing_rules)), None)


def _why_not_a_rule(rule: RoutingRule) -> Refusal | None:
    """The first reason to refuse a rule.

    | rule                                        | refused                       |
    |---------------------------------------------|-------------------------------|
    | no child of Redirect                        | MalformedXML                  |
    | ReplaceKeyPrefixWith and ReplaceKeyWith     | InvalidRequest                |
    | code to redirect with outside 301 … 399     | InvalidRequest                |
    | code to react to outside 400 … 599          | InvalidRequest                |
    """
    target = (rule.host_name, rule.protocol, rule.http_redirect_code)
    if all(part is None for part in (*target, rule.replace_key_prefix_with, rule.replace_key_with)):
        return refusal("MalformedXML")
    if rule.replace_key_prefix_with is not None and rule.replace_key_with is not None:
        return _invalid("You can only define ReplaceKeyPrefix or ReplaceKey but not both.")
    if rule.http_redirect_code is not None and not _is_in(_REDIRECT_CODES, rule.http_redirect_code):
        return _invalid(
            f"The provided HTTP redirect code ({rule.http_redirect_code}) is not valid. Valid codes are 3XX except 300."
        )
    wanted = rule.http_error_code_returned_equals
    if wanted is not None and not _is_in(_ERROR_CODES, wanted):
        return _invalid(f"The provided HTTP error code ({wanted}) is not valid. Valid codes are 4XX or 5XX.")
    return _why_not_a_target(rule.host_name, rule.protocol)


def _why_not_a_target(host_name: str | None, protocol: str | None) -> Refusal | None:
    if protocol not in _PROTOCOLS:
        return _invalid(BAD_PROTOCOL)
    if host_name is not None and (not host_name or not host_name.isascii() or not host_name.isprintable()):
        return _invalid("The HostName is not well formed")
    return None


def _is_in(codes: range, text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 3 and int(text) in codes


def _invalid(text: str) -> Refusal:
    return refusal("InvalidRequest", text)

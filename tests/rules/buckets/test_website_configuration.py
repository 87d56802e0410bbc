"""The tables of rules/buckets/website_configuration.py, row by row."""

import pytest

from stillup.rules.buckets.bucket import RedirectAll, RoutingRule, Website
from stillup.rules.buckets.website_configuration import why_not_a_website

RULE = RoutingRule("docs/", replace_key_prefix_with="documents/")


@pytest.mark.parametrize(
    "website",
    [
        Website("index.html"),
        Website("index.html", "errors/404.html"),
        Website(redirect_all=RedirectAll("example.com")),
        Website(redirect_all=RedirectAll("example.com", "https")),
        Website("index.html", routing_rules=(RULE,) * 50),
        Website("index.html", routing_rules=(RoutingRule(None, "404", host_name="example.com"),)),
        Website("index.html", routing_rules=(RoutingRule(replace_key_with="x", http_redirect_code="302"),)),
    ],
)
def test_a_configuration_by_the_rules_is_taken(website: Website) -> None:
    assert why_not_a_website(website) is None


@pytest.mark.parametrize(
    ("website", "code"),
    [
        (Website("index.html", redirect_all=RedirectAll("example.com")), "InvalidArgument"),
        (Website(redirect_all=RedirectAll("example.com"), routing_rules=(RULE,)), "InvalidArgument"),
        (Website(), "InvalidArgument"),
        (Website(error_key="error.html"), "InvalidArgument"),
        (Website(""), "InvalidArgument"),
        (Website("a/index.html"), "InvalidArgument"),
        (Website("index.html", ""), "InvalidArgument"),
        (Website("index.html", routing_rules=(RULE,) * 51), "InvalidRequest"),
        (Website("index.html", routing_rules=(RoutingRule("docs/"),)), "MalformedXML"),
        (
            Website("i", routing_rules=(RoutingRule(replace_key_with="a", replace_key_prefix_with="b"),)),
            "InvalidRequest",
        ),
        (
            Website("i", routing_rules=(RoutingRule(host_name="h", http_redirect_code="300"),)),
            "InvalidRequest",
        ),
        (Website("i", routing_rules=(RoutingRule(host_name="h", http_redirect_code="2"),)), "InvalidRequest"),
        (Website("i", routing_rules=(RoutingRule(None, "200", host_name="h"),)), "InvalidRequest"),
        (Website("i", routing_rules=(RoutingRule(None, "4xx", host_name="h"),)), "InvalidRequest"),
        (Website("i", routing_rules=(RoutingRule(protocol="ftp"),)), "InvalidRequest"),
        (Website(redirect_all=RedirectAll("example.com", "ftp")), "InvalidRequest"),
        (Website(redirect_all=RedirectAll("")), "InvalidRequest"),
        (Website(redirect_all=RedirectAll("a\r\nb")), "InvalidRequest"),
    ],
)
def test_a_configuration_against_the_rules_is_refused(website: Website, code: str) -> None:
    refused = why_not_a_website(website)
    assert refused is not None
    assert refused.code == code

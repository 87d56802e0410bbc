"""A sound plan, one mistake: exactly one finding. The mistakes are those that people make."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.lint.subjects import lint_text, loud
from tests.lint.test_sound_plans import FOLDER

SOUND = Path(__file__).parent / "sound"
PAGE = FOLDER["index.html"]

IN_THE_PLAN = [
    # sound plan, what is typed there, the mistake in its place, the one rule that speaks
    ("guide", "ttl: 60", "ttl: 300", "SU001"),
    ("guide", "ttl: 60", "ttl: 61", "SU001"),
    ("guide", "ttl: 60", "ttl: 86400", "SU001"),
    ("guide", "interval: 30s", "interval: 10s", "SU001"),
    ("fast", "budget: 1m", "ttl: 60", "SU001"),
    ("fast_with_ttl", "ttl: 10", "ttl: 300", "SU001"),
    ("engine_in_seconds", "ttl: 5", "ttl: 60", "SU001"),
    ("guide", "ttl: 60", "ttl: 0", "SU002"),
    ("guide", "folder: maintenance", "folder: maintenance\n      bucket: example-backup", "SU003"),
    ("bucket_kept_elsewhere", "bucket: www.example.com", "bucket: example.com", "SU003"),
    ("name_with_folder", "folder: maintenance", "folder: maintenance\n      bucket: backup.example.com", "SU003"),
    ("website_alias", "Z1BKCTXD74EZPE", "Z3AQBSTGFYJSTF", "SU004"),
    ("website_alias", "name: s3-website-eu-west-1", "name: s3-website-us-west-2", "SU004"),
    ("website_alias", "name: s3-website", "name: www.example.com.s3-website", "SU005"),
    ("website_alias", "name: s3-website", "name: backup.example.com.s3-website", "SU003"),
    ("https_with_cloudfront", "evaluate-target-health: false", "evaluate-target-health: true", "SU006"),
    ("https_with_cloudfront", "        evaluate-target-health: false\n", "", "SU006"),
    ("https_with_cloudfront", "Z2FDTNDATAQYW2", "Z35SXDOTRQ7X7K", "SU007"),
    ("load_balancer", "Z35SXDOTRQ7X7K", "Z32O12XQLNTSW2", "SU007"),
    ("load_balancer", "Z35SXDOTRQ7X7K", "Z3AQBSTGFYJSTF", "SU007"),
    ("load_balancer_without_target_health", "      check: {path: /health}\n", "", "SU008"),
    ("apex", "address: 203.0.113.10", "name: origin.example.net", "SU010"),
    ("apex", "folder: maintenance", "name: spare.example.org", "SU010"),
    ("both_families", "addresses: [198.51.100.20, '2001:db8:1::20']", "address: 198.51.100.20", "SU011"),
    ("guide", "address: 203.0.113.10", "addresses: [203.0.113.10, '2001:db8::10']", "SU011"),
    ("names", "name: spare.example.org", "address: 198.51.100.20", "SU011"),
    ("ipv6_only", "'2001:db8:1::20'", "198.51.100.20", "SU011"),
    ("wildcard", "address: 198.51.100.20", "bucket: www.example.com", "SU014"),
    ("names", "name: spare.example.org", "name: www.example.com.s3.amazonaws.com", "SU015"),
    ("website_alias", "name: s3-website-eu-west-1", "name: s3-website.eu-west-1", "SU015"),
    ("website_alias", "name: s3-website-eu-west-1.amazonaws.com", "name: standby.example.net", "SU020"),
    ("names", "origin.example.net", "ec2-203-0-113-10.eu-west-1.compute.amazonaws.com", "SU021"),
    ("guide", "203.0.113.10", "10.0.0.5", "SU016"),
    ("guide", "203.0.113.10", "192.168.1.10", "SU016"),
    ("two_servers", "198.51.100.20", "172.16.4.4", "SU016"),
    ("guide", "port: 80", "port: 80\n        address: 10.0.0.5", "SU016"),
    ("ipv6_only", "'2001:db8:1::20'", "'::ffff:10.0.0.5'", "SU016"),
    ("load_balancer", "name: ", "name: internal-", "SU016"),
    ("names", "spare.example.org", "ip-10-0-0-5.eu-west-1.compute.internal", "SU016"),
    ("shortest", "      check: {path: /health}\n", "", "SU101"),
    ("two_servers", "      check: {path: /health}\n", "", "SU101"),
    ("names", "check: {path: /health}", "check: {path: /health, host: www.example.com}", "SU102"),
    ("load_balancer", "host: lb.example.com", "host: www.example.com", "SU102"),
    ("guide", "port: 80", "port: 80\n        address: 203.0.113.99", "SU103"),
    ("two_servers", "path: /health", "path: /health, address: 198.51.100.20", "SU103"),
    ("guide", "port: 80", "port: 80\n        disabled: true", "SU104"),
    ("guide", "port: 80", "port: 80\n        inverted: true", "SU105"),
    ("https_with_cloudfront", "path: /health", "path: /health, port: 8080", "SU106"),
    ("guide", "port: 80", "port: 443", "SU106"),
    ("https_with_cloudfront", "path: /health", "path: /health, port: 80", "SU106"),
    ("guide", "type: http\n        port: 80\n        path: /health", "type: tcp\n        port: 80", "SU107"),
    ("two_servers", "path: /health", "type: tcp", "SU107"),
    ("https_with_cloudfront", "type: https, path: /health", "type: tcp, port: 443", "SU107"),
    ("https_with_cloudfront", "path: /health", "path: /health, sni: false", "SU108"),
    ("guide", "failures: 3", "failures: 1", "SU109"),
    ("fast_with_ttl", "failures: 2", "failures: 1", "SU109"),
    ("guide", "failures: 3", "failures: 10", "SU110"),
    ("shortest", "path: /health", "path: /health, expect: 200-299", "SU113"),
    ("shortest", "path: /health", "path: /health, verify-tls: true", "SU113"),
    ("shortest", "path: /health", "path: /health, interval: 20s", "SU113"),
    ("shortest", "path: /health", "path: /health, fall: 5, rise: 2", "SU113"),
    ("guide", "interval: 30s", "interval: 2s", "SU113"),
    ("shortest", "path: /health", "path: /health, interval: 5m", "SU113"),
    ("fast", "interval: 10s", "interval: 1s", "SU113"),
    ("own_port", "port: 8080", "port: 8443", "SU106"),
    ("guide", "ttl: 60", "ttl: 60\n    budget: 2m", "SU401"),
    ("engine_https", "10.0.0.5\n      check: {type: https, path: /health, verify-tls: true}",
     "203.0.113.10\n      check: {path: 'http://www.example.com/health'}", "SU114"),
    ("shortest", "path: /health", "path: 'https://www.example.com/health'", "SU114"),
    ("checked_standby", "198.51.100.20\n      check: {path: /health}",
     "198.51.100.20\n      check: {path: /health, address: 203.0.113.10}", "SU115"),
    ("names", "name: spare.example.org",
     "name: spare.example.org\n      check: {path: /health, host: origin.example.net}", "SU115"),
    ("https_with_cloudfront", "type: https, path: /health", "path: /health", "SU116"),
    ("engine_in_seconds", "expect: 200-299", "expect: 200-599", "SU117"),
    ("engine_in_seconds", "expect: 200-299", "expect: 100-499", "SU117"),
    ("guide", "folder: maintenance", "folder: maintenance\n      check: {type: https}", "SU118"),
    ("guide", "folder: maintenance", "folder: maintenance\n      check: {string: never said}", "SU122"),
    ("engine_in_seconds", "confirm-interval: 500ms", "confirm-interval: 10s", "SU123"),
    ("shortest", "path: /health", "path: /health, sni: true", "SU124"),
    ("guide", "folder: maintenance", "folder: maintenance\n      index: home.html", "SU201"),
    ("guide", "folder: maintenance", "folder: maintenance\n      error: 404.html", "SU202"),
    ("guide", "type: http\n        port: 80", "type: https", "SU203"),
    ("guide", "ttl: 60", "drill: {visit: 'https://www.example.com/'}", "SU203"),
    ("folder_in_another_region", "no-store", "max-age=31536000, immutable", "SU207"),
    ("shortest", "name: www.example.com\n    zone: example.com", "name: shop.dev\n    zone: shop.dev", "SU203"),
    ("two_servers", "198.51.100.20", "203.0.113.10", "SU211"),
    ("names", "spare.example.org", "origin.example.net", "SU211"),
    ("checked_standby", "198.51.100.20", "203.0.113.10", "SU211"),
    ("folder_in_another_region", "region: ap-southeast-2", "region: ap-southeast-22", "SU213"),
    ("shortest", "    alert:\n      emails: [oncall@example.com]\n", "", "SU301"),
    ("shortest", "emails: [oncall@example.com]", "topic: alerts", "SU302"),
    ("calm_alarm", "name: web-is-down", "region: eu-west-1", "SU303"),
    ("calm_alarm", "name: web-is-down", "metric: HealthCheckPercentageHealthy", "SU304"),
    ("calm_alarm", "name: web-is-down", "threshold: 0", "SU305"),
    ("calm_alarm", "name: web-is-down", "comparison: GreaterThanThreshold", "SU305"),
    ("calm_alarm", "name: web-is-down", "comparison: GreaterThanOrEqualToThreshold", "SU305"),
    ("calm_alarm", "name: web-is-down", "statistic: Maximum", "SU306"),
    ("calm_alarm", "name: web-is-down", "statistic: SampleCount", "SU306"),
    ("calm_alarm", "name: web-is-down", "ok-actions: false", "SU307"),
    ("calm_alarm", "name: web-is-down", "treat-missing-data: missing", "SU308"),
    ("calm_alarm", "name: web-is-down", "treat-missing-data: notBreaching", "SU308"),
    ("calm_alarm", "name: web-is-down", "treat-missing-data: ignore", "SU308"),
    ("calm_alarm", "evaluation-periods: 3, datapoints-to-alarm: 2", "evaluation-periods: 15", "SU309"),
    ("calm_alarm", "evaluation-periods: 3, datapoints-to-alarm: 2", "period: 900", "SU309"),
    ("calm_alarm", "name: web-is-down", "period: 30", "SU310"),
    ("webhook", "https://hooks", "http://hooks", "SU312"),
    ("webhook", "hooks.example.net", "www.example.com", "SU313"),
    ("webhook", "https://hooks.example.net", "http://203.0.113.10:9000", "SU313"),
    ("webhook", "boss@example.net", "boss@www.example.com", "SU314"),
    ("names", "emails: [oncall@example.com]", "emails: [root@origin.example.net]", "SU314"),
    ("webhook", "hooks.example.net", "10.0.0.8", "SU320"),
    ("webhook", "https://hooks.example.net", "http://localhost:9000", "SU320"),
    ("webhook", "hooks.example.net/alerts", "hooks.slack.com/services/T0/B0/X", "SU315"),
    ("existing_topic", "us-east-1", "eu-west-1", "SU316"),
    ("load_balancer", "      check: {path: /health, host: lb.example.com}\n", "", "SU317"),
    ("budget_of_five_minutes", "budget: 5m", "budget: 30s", "SU401"),
    ("fast", "budget: 1m", "budget: 10s", "SU401"),
    ("guide", "ttl: 60", "failback: held", "SU402"),
    ("guide", "ttl: 60", "failback: {after: 10m}", "SU402"),
    ("commands", "ssh web systemctl start nginx", "aws route53 change-resource-record-sets --hosted-zone-id Z1", "SU404"),
    ("commands", "www.example.com/shop", "origin.example.com/shop", "SU405"),
    ("commands", "      method: command\n", "", "SU406"),
    ("commands", "systemctl start", "systemctl stop", "SU407"),
    ("silenced", "ttl: 3600", "ttl: 60", "SU449"),
    ("shortest", "version: 1", "version: 1\nsilence: [{rule: SU777, reason: known since March}]", "SU448"),
]  # fmt: skip

IN_THE_FOLDER: list[tuple[Mapping[str, str], str]] = [
    ({}, "SU201"),
    ({"index.html": "  \n"}, "SU201"),
    ({"Index.html": PAGE}, "SU201"),
    ({"index.html": PAGE.replace("images/logo.svg", "https://www.example.com/logo.svg")}, "SU204"),
    ({"index.html": PAGE.replace("images/logo.svg", "//www.example.com/logo.svg")}, "SU204"),
    ({"index.html": PAGE.replace("https://status.example.net/", "https://www.example.com/status")}, "SU204"),
    ({"index.html": PAGE.replace("/style.css", "http://203.0.113.10/style.css")}, "SU204"),
    ({"index.html": PAGE + '<style>@import "https://www.example.com/more.css"</style>'}, "SU204"),
    ({"index.html": PAGE + '<script>fetch("https://www.example.com/api/state")</script>'}, "SU204"),
    ({"index.html": '<base href="https://www.example.com/">' + PAGE}, "SU204"),
    ({"index.html": PAGE + '<img src="https://WWW.example.com./logo.png">'}, "SU204"),
    ({"index.html": PAGE + '<svg><use xlink:href="https://www.example.com/icons.svg#up"/></svg>'}, "SU204"),
    ({"index.html": PAGE + '<svg><image href="https://www.example.com/logo.png"/></svg>'}, "SU204"),
    ({"index.html": PAGE + '<input type="image" src="https://www.example.com/go.png">'}, "SU204"),
    ({"index.html": PAGE + '<p style="background:url(https://www.example.com/paper.png)">'}, "SU204"),
    (
        {"index.html": PAGE + '<img src="data:," srcset="/images/logo.svg, //www.example.com/2x.png 2x">'},
        "SU204",
    ),
    ({"index.html": PAGE + '<img src="data:," srcset="/images/logo.svg 1x, 2x.png 2x">'}, "SU205"),
    ({"index.html": PAGE.replace("images/logo.svg", "images/photo.jpg")}, "SU205"),
    ({"index.html": PAGE.replace("https://status.example.net/", "/status")}, "SU205"),
    ({"index.html": PAGE, "style.css": "body { background: url(paper.png) }"}, "SU205"),
    ({"index.html": PAGE, "database.sql": "INSERT"}, "SU206"),
    ({"index.html": PAGE, "index.html.bak": PAGE}, "SU206"),
    ({"index.html": PAGE, "keys/server.key": "-----BEGIN"}, "SU206"),
    ({"index.html": PAGE, "contact.php": "<?php"}, "SU206"),
    ({"index.html": PAGE, "stillup.yaml": "version: 1"}, "SU206"),
    ({"index.html": PAGE + "<script>navigator.serviceWorker.register('/sw.js')</script>"}, "SU208"),
    ({"index.html": PAGE.replace('content="60"', 'content="1"')}, "SU209"),
    ({"index.html": PAGE.replace('content="60"', 'content="0;URL=http://www.example.com/"')}, "SU209"),
    ({"index.html": PAGE.replace("noindex", "index, follow")}, "SU210"),
    ({"index.html": PAGE + '<form method="POST" action="/contact"></form>'}, "SU215"),
]


@pytest.mark.parametrize(("plan", "before", "after", "rule"), IN_THE_PLAN)
def test_a_mistake_in_a_sound_plan_is_one_finding(
    plan: str, before: str, after: str, rule: str | None
) -> None:
    text = (SOUND / f"{plan}.yaml").read_text()
    assert before in text

    found = loud(lint_text(text.replace(before, after), FOLDER))

    assert found == [rule]


@pytest.mark.parametrize(("folder", "rule"), IN_THE_FOLDER)
def test_a_mistake_in_a_sound_folder_is_one_finding(folder: Mapping[str, str], rule: str) -> None:
    rest = (
        {} if "index.html" not in folder else {key: text for key, text in FOLDER.items() if key not in folder}
    )
    text = (SOUND / "guide.yaml").read_text()

    assert loud(lint_text(text, {**rest, **folder})) == [rule]

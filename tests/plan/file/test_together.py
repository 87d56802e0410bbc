"""What makes no sense together is an error; what is merely unwise reads, for lint to speak of."""

from __future__ import annotations

import pytest

from stillup.plan.file.read import Document, read_plan

HEAD = "version: 1\nfailovers:\n"
SOUND = {
    "name": "www.example.com",
    "zone": "example.com",
    "primary": "{address: 203.0.113.10, check: {path: /health}}",
    "standby": "{folder: maintenance}",
}


def failover(**keys: str) -> str:
    lines = [f"{key}: {value}" for key, value in (SOUND | keys).items()]
    return "  - " + "\n    ".join(lines) + "\n"


def said(text: str) -> str:
    document = read_plan(text, source="stillup.yaml")
    return "" if isinstance(document, Document) else "\n".join(map(str, document))


NONSENSE = [
    (
        {"primary": "{check: {path: /}}"},
        "5:5: failovers[0].primary: needs one of address, addresses, name and alias",
    ),
    (
        {"primary": "{address: 192.0.2.1, name: a.example.com}"},
        "5:35: failovers[0].primary.name: cannot stand beside",
    ),
    ({"primary": "{addresses: []}"}, "primary.addresses: must have at least one item"),
    ({"primary": "{addresses: [192.0.2.1, 192.0.2.1]}"}, "primary.addresses: has `192.0.2.1` twice"),
    ({"primary": "{name: www.example.com}"}, "primary.name: is the failover's own name"),
    (
        {"primary": "{address: 192.0.2.1, check: {type: tcp, path: /}}"},
        "check.path: only with `type: http` or `https`",
    ),
    ({"primary": "{address: 192.0.2.1, check: {type: tcp, string: OK}}"}, "check.string: only with"),
    ({"primary": "{address: 192.0.2.1, check: {existing: abc, path: /}}"}, "check.existing: stands alone"),
    ({"primary": "{address: 192.0.2.1, check: {interval: 50ms}}"}, "must be between 0.1s and 1h, not 0.05s"),
    ({"primary": "{address: 192.0.2.1, check: {interval: 2h}}"}, "must be between 0.1s and 1h, not 2h"),
    (
        {"primary": "{address: 192.0.2.1, check: {failures: 11}}"},
        "check.failures: must be 10 or less, not `11`",
    ),
    ({"primary": "{address: 192.0.2.1, check: {expect: 2xx}}"}, "`2xx` is no list of status codes"),
    ({"primary": "{address: 192.0.2.1, check: {regions: [eu-west-1]}}"}, "needs 3 different Regions or more"),
    (
        {"primary": "{address: 192.0.2.1, check: {regions: [eu-west-3]}}"},
        "nothing is checked from `eu-west-3`",
    ),
    ({"primary": "{alias: {zone-id: z1, name: lb.example.com}}"}, "`z1` is no id of a hosted zone"),
    ({"primary": "{address: 192.0.2.1, instances: [web-1]}"}, "`web-1` is no id of an EC2 instance"),
    (
        {"standby": "{index: a.html}"},
        "standby: needs one of folder, bucket, address, addresses, name and alias",
    ),
    ({"standby": "{folder: m, address: 192.0.2.1}"}, "standby.address: cannot stand beside `folder`"),
    ({"standby": "{bucket: my-site, name: a.example.com}"}, "standby.name: cannot stand beside `bucket`"),
    ({"standby": "{address: 192.0.2.1, index: a.html}"}, "standby.index: only with `folder` or `bucket`"),
    ({"standby": "{bucket: No_Bucket}"}, "`No_Bucket` is no name of a bucket"),
    ({"standby": "{bucket: my-site, region: Ireland}"}, "`Ireland` is no name of an AWS Region"),
    ({"name": "'*.example.com'"}, "standby.folder: no bucket can be called"),
    ({"name": "www.example.org"}, "3:5: failovers[0].name: `www.example.org` is not in the zone example.com"),
    ({"ttl": "-1"}, "ttl: must be 0 or more, not `-1`"),
    ({"failback": "never"}, "failback: must be one of auto, held, not `never`"),
    ({"failback": "{after: 2 days}"}, "failback.after: `2 days` is no duration"),
    ({"alert": "{webhooks: [ftp://example.com]}"}, "webhooks[0]: must be a URL"),
    ({"alert": "{topic: my topic}"}, "`my topic` is no name of an SNS topic"),
    (
        {"alert": "{emails: [a@b.c], alarm: {period: 45}}"},
        "must be 10, 20, 30 or a multiple of 60 seconds, not 45",
    ),
    ({"alert": "{emails: [a@b.c], alarm: {datapoints-to-alarm: 2}}"}, "cannot be more than the 1 of"),
    ({"drill": "{method: command}"}, "drill.method: `command` needs `break-command` beside it"),
    ({"drill": "{method: instances}"}, "drill.method: `instances` needs `primary.instances`"),
]


@pytest.mark.parametrize(("keys", "expected"), NONSENSE, ids=[each[1] for each in NONSENSE])
def test_nonsense_is_an_error_with_its_line(keys: dict[str, str], expected: str) -> None:
    assert expected in said(HEAD + failover(**keys))


UNWISE = [
    {"ttl": "300"},
    {"primary": "{address: 203.0.113.10}"},
    {"primary": "{name: www.example.net, check: {host: www.example.com}}"},
    {"primary": "{address: 192.0.2.1, check: {disabled: true, inverted: true}}"},
    {"primary": "{address: 192.0.2.1, check: {type: https, path: health, interval: 20}}"},
    {"standby": "{bucket: other-name, region: eu-central-1}"},
    {"standby": "{folder: maintenance, bucket: other.example.com}"},
    {"standby": "{alias: {zone-id: Z0WRONG, name: www.example.com.s3-website-us-east-1.amazonaws.com}}"},
    {"standby": "{alias: {zone-id: Z2FDTNDATAQYW2, name: d1.cloudfront.net, evaluate-target-health: true}}"},
    {"alert": "{}"},
    {"alert": "{emails: [a@b.c], alarm: {region: eu-west-1, metric: Other, ok-actions: false}}"},
    {"zone": "Z0123456789ABC", "name": "www.example.org"},
    {"budget": "1s"},
]


@pytest.mark.parametrize("keys", UNWISE, ids=str)
def test_what_is_merely_unwise_reads(keys: dict[str, str]) -> None:
    assert said(HEAD + failover(**keys)) == ""


def test_two_failovers_of_one_name_are_nonsense() -> None:
    text = HEAD + failover() + failover(name="WWW.example.com.")
    assert said(text) == "7:5: failovers[1].name: is the name of failovers[0] too"


def test_two_folders_in_one_bucket_are_nonsense() -> None:
    text = (
        HEAD + failover() + failover(name="api.example.com", standby="{folder: x, bucket: www.example.com}")
    )
    assert "failovers[1].standby: publishes in the bucket www.example.com" in said(text)


def test_two_alarms_of_one_name_in_one_region_are_nonsense() -> None:
    here = "{emails: [a@example.net], alarm: {name: down}}"
    there = "{emails: [a@example.net], alarm: {name: down, region: eu-west-1}}"
    text = HEAD + failover(alert=here) + failover(name="api.example.com", alert=there)
    assert said(text) == ""

    text += failover(name="shop.example.com", alert=here)
    assert said(text).endswith("failovers[2].alert.alarm.name: is the name of the alarm of failovers[0] too")


def test_silence_for_a_failover_that_is_not_there_is_nonsense() -> None:
    text = HEAD + failover() + "silence: [{rule: SU001, reason: known and fine, failover: api.example.com}]\n"
    assert "silence[0].failover: no failover of this file is called api.example.com" in said(text)


def test_where_says_addresses_and_ports() -> None:
    text = "version: 1\nwhere: {dns: [localhost, '127.0.0.1:5300', '[::1]:53']}\nfailovers:\n" + failover()
    assert (
        said(text)
        == "2:15: where.dns[0]: `localhost` is no address and port, such as 127.0.0.1:5300 or [::1]:5300"
    )


def test_nonsense_and_wrong_values_are_told_together() -> None:
    text = HEAD + failover(primary="{check: {type: tcp, path: /, port: 0}}", ttl="x", name="a.example.org")
    assert [line.split(":")[2].strip() for line in said(text).splitlines()] == [
        "failovers[0].name",
        "failovers[0].primary",
        "failovers[0].primary.check.path",
        "failovers[0].primary.check.port",
        "failovers[0].ttl",
    ]

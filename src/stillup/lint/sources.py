"""Where a rule's source can be read: pages of AWS's documentation and RFCs for the short names that rules give.

Rules name facts as the code does (`HC-12`, `AL-7`), sections (`table 3.1`, `semantics 8.b`), shapes of botocore's
models (`M:route53/AliasTarget`), pages of guides (`DG:dns-failover-types`) and RFCs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_AWS: Final = "https://docs.aws.amazon.com/"
_GUIDES: Final = {
    "DG": "Route53/latest/DeveloperGuide/",
    "API": "Route53/latest/APIReference/API_",
    "S3UG": "AmazonS3/latest/userguide/",
    "CWUG": "AmazonCloudWatch/latest/monitoring/",
    "CWAPI": "AmazonCloudWatch/latest/APIReference/API_",
    "SNS": "sns/latest/dg/",
    "SNSAPI": "sns/latest/api/API_",
}
_MODELS: Final = {"route53": "API", "cloudwatch": "CWAPI", "sns": "SNSAPI"}

_HEALTH: Final = "DG:dns-failover-determining-health-of-endpoints"
_VALUES: Final = "API:HealthCheckConfig"
_CHOOSING: Final = "DG:health-checks-how-route-53-chooses-records"
_METRICS: Final = "DG:monitoring-health-checks"
_TO_S3: Final = "DG:RoutingToS3Bucket"
_WEBSITE: Final = "S3UG:WebsiteEndpoints"
_PUBLIC: Final = "S3UG:access-control-block-public-access"
_ALARMS: Final = "CWUG:AlarmThatSendsEmail"
_MESSAGES: Final = "SNS:sns-message-and-json-formats"

_PAGES: Final[Mapping[str, str]] = {
    "HC-1": _HEALTH,
    "HC-5": _HEALTH,
    "HC-6": "DG:DNSLimitations",
    "HC-9": _VALUES,
    "HC-10": _VALUES,
    "HC-12": _VALUES,
    "HC-13": _VALUES,
    "HC-14": _HEALTH,
    "HC-16": _VALUES,
    "HC-17": _VALUES,
    "HC-23": _HEALTH,
    "HC-24": _VALUES,
    "HC-26": "DG:monitoring-health-check-latency",
    "HC-27": _HEALTH,
    "HC-29": _CHOOSING,
    "HC-31": _VALUES,
    "HC-32": "API:UpdateHealthCheck",
    "HC-35": _VALUES,
    "HC-41": _VALUES,
    "HC-44": "API:DeleteHealthCheck",
    "HC-55": _METRICS,
    "RT-1": _CHOOSING,
    "RT-2": "API:ResourceRecordSet",
    "RT-5": "DG:dns-failover-types",
    "RT-7": "DG:dns-failover-complex-configs",
    "RT-9": "DG:dns-failover-complex-configs",
    "RT-11": "API:ResourceRecordSet",
    "RT-13": "DG:hosted-zone-private-considerations",
    "AL-3": "API:AliasTarget",
    "AL-4": "DG:resource-record-sets-choosing-alias-non-alias",
    "AL-5": "API:AliasTarget",
    "AL-7": _TO_S3,
    "AL-8": "API:AliasTarget",
    "AL-9": "API:AliasTarget",
    "S3-1": _WEBSITE,
    "S3-2": _TO_S3,
    "S3-3": "S3UG:CustomErrorDocSupport",
    "S3-4": "S3UG:CustomErrorDocSupport",
    "S3-6": "S3UG:how-to-page-redirect",
    "S3-7": _PUBLIC,
    "S3-8": _PUBLIC,
    "S3-9": _PUBLIC,
    "S3-10": "S3UG:WebsiteAccessPermissionsReqd",
    "CW-3": "CWAPI:PutMetricAlarm",
    "CW-4": "CWAPI:PutMetricAlarm",
    "CW-6": "CWAPI:PutMetricAlarm",
    "CW-8": "CWAPI:PutMetricAlarm",
    "CW-9": "CWAPI:SetAlarmState",
    "CW-12": "CWAPI:PutMetricAlarm",
    "CW-15": _ALARMS,
    "CW-18": _ALARMS,
    "CW-22": _METRICS,
    "SN-3": "SNSAPI:Subscribe",
    "SN-4": "SNSAPI:ConfirmSubscription",
    "SN-7": _MESSAGES,
    "SN-9": "SNS:SendMessageToHttp.prepare",
    "SN-10": "SNS:sns-message-delivery-retries",
    "SN-12": "SNS:sns-access-policy-use-cases",
    "table 1.1": _HEALTH,
    "table 1.5": _VALUES,
    "table 1.12": "DG:monitoring-cloudwatch",
    "table 3.1": _WEBSITE,
    "semantics 2.1": _CHOOSING,
    "semantics 2.2": _CHOOSING,
    "semantics 3.2": "S3UG:IndexDocumentSupport",
    "semantics 8.a": _HEALTH,
    "semantics 8.b": "API:AliasTarget",
    "semantics 8.c": _VALUES,
    "semantics 8.d": _HEALTH,
    "semantics 8.e": _CHOOSING,
    "semantics 8.g": _PUBLIC,
    "semantics 8.i": _METRICS,
    "semantics 8.j": _METRICS,
    "semantics 8.k": "DG:best-practices-healthcheck-monitoring-endpoints",
    "semantics 8.l": "DG:dns-failover-router-firewall-rules",
}

_NAMED: Final = re.compile(
    r"(?P<fact>(?:table|semantics) [\d.]+[a-l]?|\b(?:HC|RT|AL|S3|CW|SN)-\d+)"
    r"|\bM:(?P<model>\w+)/(?P<shape>\w+)"
    r"|\b(?P<guide>DG|S3UG):(?P<page>[\w.-]+)"
    r"|\bRFC (?P<rfc>\d+)"
)


def links(source: str) -> tuple[str, ...]:
    """The pages behind a rule's source, each once. Empty where it names none of these."""
    found = [_link(match) for match in _NAMED.finditer(source)]
    return tuple(dict.fromkeys(link for link in found if link is not None))


def _link(named: re.Match[str]) -> str | None:
    if named["rfc"]:
        return f"https://www.rfc-editor.org/rfc/rfc{named['rfc']}"
    if named["guide"]:
        return _page(f"{named['guide']}:{named['page']}")
    if named["model"]:
        guide = _MODELS.get(named["model"])
        return None if guide is None else _page(f"{guide}:{named['shape']}")
    page = _PAGES.get(named["fact"].rstrip("."))
    return None if page is None else _page(page)


def _page(short: str) -> str:
    guide, _, page = short.partition(":")
    return f"{_AWS}{_GUIDES[guide]}{page}.html"

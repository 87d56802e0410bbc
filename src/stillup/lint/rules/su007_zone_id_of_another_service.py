"""SU007: an alias under a zone id that belongs to something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.load_balancers import LOAD_BALANCER_ZONE_IDS, load_balancer_zone_ids
from stillup.lint.setups import AWS_DOMAINS, CLOUDFRONT_ZONE_ID, primaries, secondaries, side, website
from stillup.lint.subject import Subject
from stillup.plan.setup import AliasTarget, Zone
from stillup.rules.ids import HostedZoneId
from stillup.rules.zones.s3_endpoints import is_website_zone_id

GLOBAL_ACCELERATOR_ZONE_ID: Final = "Z2BJ6XQ5FK7U4H"
"""AL-8."""
_OWN: Final = {".cloudfront.net": CLOUDFRONT_ZONE_ID, ".awsglobalaccelerator.com": GLOBAL_ACCELERATOR_ZONE_ID}
_KNOWN: Final = {CLOUDFRONT_ZONE_ID, GLOBAL_ACCELERATOR_ZONE_ID} | LOAD_BALANCER_ZONE_IDS


def find(subject: Subject) -> Iterable[Finding]:
    """
    | target                         | found for                                                        |
    |--------------------------------|------------------------------------------------------------------|
    | CloudFront, Global Accelerator | every id but its own (AL-8)                                      |
    | a load balancer                | an id that is known to be of another Region, kind or service     |
    | anything else of AWS's         | the id of the failover's own zone, of a load balancer, of a site |
    | S3 website                     | nothing: SU004 knows it better                                   |

    Ids that nobody knows are taken for right: AWS opens Regions.
    """
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        if record.alias is None or website(record) is not None:
            continue
        if _is_wrong(record.alias, subject.setup.zone):
            yield Finding(
                f"{record.alias.zone_id} is not the zone id of {record.alias.dns_name}",
                f"{side(record)}.alias.zone-id",
            )
            return


def _is_wrong(alias: AliasTarget, zone: Zone) -> bool:
    own = next((zone_id for ending, zone_id in _OWN.items() if alias.dns_name.endswith(ending)), None)
    if own is not None:
        return alias.zone_id != own
    if not alias.dns_name.endswith(AWS_DOMAINS):
        return False
    if alias.zone_id == zone.id or is_website_zone_id(HostedZoneId(alias.zone_id)):
        return True
    return alias.zone_id in _KNOWN and alias.zone_id not in load_balancer_zone_ids(alias.dns_name)


_BALANCER = "alias: {{zone-id: {}, name: web-1234567890.eu-west-1.elb.amazonaws.com}}"

RULE = Rule(
    id="SU007",
    title="Zone id of another service",
    severity=Severity.ERROR,
    reason="An alias names its target by zone id and name; Route 53 refuses a pair that does not belong together.",
    source="AL-3, AL-8; AWS general reference, Elastic Load Balancing endpoints",
    remedy="Give the zone id that the resource itself shows, such as CanonicalHostedZoneId of a load balancer.",
    find=find,
    fails=Example(
        plan(primary=_BALANCER.format("Z2FDTNDATAQYW2"), check="path: /health, host: lb.example.com"), SITE
    ),
    passes=Example(
        plan(primary=_BALANCER.format("Z32O12XQLNTSW2"), check="path: /health, host: lb.example.com"), SITE
    ),
)

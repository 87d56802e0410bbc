"""S3 website endpoints as alias targets: their names and hosted zone ids, Region by Region (3.1, AL-7).

    dash   s3-website-REGION.amazonaws.com   the oldest Regions
    dot    s3-website.REGION.amazonaws.com   all others; in China `.amazonaws.com.cn`

An alias may name the bare endpoint, as AWS documents it, or put the bucket in front, as many guides do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from stillup.rules.ids import BucketName, HostedZoneId
from stillup.rules.names import DomainName

_DASH: Final = "s3-website-{region}.amazonaws.com"
_DOT: Final = "s3-website.{region}.amazonaws.com"
_DOT_CHINA: Final = "s3-website.{region}.amazonaws.com.cn"

# Where the published tables disagree (8.13), both ids are listed and both are accepted.
_ENDPOINTS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("us-east-1", _DASH, ("Z3AQBSTGFYJSTF",)),
    ("us-east-2", _DOT, ("Z2O1EMRO9K5GLX",)),
    ("us-west-1", _DASH, ("Z2F56UZL2M1ACD",)),
    ("us-west-2", _DASH, ("Z3BJ6K6RIION7M",)),
    ("af-south-1", _DOT, ("Z83WF9RJE8B12", "Z11KHD8FBVPUYU")),
    ("ap-east-1", _DOT, ("ZNB98KWMFR0R6",)),
    ("ap-east-2", _DOT, ("Z064739330DAH7WJVOO93",)),
    ("ap-south-1", _DOT, ("Z11RGJOFQNVJUP",)),
    ("ap-south-2", _DOT, ("Z02976202B4EZMXIPMXF7",)),
    ("ap-northeast-1", _DASH, ("Z2M4EHUR26P7ZW",)),
    ("ap-northeast-2", _DOT, ("Z3W03O7B5YMIYP",)),
    ("ap-northeast-3", _DOT, ("Z2YQB5RD63NC85",)),
    ("ap-southeast-1", _DASH, ("Z3O0J2DXBE1FTB",)),
    ("ap-southeast-2", _DASH, ("Z1WCIGYICN2BYD",)),
    ("ap-southeast-3", _DOT, ("Z01846753K324LI26A3VV",)),
    ("ap-southeast-4", _DOT, ("Z0312387243XT5FE14WFO",)),
    ("ap-southeast-5", _DOT, ("Z08660063OXLMA7F1FJHU",)),
    ("ap-southeast-7", _DOT, ("Z0031014GXUMRZG6I14G",)),
    ("ca-central-1", _DOT, ("Z1QDHH18159H29",)),
    ("ca-west-1", _DOT, ("Z03565811Z33SLEZTHOUL",)),
    ("cn-north-1", _DOT_CHINA, ("Z5CN8UMXT92WN",)),
    ("cn-northwest-1", _DOT_CHINA, ("Z282HJ1KT0DH03",)),
    ("eu-central-1", _DOT, ("Z21DNDUVLTQW6Q",)),
    ("eu-central-2", _DOT, ("Z030506016YDQGETNASS",)),
    ("eu-north-1", _DOT, ("Z3BAZG2TWCNX0D",)),
    ("eu-south-1", _DOT, ("Z30OZKI7KPW7MI", "Z3IXVV8C73GIO3")),
    ("eu-south-2", _DOT, ("Z0081959F7139GRJC19J",)),
    ("eu-west-1", _DASH, ("Z1BKCTXD74EZPE",)),
    ("eu-west-2", _DOT, ("Z3GKZC51ZF0DB4",)),
    ("eu-west-3", _DOT, ("Z3R1K369G5AVDG",)),
    ("il-central-1", _DOT, ("Z09640613K4A3MN55U7GU",)),
    ("me-central-1", _DOT, ("Z06143092I8HRXZRUZROF",)),
    ("me-south-1", _DOT, ("Z1MPMWCPA7YB62",)),
    ("sa-east-1", _DASH, ("Z7KQH4QJS55SO",)),
    ("us-gov-east-1", _DOT, ("Z2NIFVYYW2VKV1",)),
    ("us-gov-west-1", _DASH, ("Z31GFT0UA1I2HV",)),
)

ENDPOINT_NAMES: Final[Mapping[str, DomainName]] = {
    region: DomainName.from_text(form.format(region=region)) for region, form, _ in _ENDPOINTS
}
"""The bare website endpoint of each Region."""

ENDPOINT_ZONE_IDS: Final[Mapping[str, tuple[HostedZoneId, ...]]] = {
    region: tuple(map(HostedZoneId, ids)) for region, _, ids in _ENDPOINTS
}
"""The hosted zone ids that an alias to the Region's endpoint may give."""

_ALL_ZONE_IDS: Final = frozenset(each for ids in ENDPOINT_ZONE_IDS.values() for each in ids)
_REGIONS: Final = {name: region for region, name in ENDPOINT_NAMES.items()}
_DEPTHS: Final = sorted({len(name.labels) for name in _REGIONS})


class WebsiteEndpoint(NamedTuple):
    """A Region's S3 website endpoint, and the bucket if the name has it in front."""

    region: str
    bucket: BucketName | None


def website_endpoint(name: DomainName) -> WebsiteEndpoint | None:
    """The S3 website endpoint that this name is, or None if it is something else.

    | name                                                | endpoint                         |
    |-----------------------------------------------------|----------------------------------|
    | `s3-website-us-east-1.amazonaws.com`                | us-east-1, no bucket             |
    | `www.example.com.s3-website-us-east-1.amazonaws.com`| us-east-1, `www.example.com`     |
    | `s3-website.eu-west-3.amazonaws.com`                | eu-west-3, no bucket             |
    | the other form of the Region, or an unknown Region  | None                             |
    """
    for depth in _DEPTHS:
        labels = name.labels
        region = _REGIONS.get(DomainName(labels[-depth:]))
        if region is not None:
            bucket = b".".join(labels[:-depth]).decode("latin-1")
            return WebsiteEndpoint(region, BucketName(bucket) if bucket else None)
    return None


def is_website_zone_id(zone_id: HostedZoneId) -> bool:
    """Whether this is the hosted zone id of some Region's website endpoint."""
    return zone_id in _ALL_ZONE_IDS

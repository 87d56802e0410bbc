"""The hosted zone ids of load balancers, Region by Region (AWS general reference, Elastic Load Balancing endpoints)."""

from __future__ import annotations

import re
from typing import Final

_TABLE: Final[tuple[tuple[str, str, str], ...]] = (
    # Region, application and classic, network
    ("us-east-1", "Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"),
    ("us-east-2", "Z3AADJGX6KTTL2", "ZLMOA37VPKANP"),
    ("us-west-1", "Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"),
    ("us-west-2", "Z1H1FL5HABSF5", "Z18D5FSROUN65G"),
    ("ca-central-1", "ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"),
    ("ap-east-1", "Z3DQVH9N71FHZ0", "Z12Y7K3UBGUAD1"),
    ("ap-south-1", "ZP97RAFLXTNZK", "ZVDDRBQ08TROA"),
    ("ap-northeast-1", "Z14GRHDCWA56QT", "Z31USIVHYNEOWT"),
    ("ap-northeast-2", "ZWKZPGTI48KDX", "ZIBE1TIR4HY56"),
    ("ap-southeast-1", "Z1LMS91P8CMLE5", "ZKVM4W9LS7TM"),
    ("ap-southeast-2", "Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD"),
    ("eu-central-1", "Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"),
    ("eu-west-1", "Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"),
    ("eu-west-2", "ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G"),
    ("eu-west-3", "Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5"),
    ("eu-north-1", "Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM"),
    ("eu-south-1", "Z3ULH7SSC9OV64", "Z23146JA1KNAFP"),
    ("sa-east-1", "Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"),
)

LOAD_BALANCER_ZONE_IDS: Final = frozenset(zone_id for _, *ids in _TABLE for zone_id in ids)
"""All that are known here."""

_CLASSIC: Final = re.compile(r"\.([a-z0-9-]+)\.elb\.amazonaws\.com$")
_NETWORK: Final = re.compile(r"\.elb\.([a-z0-9-]+)\.amazonaws\.com$")


def load_balancer_zone_ids(name: str) -> frozenset[str]:
    """The zone ids that a load balancer of this name can have; none where it is something else.

    | name                              | kind                    |
    |-----------------------------------|-------------------------|
    | `NAME.REGION.elb.amazonaws.com`   | application and classic |
    | `NAME.elb.REGION.amazonaws.com`   | network                 |
    """
    classic, network = _CLASSIC.search(name), _NETWORK.search(name)
    return frozenset(
        zone_id
        for region, of_classic, of_network in _TABLE
        for found, zone_id in ((classic, of_classic), (network, of_network))
        if found is not None and found[1] == region
    )

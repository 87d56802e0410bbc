"""SU016: an address that nobody on the Internet reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Final

from stillup.lint.examples import ENGINE, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import configs, is_on_engine, primaries, secondaries, side, target_names
from stillup.lint.subject import Subject

UNREACHABLE: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",  # RFC 1918
            "100.64.0.0/10",  # RFC 6598
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
            "::/127",
            "fc00::/7",  # RFC 4193
            "fe80::/10",
            "ff00::/8",
        ),
    )
)
"""Those that Route 53 refuses to probe (HC-13), but for the ones that documentation uses."""

_INTERNAL: Final = re.compile(
    r"(^|\.)localhost$|\.(internal|local|lan|home\.arpa)$|^(dualstack\.)?internal-.*\.elb\.amazonaws\.com(\.cn)?$"
)
"""Names that lead to such addresses, where they are known at all: of a VPC, of a home, of an internal load balancer."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found for every such address of a record or a check, and such names; on an engine people fail over at home."""
    if is_on_engine(subject):
        return
    records = (*primaries(subject.setup), *secondaries(subject.setup))
    places = {value: side(record) for record in records if record.type != "CNAME" for value in record.values}
    for path, config in configs(subject.setup):
        if config.ip_address is not None:
            places.setdefault(config.ip_address, f"{path}.address")
    for record in records:
        field = "name" if record.alias is None else "alias.name"
        places.update({name: f"{side(record)}.{field}" for name in target_names(record)})
    for text, path in places.items():
        if is_out_of_reach(text):
            yield Finding(f"{text} cannot be reached over the Internet", path)


def is_out_of_reach(host: str) -> bool:
    """Whether nobody on the Internet gets to this address or name."""
    try:
        address = ip_address(host)
    except ValueError:
        return _INTERNAL.search(host) is not None
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in UNREACHABLE)


RULE = Rule(
    id="SU016",
    title="Address out of reach",
    severity=Severity.ERROR,
    reason="Route 53 refuses to probe a private, local or multicast address, and visitors cannot get there.",
    source="HC-13, RFC 6890",
    remedy="Give the public address; for an engine of your own, `where: {endpoint-url: …}`.",
    find=find,
    fails=Example(plan(primary="address: 10.0.0.5"), SITE),
    passes=Example(plan(primary="address: 10.0.0.5", end=ENGINE), SITE),
)

"""DNSSEC of hosted zones: this engine signs none, and says so (DS-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import ApiPorts, Call, Operation
from stillup.engine.api.route53.zones import found_zone
from stillup.wire.aws.messages import Output


async def get_dnssec(ports: ApiPorts, call: Call) -> Output:
    """GetDNSSEC; Terraform asks before it destroys a zone."""
    found_zone(ports, call.parameters["HostedZoneId"])
    return Output({"Status": {"ServeSignature": "NOT_SIGNING"}, "KeySigningKeys": []})


DNSSEC_OPERATIONS: Final[Mapping[str, Operation]] = {"GetDNSSEC": get_dnssec}

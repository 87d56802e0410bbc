"""The operations on zones and record sets, over servers and answers that a test decides about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stillup.engine.api.call import ApiSettings
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.names import DomainName
from stillup.rules.resolution import Resolution
from stillup.rules.world import World
from tests.engine.api.route53.health_api import HealthApi


class FakeApplied:
    """DNS servers that have applied as much as the test says."""

    def __init__(self) -> None:
        self.sequence = 0

    def applied_sequence(self) -> int:
        return self.sequence


class FakeResolver:
    """One answer to every question; the questions are kept."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.asked: list[tuple[HostedZoneId, DomainName, int]] = []

    def resolve(self, zone_id: HostedZoneId, name: DomainName, record_type: int) -> Resolution:
        self.asked.append((zone_id, name, record_type))
        return self.resolution


class ZoneApi(HealthApi):
    """The operations over an empty world."""

    def __init__(self, *, world: World | None = None, settings: ApiSettings | None = None) -> None:
        super().__init__(world=world, settings=settings)
        self.applied = FakeApplied()
        self.ports = replace(self.ports, applied=self.applied)

    def answering(self, resolution: Resolution) -> FakeResolver:
        """Have the DNS servers answer this."""
        resolver = FakeResolver(resolution)
        self.ports = replace(self.ports, resolver=resolver)
        return resolver

    async def create_zone(self, name: str = "example.com", **parameters: Any) -> str:
        """The id of a new zone, without its prefix."""
        reference = f"reference {len(self.worlds.current.zones)}"
        made = await self.call(
            "CreateHostedZone", **{"Name": name, "CallerReference": reference, **parameters}
        )
        return str(made["HostedZone"]["Id"]).removeprefix("/hostedzone/")

    async def change(self, zone_id: str, *changes: tuple[str, Mapping[str, Any]], comment: str = "") -> str:
        """The id of the submission of these (action, record set) pairs."""
        batch = {
            "Comment": comment,
            "Changes": [
                {"Action": action, "ResourceRecordSet": record_set} for action, record_set in changes
            ],
        }
        made = await self.call("ChangeResourceRecordSets", HostedZoneId=zone_id, ChangeBatch=batch)
        return str(made["ChangeInfo"]["Id"]).removeprefix("/change/")

    async def check(self) -> HealthCheckId:
        """The id of a new health check."""
        return HealthCheckId(await self.create())


def values(name: str, record_type: str, *texts: str, ttl: int = 300, **fields: Any) -> dict[str, Any]:
    """A record set with values, as botocore's model has it."""
    records = [{"Value": text} for text in texts]
    return {"Name": name, "Type": record_type, "TTL": ttl, "ResourceRecords": records, **fields}

"""Record sets: all of a failover's in one change batch, which lands whole or not at all (CH-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from stillup.plan.setup import Record
from stillup.plan.step import Step
from stillup.provision.carry_out.site import Site
from stillup.provision.errors import ProvisionFailed
from stillup.provision.waiting import patiently, until

COMMENT: Final = "stillup"


def carry_records(site: Site, steps: Sequence[Step]) -> str:
    """Send the changes of these steps as one batch; the id of the change. Raises ClientError and ProvisionFailed."""
    batch: Any = {"Comment": COMMENT, "Changes": list(_changes(site, steps))}
    answer = patiently(
        # A check that was made a moment ago may not be known everywhere yet.
        lambda: site.account.route53.change_resource_record_sets(
            HostedZoneId=site.zone_id, ChangeBatch=batch
        ),
        codes=("NoSuchHealthCheck", "PriorRequestNotComplete"),
    )
    return answer["ChangeInfo"]["Id"]


def await_insync(site: Site, change_id: str) -> None:
    """Return when all of the zone's servers answer with the change (CH-6). Raises ClientError and ProvisionFailed."""

    def is_insync() -> bool:
        return site.account.route53.get_change(Id=change_id)["ChangeInfo"]["Status"] == "INSYNC"

    if not until(is_insync):
        raise ProvisionFailed(
            f"The change {change_id} is accepted, and is not on every name server after ten minutes.",
            f"`aws route53 get-change --id {change_id}` tells when it is; then run the same command again.",
        )


def _changes(site: Site, steps: Iterable[Step]) -> Iterator[dict[str, Any]]:
    """UPSERT for what is new as well: a CREATE whose answer was lost would be refused when it is sent again."""
    for step in steps:
        before, after = _record(step.before), _record(step.after)
        if before is not None and (after is None or _identity(before) != _identity(after)):
            yield {"Action": "DELETE", "ResourceRecordSet": members(site, before)}
        if after is not None:
            yield {"Action": "UPSERT", "ResourceRecordSet": members(site, after)}


def members(site: Site, record: Record) -> dict[str, Any]:
    """A ResourceRecordSet with everything that there is of it: a DELETE must repeat it all (CH-3)."""
    alias = record.alias
    given = {
        "Name": record.name,
        "Type": record.type,
        "SetIdentifier": record.set_identifier,
        **record.other_routing,
        "Failover": record.failover,
        "TTL": record.ttl,
        "ResourceRecords": [{"Value": value} for value in record.values] or None,
        "AliasTarget": None
        if alias is None
        else {
            "HostedZoneId": alias.zone_id,
            "DNSName": alias.dns_name,
            "EvaluateTargetHealth": alias.evaluate_target_health,
        },
        "HealthCheckId": None if record.check is None else site.resolved(record.check),
    }
    return {name: value for name, value in given.items() if value is not None}


def _identity(record: Record) -> tuple[str, str, str | None]:
    """CH-1."""
    return record.name, record.type, record.set_identifier


def _record(resource: object) -> Record | None:
    if resource is None or isinstance(resource, Record):
        return resource
    raise TypeError(f"not a record: {resource!r}")

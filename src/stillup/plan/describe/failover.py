"""A Setup as a failover of a plan file, and what no plan can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from stillup.plan.describe.alerting import alert_of
from stillup.plan.describe.checks import check_of, failback_of
from stillup.plan.describe.targets import Unsaid, target_of, website_bucket, website_region
from stillup.plan.file.plan_file import Failover, PlanFile, Where
from stillup.plan.setup import Record, Setup


class NotDescribable(Exception):
    """The name has no failover, or one that no plan can describe; the text says why."""


@dataclass(frozen=True, slots=True)
class Description:
    """A plan file for one failover, and sentences about what it does not say."""

    plan: PlanFile
    unsaid: tuple[str, ...]

    @property
    def failover(self) -> Failover:
        """The only one of the file."""
        return self.plan.failovers[0]


def describe(
    setup: Setup,
    where: Where,
    *,
    zone: str | None = None,
    instances: tuple[str, ...] = (),
    folder: str | None = None,
) -> Description:
    """The plan that asks for what there is. Raises NotDescribable.

    `zone` is how the plan names the zone, where its name is not enough; `instances` are behind the primary's address;
    `folder` is where the bucket's site has been saved.
    """
    unsaid: Unsaid = []
    primaries, secondaries = _pairs(setup, unsaid)
    primary = target_of(primaries, unsaid)
    check = next((each.check for each in primaries if each.check is not None), None)
    primary["check"] = check_of(setup, check, primary, unsaid)
    if instances:
        primary["instances"] = list(instances)
    said: dict[str, Any] = {
        "name": setup.name,
        "zone": zone or setup.zone.name,
        "primary": primary,
        "standby": _standby(setup, secondaries, where, folder, unsaid),
        "alert": alert_of(setup, check, unsaid),
        "failback": failback_of(setup.checks.get(check or "")),
    }
    plan = _validated(said, where)
    ttl = _ttl((*primaries, *secondaries), unsaid)
    if ttl is not None and ttl != plan.failovers[0].record_ttl:
        plan = _validated({**said, "ttl": ttl}, where)
    return Description(plan, tuple(unsaid))


def _validated(said: dict[str, Any], where: Where) -> PlanFile:
    plan = {
        "version": 1,
        "where": where.model_dump(mode="json", by_alias=True),
        "failovers": [_without_none(said)],
    }
    try:
        return PlanFile.model_validate(plan)
    except ValidationError as wrong:
        reasons = "; ".join(
            f"{'.'.join(map(str, each['loc'][2:]))}: {each['msg']}" for each in wrong.errors()
        )
        raise NotDescribable(f"No plan can describe {said['name']}: {reasons}.") from wrong


def _pairs(setup: Setup, unsaid: Unsaid) -> tuple[list[Record], list[Record]]:
    primaries = [each for each in setup.records if each.failover == "PRIMARY"]
    secondaries = [each for each in setup.records if each.failover == "SECONDARY"]
    if not primaries or not secondaries:
        raise NotDescribable(_why_none(setup, primaries, secondaries))
    missing = {each.type for each in primaries} ^ {each.type for each in secondaries}
    if missing:
        unsaid.append(f"{', '.join(sorted(missing))} records have no counterpart of the same type")
    for record in setup.records:
        if record.failover is None and record.type in ("A", "AAAA", "CNAME"):
            unsaid.append(
                f"{record.name} has {record.type} records beside the failover, which a plan does not say"
            )
    for record in (*primaries, *secondaries):
        if record.alias is not None and record.alias.zone_id == setup.zone.id:
            unsaid.append(
                f"what is behind {record.alias.dns_name} is kept where it was made, with its health checks"
            )
    checks = {each.check for each in primaries}
    if len(checks) > 1:
        unsaid.append("the primary's records name different checks; a plan has one")
    return primaries, secondaries


def _why_none(setup: Setup, primaries: list[Record], secondaries: list[Record]) -> str:
    routing = sorted({key for each in setup.records for key in each.other_routing})
    if primaries or secondaries:
        there, lacking = ("PRIMARY", "SECONDARY") if primaries else ("SECONDARY", "PRIMARY")
        return f"{setup.name} has {there} records and no {lacking} ones: that is no failover."
    if routing:
        return f"{setup.name} is routed by {', '.join(routing)}, not by failover, and a plan describes failovers only."
    if setup.records:
        return f"{setup.name} has records in {setup.zone.name}, and none of them is a failover record."
    return f"{setup.name} has no records in {setup.zone.name}."


def _standby(
    setup: Setup, records: list[Record], where: Where, folder: str | None, unsaid: Unsaid
) -> dict[str, Any]:
    check = next((each.check for each in records if each.check is not None), None)
    bucket = next(filter(None, map(website_bucket, records)), None)
    if bucket is None:
        said = target_of(records, unsaid)
    else:
        said = _site(setup, bucket, folder)
        region = website_region(next(each for each in records if website_bucket(each)))
        if region != where.region:
            said["region"] = region
        if any(each.alias is not None and each.alias.evaluate_target_health for each in records):
            unsaid.append(
                "the standby's alias evaluates its target's health; a plan's does not, to the same effect"
            )
    said["check"] = check_of(setup, check, said, unsaid)
    return said


def _site(setup: Setup, bucket: str, folder: str | None) -> dict[str, Any]:
    if folder is None:
        return {"bucket": bucket}
    said: dict[str, Any] = {"folder": folder}
    if bucket != setup.name:
        said["bucket"] = bucket
    website = setup.bucket.website if setup.bucket is not None else None
    if website is not None and website.index is not None:
        said["index"] = website.index
    if website is not None and website.error is not None:
        said["error"] = website.error
    return said


def _ttl(records: tuple[Record, ...], unsaid: Unsaid) -> int | None:
    found = list(dict.fromkeys(each.ttl for each in records if each.ttl is not None))
    if len(found) > 1:
        others = ", ".join(map(str, found[1:]))
        unsaid.append(f"other records have TTLs of {others} s; a plan has one, {found[0]} s")
    return found[0] if found else None


def _without_none(said: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, dict) else value
        for key, value in said.items()
        if value is not None
    }

"""What Route 53 would refuse after everything else was made: said before anything is."""

from __future__ import annotations

from collections.abc import Iterator

from stillup.plan.setup import Setup
from stillup.plan.step import Refusal
from stillup.rules.names import DomainName


def impossible(desired: Setup, *, zone_name: str) -> Iterator[Refusal]:
    """Refusals of records that cannot be.

    | the plan asks for                                   | why it cannot be                                      |
    |-----------------------------------------------------|-------------------------------------------------------|
    | a name outside of the zone                          | records belong to their zone                          |
    | a CNAME beside another type, or at the zone's name  | AL-4                                                  |
    | a primary and a standby without a type in common    | a pair is of one type (RT-5)                          |
    | a non-alias primary without a check                 | RT-2                                                  |
    | a bucket in a Region whose endpoint is not known    | an alias needs the endpoint's zone id (3.1)           |
    """
    name, types = desired.name, {record.type for record in desired.records}
    if not _name(name).is_under(_name(zone_name)):
        yield Refusal(
            "name-outside-zone", f"{name} is not in the zone {zone_name}.", "Name the zone that it is in."
        )
    yield from _pairs(desired)
    if "CNAME" in types and _name(name) == _name(zone_name):
        yield Refusal(
            id="cname-at-apex",
            text=f"{name} is the zone's own name, and a CNAME cannot stand there.",
            remedy="Give the targets as addresses or aliases.",
        )
    for record in desired.records:
        if record.failover == "PRIMARY" and record.alias is None and record.check is None:
            yield Refusal(
                id="primary-without-check",
                text=f"The primary of {name} has no health check: Route 53 takes no such {record.type} record.",
                remedy="Add `check: {}` to the primary.",
            )
        if record.alias is not None and not record.alias.zone_id:
            yield Refusal(
                id="unknown-website-region",
                text=f"No S3 website endpoint is known in the Region {desired.bucket and desired.bucket.region}.",
                remedy="Check the spelling of `region`, or choose another one.",
            )


def _pairs(desired: Setup) -> Iterator[Refusal]:
    primaries = {record.type for record in desired.records if record.failover == "PRIMARY"}
    standbys = {record.type for record in desired.records if record.failover == "SECONDARY"}
    if not primaries & standbys:
        yield Refusal(
            id="no-common-type",
            text=(
                f"The primary of {desired.name} has records of type {_list(primaries)}, its standby "
                f"{_list(standbys)}: only records of one type take each other's place."
            ),
            remedy="Give both as addresses of one family, or both as names.",
        )


def _list(types: set[str]) -> str:
    return " and ".join(sorted(types)) or "none"


def _name(text: str) -> DomainName:
    return DomainName.from_text(text)

"""The failover records that a failover asks for."""

from __future__ import annotations

from collections.abc import Iterator

from stillup.plan.desired.site import bare_endpoint, endpoint_zone_id
from stillup.plan.file.plan_file import Failover
from stillup.plan.file.targets import Primary, Standby
from stillup.plan.ownership import SET_IDENTIFIERS
from stillup.plan.setup import AliasTarget, Bucket, Record


def records_of(failover: Failover, bucket: Bucket | None) -> tuple[Record, ...]:
    """A pair of records for every type that the primary has.

    | target            | records                                                                         |
    |-------------------|---------------------------------------------------------------------------------|
    | address(es)       | A, AAAA: one for each family                                                    |
    | name              | CNAME                                                                           |
    | alias             | an alias of each of its types                                                   |
    | folder, bucket    | alias A to the Region's bare website endpoint (AL-7); CNAME beside a CNAME      |

    The standby's records of other types are left out: an AAAA of the standby alone would take every visitor with IPv6 away
    from a primary without one. Where no type is in common, all are there, for lint and refusals to see.
    """
    primaries = list(_targets(failover, failover.primary, None))
    types = {record.type for record in primaries}
    seconds = list(_targets(failover, failover.standby, bucket, beside_cname=types == {"CNAME"}))
    shared = [record for record in seconds if record.type in types]
    return (*primaries, *(shared or seconds))


def _targets(
    failover: Failover, target: Primary | Standby, bucket: Bucket | None, *, beside_cname: bool = False
) -> Iterator[Record]:
    for version, type_ in ((4, "A"), (6, "AAAA")):
        addresses = tuple(str(each) for each in target.all_addresses if each.version == version)
        if addresses:
            yield _record(failover, target, type_, values=addresses)
    if target.name is not None:
        yield _record(failover, target, "CNAME", values=(target.name,))
    if target.alias is not None:
        alias = AliasTarget(target.alias.zone_id, target.alias.name, target.alias.evaluate_target_health)
        for type_ in target.alias.types:
            yield _record(failover, target, type_, alias=alias)
    if bucket is not None and not beside_cname:
        endpoint = AliasTarget(
            endpoint_zone_id(bucket.region), bare_endpoint(bucket.region), evaluate_target_health=False
        )
        yield _record(failover, target, "A", alias=endpoint)
    elif bucket is not None:
        yield _record(failover, target, "CNAME", values=(f"{bucket.name}.{bare_endpoint(bucket.region)}",))


def _record(
    failover: Failover,
    target: Primary | Standby,
    type_: str,
    *,
    values: tuple[str, ...] = (),
    alias: AliasTarget | None = None,
) -> Record:
    role, key = ("PRIMARY", "primary") if isinstance(target, Primary) else ("SECONDARY", "standby")
    return Record(
        name=failover.name,
        type=type_,
        set_identifier=SET_IDENTIFIERS[role],
        failover=role,
        ttl=None if alias is not None else failover.record_ttl,
        values=values,
        alias=alias,
        check=None if target.check is None else key,
    )

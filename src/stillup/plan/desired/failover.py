"""One failover of a plan file as a Setup: what `apply` makes true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stillup.plan.desired.alerting import alarm_of, topic_of
from stillup.plan.desired.checks import check_of, primary_tags
from stillup.plan.desired.records import records_of
from stillup.plan.desired.site import bucket_of
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.places import noting
from stillup.plan.setup import Check, Setup, StoredObject, Zone

_ZONE_ID: Final = re.compile(r"(?:/hostedzone/)?(Z[A-Z0-9]{3,31})")


def desired(failover: Failover, where: Where, *, files: Mapping[str, StoredObject] | None = None) -> Setup:
    """What the failover asks for. `files` are those of the standby's folder, by key.

    What has no id yet is named by its reference: `${check/primary}`, `${check/standby}`, `${topic}`. A plan that names
    its zone by id leaves the zone's name empty.
    """
    bucket = bucket_of(failover, where, files or {})
    checks = _checks(failover, where)
    topic = topic_of(failover)
    alarm = alarm_of(failover, checks.get("primary"), topic)
    asked = Setup(
        name=failover.name,
        zone=_zone(failover.zone),
        records=records_of(failover, bucket),
        checks=checks,
        bucket=bucket,
        topics=() if topic is None else (topic,),
        alarms=() if alarm is None else (alarm,),
    )
    return noting(asked)


def _checks(failover: Failover, where: Where) -> dict[str, Check]:
    checks = {}
    primary, standby = failover.primary, failover.standby
    if primary.check is not None:
        checks["primary"] = check_of(
            failover, where, "primary", primary, primary.check, primary_tags(failover)
        )
    if standby.check is not None:
        checks["standby"] = check_of(failover, where, "standby", standby, standby.check, {})
    return checks


def _zone(text: str) -> Zone:
    by_id = _ZONE_ID.fullmatch(text)
    if by_id is not None:
        return Zone(name="", id=by_id[1])
    return Zone(name=text.lower().removesuffix("."))

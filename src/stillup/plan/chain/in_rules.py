"""A Setup's checks, records and alarms as the values that the engine's rules decide on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from stillup.plan.setup import Alarm, Check, Record
from stillup.rules.alarms.alarm import Comparison, MissingData, Trigger
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.ids import HealthCheckId, HostedZoneId
from stillup.rules.metrics.metric import Metric, Statistic
from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, FailoverRole, GeoLocation, Rdata, RecordSet, RecordType

_UNDERSTOOD: Final = {"Weight", "MultiValueAnswer", "GeoLocation"}
_TYPES: Final = frozenset(HealthCheckType)
_COMPARISONS: Final = frozenset(Comparison)
_STATISTICS: Final = frozenset(Statistic)
_TREATMENTS: Final = frozenset(MissingData)


def health_check_of(check: Check) -> HealthCheck | None:
    """The check by its key, with what its verdicts and status depend on; None where no rule is known for it."""
    config = check.config
    if config is None or config.type not in _TYPES:
        return None
    return HealthCheck(
        id=HealthCheckId(check.key),
        caller_reference=check.caller_reference or "",
        config=HealthCheckConfig(
            type=HealthCheckType(config.type),
            request_interval=config.request_interval,
            failure_threshold=config.failure_threshold,
            inverted=config.inverted,
            disabled=config.disabled,
            health_threshold=config.health_threshold,
            child_health_checks=tuple(map(HealthCheckId, config.child_health_checks)),
        ),
        tags=check.tags,
    )


def record_set_of(record: Record) -> RecordSet | None:
    """The record set, named for its check's key; None where its routing is one that no rule is known for."""
    if not record.other_routing.keys() <= _UNDERSTOOD:
        return None
    place = record.other_routing.get("GeoLocation")
    country = place.get("CountryCode") if isinstance(place, Mapping) else None
    if place is not None and country != "*":
        return None
    weight = record.other_routing.get("Weight")
    return RecordSet(
        name=DomainName.from_text(record.name),
        type=RecordType(record.type),
        set_identifier=record.set_identifier,
        failover=None if record.failover is None else FailoverRole(record.failover),
        multivalue=bool(record.other_routing.get("MultiValueAnswer")),
        ttl=record.ttl,
        records=tuple(Rdata(value, b"") for value in record.values),
        alias=_alias_of(record),
        health_check_id=None if record.check is None else HealthCheckId(record.check),
        weight=weight if isinstance(weight, int) else None,
        geolocation=None if country is None else GeoLocation(country),
    )


def _alias_of(record: Record) -> AliasTarget | None:
    alias = record.alias
    if alias is None:
        return None
    return AliasTarget(
        HostedZoneId(alias.zone_id), DomainName.from_text(alias.dns_name), alias.evaluate_target_health
    )


def record_sets_of(records: Iterable[Record]) -> tuple[RecordSet, ...] | None:
    """All of them, None where one cannot be."""
    found = [record_set_of(record) for record in records]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def metric_of(alarm: Alarm) -> Metric:
    """What the alarm watches."""
    return Metric(alarm.namespace, alarm.metric, tuple(sorted(alarm.dimensions.items())))


def trigger_of(alarm: Alarm) -> Trigger | None:
    """When the alarm goes off; None where it watches what no rule is known for (percentiles, anomalies)."""
    if alarm.statistic not in _STATISTICS or alarm.comparison not in _COMPARISONS:
        return None
    if alarm.treat_missing_data is not None and alarm.treat_missing_data not in _TREATMENTS:
        return None
    return Trigger(
        metric=metric_of(alarm),
        period=alarm.period,
        evaluation_periods=alarm.evaluation_periods,
        threshold=alarm.threshold,
        comparison=Comparison(alarm.comparison),
        statistic=Statistic(alarm.statistic),
        datapoints_to_alarm=alarm.datapoints_to_alarm,
        treat_missing_data=(
            None if alarm.treat_missing_data is None else MissingData(alarm.treat_missing_data)
        ),
    )

"""What several live rules ask of a subject."""

from __future__ import annotations

from stillup.lint.live import Observation
from stillup.lint.subject import Subject
from stillup.plan.setup import CheckConfig, Record


def is_account_itself(subject: Subject) -> bool:
    """Whether the set-up under judgement is the account's own, so that the other rules have seen all of it."""
    return subject.live is not None and subject.live.setup == subject.setup


def is_in_use(subject: Subject) -> bool:
    """Whether visitors may be sent to the standby's bucket as it is: records are live, or no plan publishes it."""
    held = None if subject.live is None else subject.live.setup
    is_live = held is not None and any(record.failover == "SECONDARY" for record in held.records)
    bucket = subject.setup.bucket
    return is_live or (bucket is not None and not bucket.is_published)


def records_of(subject: Subject, role: str) -> tuple[Record, ...]:
    """The failover records of this role in the set-up under judgement."""
    return tuple(record for record in subject.setup.records if record.failover == role)


def primary_check(subject: Subject) -> CheckConfig | None:
    """The check that decides about the primary; None where there is none, or its configuration is not known."""
    for record in records_of(subject, "PRIMARY"):
        check = subject.setup.checks.get(record.check or "")
        if check is not None:
            return check.config
    return None


def is_website_standby(subject: Subject) -> bool:
    """Whether visitors are sent to an S3 website, which speaks no HTTPS."""
    targets = [
        target
        for record in records_of(subject, "SECONDARY")
        for target in (*record.values, *([record.alias.dns_name] if record.alias else []))
    ]
    return any("s3-website" in target for target in targets)


def is_primary_https(subject: Subject) -> bool:
    """Whether the primary's check itself speaks HTTPS."""
    check = primary_check(subject)
    return check is not None and check.type.startswith("HTTPS")


def primary_observations(subject: Subject) -> tuple[Observation, ...]:
    """What the checkers of the primary's check in the account saw last."""
    live = subject.live
    if live is None or live.setup is None or live.observations is None:
        return ()
    named = {record.check for record in live.setup.records if record.failover == "PRIMARY"}
    for key, check in live.setup.checks.items():
        if key in named and check.config is not None and not check.config.disabled:
            return live.observations.get(key, ())
    return ()


def is_seen_failing(subject: Subject) -> bool:
    """Whether at most 18 % of the checkers call the primary well (HC-23)."""
    seen = primary_observations(subject)
    return bool(seen) and sum(each.is_success for each in seen) <= 0.18 * len(seen)


def is_probe_failing(subject: Subject) -> bool:
    """Whether the primary, asked from here as its check asks, does not answer with 2xx or 3xx."""
    probe = None if subject.live is None else subject.live.probe
    return probe is not None and (probe.status is None or not 200 <= probe.status < 400)

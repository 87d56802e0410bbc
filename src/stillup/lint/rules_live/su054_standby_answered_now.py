"""SU054: the failover has happened; visitors are at the standby."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.judging import is_probe_failing, is_seen_failing, records_of
from stillup.lint.rules_live.worked import ADDRESS, GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where every server answers with addresses of which none is the primary's, and the reason is not known.

    | the account's records   | answers          | finding |
    |-------------------------|------------------|---------|
    | not there yet           | any              | no      |
    | primary has no values   | any              | no      |
    | there                   | none             | no      |
    | there                   | one is primary's | no      |
    | there                   | none primary's   | yes     |
    """
    live = subject.live
    if live is None or live.answers is None or live.setup is None:
        return
    primary = {
        value.removesuffix(".") for record in records_of(subject, "PRIMARY") for value in record.values
    }
    answered = {value for values in live.answers.values() for value in values}
    if is_seen_failing(subject) or is_probe_failing(subject):
        return
    is_set_up = any(record.failover == "PRIMARY" for record in live.setup.records)
    if is_set_up and primary and answered and not answered & primary:
        yield Finding(
            f"visitors are sent to {', '.join(sorted(answered))}, which is not the primary", "primary"
        )


RULE = Rule(
    id="SU054",
    title="Failed over now",
    severity=Severity.WARNING,
    reason="The primary counts as ill at this moment: nothing is left to fail over from.",
    source="RT-1",
    remedy="See with `stillup why` what the health checkers found, and bring the primary back.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=HELD, answers={"ns-1.awsdns-00.com": ("192.0.2.80",)})),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD, answers={"ns-1.awsdns-00.com": (ADDRESS,)})),
    is_live=True,
)

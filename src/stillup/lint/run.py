"""Every rule on every failover: what is found, what of it is silenced, one finding for one mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stillup.lint.finding import Finding, Rule
from stillup.lint.precedence import MORE_SPECIFIC
from stillup.lint.rules import su448_unknown_silence, su449_idle_silence
from stillup.lint.setups import primaries, secondaries
from stillup.lint.subject import Subject
from stillup.plan.file.plan_file import Silence


@dataclass(frozen=True, slots=True)
class Report:
    """A finding, with its rule and its failover."""

    rule: Rule
    finding: Finding
    failover: str | None = None
    """Its name; None for what is found in the plan file itself, and then the finding's path is the file's."""
    silence: str | None = None
    """The reason for which the plan silences it."""


def lint(subject: Subject, rules: Sequence[Rule], silences: Sequence[Silence] = ()) -> tuple[Report, ...]:
    """What these rules find in one failover, in their order.

    Live rules speak where there are live facts. A rule is silent where a more specific one has spoken
    (`precedence`), unless that one is silenced. Where the account is known to differ from the plan, what the plan is
    free of is looked for there too.
    """
    reports = [*_found(subject, rules, silences)]
    planned = {report.rule.id for report in reports}
    standing = [rule for rule in rules if rule.id not in planned and not rule.is_live]
    reports.extend(_found_in_the_account(subject, standing, silences))
    loud = {report.rule.id for report in reports if report.silence is None}
    return tuple(report for report in reports if not loud.intersection(MORE_SPECIFIC.get(report.rule.id, ())))


def _found(subject: Subject, rules: Iterable[Rule], silences: Sequence[Silence]) -> Iterator[Report]:
    name = subject.setup.name
    for rule in rules:
        if subject.live is not None or not rule.is_live:
            for finding in rule.find(subject):
                yield Report(rule, finding, name, _reason(silences, rule, name))


def _found_in_the_account(
    subject: Subject, rules: Iterable[Rule], silences: Sequence[Silence]
) -> Iterator[Report]:
    """What was changed there by another hand; nothing before the plan was applied."""
    actual = None if subject.live is None else subject.live.setup
    if actual is None or actual == subject.setup or not (primaries(actual) and secondaries(actual)):
        return
    for report in _found(replace(subject, setup=actual, folder=None, live=None), rules, silences):
        text = f"{report.finding.text}; so in the account: the plan is sound, and `stillup apply` brings it there"
        yield replace(report, finding=replace(report.finding, text=text))


def lint_file(
    subjects: Sequence[Subject],
    rules: Sequence[Rule],
    silences: Sequence[Silence] = (),
    *,
    are_all: bool = True,
) -> tuple[Report, ...]:
    """What is found in failovers of a plan file, and in its silences if these `are_all` of them.

    | the silence's rule | its failover     | it has silenced | found |
    |--------------------|------------------|-----------------|-------|
    | unknown            | any              | –               | SU448 |
    | was not run        | any              | –               | –     |
    | was run            | any, or none     | something       | –     |
    | was run            | any, or none     | nothing         | SU449 |
    """
    reports = tuple(report for subject in subjects for report in lint(subject, rules, silences))
    run = {rule.id for rule in rules if not rule.is_live or any(each.live is not None for each in subjects)}
    if not are_all:
        return reports
    return (*reports, *_about_silences(silences, {rule.id for rule in rules}, run, reports))


def _about_silences(
    silences: Sequence[Silence], known: set[str], run: set[str], reports: Sequence[Report]
) -> Iterator[Report]:
    for at, silence in enumerate(silences):
        path = f"silence[{at}].rule"
        if silence.rule not in known:
            yield Report(su448_unknown_silence.RULE, Finding(f"there is no rule {silence.rule}", path))
        elif silence.rule in run and not any(_covers(silence, each.rule, each.failover) for each in reports):
            where = f" in {silence.failover}" if silence.failover is not None else ""
            yield Report(su449_idle_silence.RULE, Finding(f"{silence.rule} finds nothing{where}", path))


def _reason(silences: Sequence[Silence], rule: Rule, failover: str) -> str | None:
    return next((each.reason for each in silences if _covers(each, rule, failover)), None)


def _covers(silence: Silence, rule: Rule, failover: str | None) -> bool:
    return silence.rule == rule.id and silence.failover in (None, failover)

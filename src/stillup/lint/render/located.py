"""Where in the plan file a finding stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stillup.lint.finding import Severity
from stillup.lint.run import Report
from stillup.plan.file.read import Document


@dataclass(frozen=True, slots=True)
class Located:
    """A report, and the place that it is about."""

    report: Report
    file: str
    line: int
    column: int
    path: str
    """Within the file: `failovers[0].primary.check.path`."""


def locate(reports: Iterable[Report], document: Document) -> tuple[Located, ...]:
    """Each with its place; of what is not typed, the nearest thing around it."""
    found = []
    for report in reports:
        path = _path(report, document)
        place = document.place(path)
        found.append(Located(report, document.source, place.line, place.column, path))
    return tuple(found)


def count(found: Iterable[Located], severity: Severity) -> int:
    """How many of this severity are not silenced."""
    return sum(each.report.silence is None and each.report.rule.severity is severity for each in found)


def _path(report: Report, document: Document) -> str:
    within = report.finding.path
    if report.failover is None:
        return within or ""
    above = document.failover_path(report.failover)
    return f"{above}.{within}" if within is not None else above

"""Findings as JSON: the shape that programs may rely on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stillup.lint.finding import Rule, Severity
from stillup.lint.render.located import Located, count
from stillup.lint.sources import links


def as_data(found: Sequence[Located], *, unknown: Sequence[str] = ()) -> dict[str, Any]:
    """Silenced findings are listed too, with the reason. `unknown` is what `--live` could not learn."""
    return {
        "findings": [_finding(each) for each in found],
        "summary": {
            **{f"{severity.value}s": count(found, severity) for severity in Severity},
            "silenced": sum(each.report.silence is not None for each in found),
        },
        "unknown": list(unknown),
    }


def rule_as_data(rule: Rule) -> dict[str, Any]:
    """A rule of the catalogue."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "live": rule.is_live,
        "reason": rule.reason,
        "remedy": rule.remedy,
        "source": rule.source,
        "links": list(links(rule.source)),
    }


def _finding(each: Located) -> dict[str, Any]:
    rule = each.report.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "failover": each.report.failover,
        "file": each.file,
        "line": each.line,
        "column": each.column,
        "path": each.path,
        "text": each.report.finding.text,
        "reason": rule.reason,
        "remedy": rule.remedy,
        "source": rule.source,
        "links": list(links(rule.source)),
        "silenced": each.report.silence,
    }

"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stillup.lint.finding import Severity
from stillup.lint.render.located import Located
from stillup.plan.printable import printable

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_annotations(found: Sequence[Located]) -> str:
    """A line for each finding that is not silenced."""
    return "".join(_annotation(each) for each in found if each.report.silence is None)


def _annotation(each: Located) -> str:
    rule, finding = each.report.rule, each.report.finding
    properties = {
        "file": each.file,
        "line": str(each.line),
        "col": str(each.column),
        "title": f"{rule.id} {rule.title}",
    }
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    where = f"{each.report.failover}: " if each.report.failover else ""
    message = f"{where}{printable(finding.text)}\n{rule.reason}\n{rule.remedy}"
    return f"::{_COMMANDS[rule.severity]} {told}::{_data(message)}\n"


def _data(text: str) -> str:
    """As GitHub's runner reads it back: `%` first, since it begins the others."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""Findings as SARIF 2.1.0 (OASIS), which code scanning and editors read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from stillup.lint.finding import Rule
from stillup.lint.render.located import Located
from stillup.lint.sources import links

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(found: Sequence[Located], rules: Sequence[Rule], *, version: str) -> dict[str, Any]:
    """One run with all rules that were asked, and every finding; the silenced ones suppressed, with the reason.

    SARIF's levels are called as the severities are. Lines and columns begin at 1 (§3.30.5).
    """
    indices = {rule.id: at for at, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "stillup",
                        "semanticVersion": version,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, indices) for each in found],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    described = {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.title.replace("-", " ").split() if word.isalnum()),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.reason},
        "help": {
            "text": f"{rule.reason}\n\n{rule.remedy}\n\nSource: {rule.source}",
            "markdown": f"{rule.reason}\n\n**What to do.** {rule.remedy}\n\nSource: {rule.source}",
        },
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": ["live"] if rule.is_live else []},
    }
    pages = links(rule.source)
    return {**described, "helpUri": pages[0]} if pages else described


def _result(each: Located, indices: dict[str, int]) -> dict[str, Any]:
    report = each.report
    result = {
        "ruleId": report.rule.id,
        "ruleIndex": indices[report.rule.id],
        "level": report.rule.severity.value,
        "message": {"text": report.finding.text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(each.file)},
                    "region": {"startLine": each.line, "startColumn": each.column},
                },
                "logicalLocations": [{"fullyQualifiedName": each.path or "plan"}],
            }
        ],
        "partialFingerprints": {
            "stillup/v1": f"{report.rule.id}/{report.failover or ''}/{report.finding.path or ''}"
        },
    }
    if report.silence is not None:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": report.silence}]
    return result


def _uri(file: str) -> str:
    """Relative ones stay so: they are meant from the repository's root."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())

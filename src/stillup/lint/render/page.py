"""The catalogue as a page of the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stillup.lint.finding import Rule
from stillup.lint.sources import links

GROUPS: Final = (
    ("0", "Records, TTL, zone, alias"),
    ("1", "Health checks"),
    ("2", "Standby, bucket, site"),
    ("3", "Alert, alarm, topic"),
    ("4", "Operations, and the plan file itself"),
)
"""By the first digit of the rules' numbers."""


def as_page(rules: Sequence[Rule]) -> str:
    """A table for each group of rules, in Markdown."""
    lines = []
    for digit, title in GROUPS:
        lines += [
            f"## {title}",
            "",
            "| rule | | finds | why | what to do | source |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(rule) for rule in rules if rule.id[2] == digit]
        lines.append("")
    return "\n".join(lines)


def _source(rule: Rule) -> str:
    """The source, and its pages by number."""
    numbered = (f"[{at}]({link})" for at, link in enumerate(links(rule.source), 1))
    return " ".join((rule.source, *numbered))


def _row(rule: Rule) -> str:
    live = ", `--live`" if rule.is_live else ""
    cells = (
        f"`{rule.id}`",
        f"{rule.severity}{live}",
        rule.title,
        rule.reason,
        rule.remedy,
        _source(rule),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

"""Findings for people: grouped by failover, each with its reason, what to do, and where that is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from stillup.lint.finding import Rule, Severity
from stillup.lint.render.located import Located, count
from stillup.lint.sources import links
from stillup.plan.printable import printable


def as_text(found: Sequence[Located], *, failovers: int, rules: int) -> str:
    """All that is not silenced, and a line that sums up."""
    loud = [each for each in found if each.report.silence is None]
    lines = []
    for name, group in groupby(loud, key=lambda each: each.report.failover):
        lines.append(name or "the plan file")
        for each in group:
            lines += _finding(each)
        lines.append("")
    return "\n".join([*lines, _summary(found, failovers, rules)]) + "\n"


def as_explanation(rule: Rule) -> str:
    """Everything about one rule."""
    lines = [
        f"{rule.id} {rule.title} ({rule.severity}{', with --live' if rule.is_live else ''})",
        "",
        f"  Why     {rule.reason}",
        f"  Do      {rule.remedy}",
        f"  Source  {rule.source}",
        *(f"          {link}" for link in links(rule.source)),
    ]
    for title, example in (("Found in", rule.fails), ("Not found in", rule.passes)):
        if example.plan:
            lines += ["", f"  {title}", "", *(f"    {line}" for line in example.plan.splitlines())]
            for key, content in example.files.items():
                lines += ["", f"    # {key}", *(f"    {line}" for line in content.splitlines())]
    if not rule.fails.plan:
        lines += ["", "  A plan file cannot show it; `stillup import` finds it in an account."]
    return "\n".join(lines) + "\n"


def as_list(rules: Sequence[Rule]) -> str:
    """A line for each rule."""
    return "".join(
        f"{rule.id}  {rule.severity:7}  {'live' if rule.is_live else '    '}  {rule.title}\n"
        for rule in rules
    )


def _finding(each: Located) -> Iterator[str]:
    rule = each.report.rule
    found = printable(each.report.finding.text)
    yield f"  {printable(each.file)}:{each.line}: {rule.severity} {rule.id} {rule.title}: {found}"
    yield f"      Why: {rule.reason}"
    yield f"      Do:  {rule.remedy}"
    yield f"      See: {rule.source}; stillup lint --explain {rule.id}"


def _summary(found: Sequence[Located], failovers: int, rules: int) -> str:
    counts = [(count(found, severity), severity.value) for severity in Severity]
    parts = ", ".join(_number(number, word) for number, word in counts if number)
    silenced = sum(each.report.silence is not None for each in found)
    in_all = f"in {_number(failovers, 'failover')}, by {_number(rules, 'rule')}"
    return f"{parts or 'Nothing found'} {in_all}{f'; {silenced} silenced' if silenced else ''}."


def _number(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"

"""The report as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from stillup.drill.report import wording
from stillup.drill.timeline import Drill
from stillup.plan.printable import printable

WIDTH: Final = 80
"""Letters in a line."""


def render(drill: Drill) -> str:
    """The report, ending with a newline; no control codes."""
    return "".join(f"{printable(line)}\n" for line in _lines(drill))


def _lines(drill: Drill) -> Iterator[str]:
    yield f"Drill of {drill.failover}: {wording.verdict(drill)}"
    yield f"{drill.method}, {wording.began(drill)}"
    yield ""
    for problem in drill.problems:
        yield from _wrapped(f"! {problem}", "  ")
    if drill.problems:
        yield ""
    yield wording.outage(drill)
    yield ""
    rows = [(each.name, wording.seconds(each.seconds), wording.span(each.predicted)) for each in drill.phases]
    yield from _table([("phase", "measured", "predicted"), *rows])
    for each in drill.phases:
        if each.remark:
            yield from _wrapped(f"{each.name}: {each.remark}", "  ")
    yield ""
    for at, who, what in wording.events(drill):
        yield from _wrapped(f"{at:8.1f} s  {who}: {what}", " " * 12)


def _wrapped(text: str, indent: str) -> list[str]:
    """Within the width; an address that is longer stays whole."""
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    first, second = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    return (f"{row[0]:{first}}  {row[1]:{second}}  {row[2]}".rstrip() for row in rows)

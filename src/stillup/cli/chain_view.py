"""How chains look: a table line, the whole story, JSON. For people at 2 AM: what matters first, 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from stillup.plan.chain.link import Agreement, Chain, Link, Since, Target
from stillup.plan.moments import clock, instant, stretch
from stillup.plan.printable import printable

_MARKS: Final[Mapping[Agreement, tuple[str, str]]] = {
    Agreement.AGREES: ("✓", "green"),
    Agreement.DIFFERS: ("✗", "bold red"),
    Agreement.UNKNOWN: ("·", "yellow"),
}
_STYLES: Final[Mapping[Target, str]] = {Target.PRIMARY: "bold green"}
_HEADS: Final = ("NAME", "VISITORS GET", "SINCE (UTC)", "CHECKERS", "ALARM", "TOLD")
_INDENT: Final = 4
_UNLIMITED: Final = 10_000
"""Columns, where nobody looks at a terminal: lines stay whole."""


def width_of(console: Console) -> int:
    """Columns that lines may have."""
    return console.width if console.is_terminal else _UNLIMITED


def table(chains: Sequence[Chain]) -> Text:
    """A line for each failover, and under them what is not as it should be."""
    rows = [_HEADS, *(_row(each) for each in chains)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    shown = Text()
    for row, chain in zip(rows, [None, *chains], strict=True):
        for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
            style = _cell_style(chain, column)
            shown.append(cell if column == len(row) - 1 else f"{cell:<{width}}  ", style)
        shown.append("\n")
    return shown


def _row(chain: Chain) -> tuple[str, ...]:
    checkers = "–" if chain.checkers is None else f"{chain.checkers_healthy}/{chain.checkers}"
    alarms = ", ".join(dict.fromkeys(state for _, state in chain.alarm_states)) or "–"
    told = f"{len(chain.told)}" + (f", {len(chain.pending)} pending" if chain.pending else "")
    return (chain.failover, str(chain.visitors_get), _short(chain.since, chain.now), checkers, alarms, told)


def _short(since: Since, now: float) -> str:
    if since.at is None:
        return "unknown"
    ago = stretch(now - since.at)
    return f"over {ago}" if since.is_earliest_known else f"{clock(since.at, now=now)} ({ago})"


def _cell_style(chain: Chain | None, column: int) -> str:
    if chain is None:
        return "bold"
    if column == 1:
        return _STYLES.get(chain.visitors_get, "bold red")
    return "bold red" if column == 4 and any(state == "ALARM" for _, state in chain.alarm_states) else ""


def problems(chains: Iterable[Chain], width: int) -> Text:
    """What is not as it should be, and what could not be known; nothing where all is well."""
    shown = Text()
    for chain in chains:
        for each in chain.problems:
            shown.append(_wrapped(f"{chain.failover}: {each}", width, "✗ ", "  "), "red")
        for each in chain.unknown:
            shown.append(_wrapped(f"{chain.failover}: not known: {each}", width, "· ", "  "), "yellow")
    return shown


def story(chain: Chain, width: int) -> Text:
    """The whole chain, a paragraph for each link."""
    shown = Text()
    where = f" ({', '.join(chain.where)})" if chain.where else ""
    style = _STYLES.get(chain.visitors_get, "bold red")
    shown.append(f"{chain.failover}: {_visitors_get(chain.visitors_get)}{printable(where)}\n", style)
    shown.append(_wrapped(_since_words(chain.since, chain.now), width, "", ""))
    for each in chain.links:
        shown.append("\n")
        shown.append_text(_paragraph(each, width))
    if chain.problems or chain.unknown:
        shown.append("\n")
        shown.append_text(problems([chain], width))
    shown.append("\n✓ seen and derived agree   ✗ they differ   · one of both is not known\n", "dim")
    return shown


def _visitors_get(target: Target) -> str:
    if target is Target.UNKNOWN:
        return "what visitors get is not known"
    return f"visitors get {'the ' if target in (Target.PRIMARY, Target.STANDBY) else ''}{target}"


def _since_words(since: Since, now: float) -> str:
    if since.at is None:
        return f"since when is not known: {since.source}"
    ago = stretch(now - since.at)
    if since.is_earliest_known:
        return f"for {ago} at least; what was before is not known ({since.source})"
    return f"since {clock(since.at, now=now)} UTC, {ago} ago ({since.source})"


def _paragraph(link: Link, width: int) -> Text:
    mark, style = _MARKS[link.agreement]
    about = f" {link.about}" if link.about else ""
    shown = Text(f"{mark} ", style)
    shown.append(f"{link.stage.upper()}{printable(about)}\n", "bold")
    pad = " " * _INDENT
    shown.append(_wrapped(link.follows, width, pad, pad))
    for each in link.seen:
        shown.append(_wrapped(each, width, f"{pad}seen  ", f"{pad}      "), "cyan")
    if link.rule:
        source = f" [{link.source}]" if link.source else ""
        shown.append(_wrapped(f"{link.rule}{source}", width, f"{pad}rule  ", f"{pad}      "), "dim")
    if link.cause:
        word = "why   " if link.agreement is Agreement.DIFFERS else "note  "
        shown.append(_wrapped(link.cause, width, pad + word, f"{pad}      "), style)
    return shown


def _wrapped(text: str, width: int, first: str, following: str) -> str:
    lines = textwrap.wrap(
        printable(text), width, initial_indent=first, subsequent_indent=following, break_on_hyphens=False
    )
    return "\n".join(lines) + "\n"


def as_json(chain: Chain) -> dict[str, Any]:
    """The chain as plain values; instants in ISO 8601."""
    told = asdict(chain)
    told["now"] = instant(chain.now)
    told["since"]["at"] = None if chain.since.at is None else instant(chain.since.at)
    told["alarm_states"] = dict(chain.alarm_states)
    told["is_well"] = chain.is_well
    return dict(_kebab(told))


def _kebab(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        yield key.replace("_", "-"), _plain(each) if key != "alarm_states" else each


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return dict(_kebab(value))
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value

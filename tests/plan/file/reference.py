"""The tables of docs/reference/plan-file.md, from the JSON Schema. `python -m tests.plan.file.reference` rewrites them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from stillup.plan.file.schema import json_schema

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "plan-file.md"
BEGIN, END = "<!-- keys -->\n", "<!-- end of keys -->\n"
SECTIONS = {
    "PlanFile": "The file",
    "Where": "where",
    "Failover": "failovers",
    "Primary": "primary",
    "Check": "check",
    "Standby": "standby",
    "Alias": "alias",
    "Alert": "alert",
    "AlarmSettings": "alarm",
    "Failback": "failback",
    "Rehearsal": "drill",
    "Silence": "silence",
}
"""By class, in the order in which somebody reads them."""


def tables() -> str:
    """A table for each part of the file: every key, what it takes, what holds without it."""
    schema = json_schema()
    parts = {"PlanFile": schema, **schema["$defs"]}
    assert parts.keys() == SECTIONS.keys()
    return "\n".join(_table(title, parts[name]) for name, title in SECTIONS.items())


def _table(title: str, part: dict[str, Any]) -> str:
    heading = title if title == "The file" else f"`{title}`"
    about = [] if title == "The file" else [_line(part["description"]), ""]
    needed = part.get("required", ())
    rows = [
        f"| `{key}` | {_takes(each)} | {_without(each, is_needed=key in needed)} | {_cell(each['description'])} |"
        for key, each in part["properties"].items()
    ]
    head = ["| key | takes | without it | |", "|---|---|---|---|"]
    return "\n".join([f"## {heading}", "", *about, *head, *rows, ""])


def _takes(about: dict[str, Any]) -> str:
    match about:
        case {"$ref": ref}:
            title = SECTIONS[str(ref).rpartition("/")[2]]
            return f"[{title}](#{title})"
        case {"enum": words}:
            return ", ".join(f"`{word}`" for word in words)
        case {"const": value}:
            return f"`{json.dumps(value)}`"
        case {"type": "array", "items": items}:
            return f"list of {_takes(items)}"
        case {"anyOf": choices} | {"oneOf": choices}:
            return _choice(choices)
        case {"type": "integer"}:
            return _number(about)
        case {"type": "boolean"}:
            return "`true`, `false`"
        case {"type": kind}:
            return {"string": "text"}.get(str(kind), str(kind))
    raise AssertionError(about)


def _choice(choices: list[dict[str, Any]]) -> str:
    if {each.get("format") for each in choices} == {"ipv4", "ipv6"}:
        return "address"
    kinds = {each.get("type") for each in choices}
    if kinds == {"number", "string"}:
        return "duration"
    return " or ".join(_takes(each) for each in choices)


def _number(about: dict[str, Any]) -> str:
    low, high = about.get("minimum"), about.get("maximum")
    if low is None and high is None:
        return "number"
    return f"{low} … {high}" if high is not None else f"{low} or more"


def _without(about: dict[str, Any], *, is_needed: bool) -> str:
    if is_needed:
        return "**needed**"
    default = about.get("default")
    if default is None:
        return ""
    if isinstance(default, float):
        return f"`{default:g}`"
    if isinstance(default, list):
        return f"`[{', '.join(default)}]`"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def rewritten(page: str) -> str:
    """The page with the tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

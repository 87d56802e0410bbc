"""The config file: every value with the line that says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stillup.engine.config.serve import Problem


@dataclass(frozen=True, slots=True)
class Given:
    raw: object
    where: str


@dataclass(frozen=True, slots=True)
class Row:
    """One `[[table]]` of the config file."""

    where: str
    given: Mapping[str, Given]


_HEADING: Final = re.compile(r"^\s*\[+\s*([^\]\s]+)\s*\]+")
_ASSIGNMENT: Final = re.compile(r"""^\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")


def spelled(name: str) -> str:
    return name.replace("_", "-")


def read_toml(path: Path, read_file: Callable[[Path], str]) -> dict[str, Given] | Problem:
    try:
        text = read_file(path)
        document = tomllib.loads(text)
    except OSError as wrong:
        return Problem(f"--config {path}", wrong.strerror or str(wrong))
    except ValueError as wrong:  # not UTF-8, or not TOML
        return Problem(f"--config {path}", f"is no TOML in UTF-8: {wrong}")
    lines = _lines(text)

    def where(key: str, table: str = "", nth: int = 0) -> str:
        line = lines.get((table, nth, key))
        return ": ".join([f"{path}:{line}" if line else str(path), *([f"{table} {nth}"] if table else [])])

    def given(raw: object, key: str, table: str = "", nth: int = 0) -> Given:
        return Given(raw, f"{where(key, table, nth)}: {key}")

    def row(raw: object, table: str, nth: int) -> object:
        if not isinstance(raw, dict):
            return raw
        said = {spelled(key): given(value, key, table, nth) for key, value in raw.items()}
        return Row(where("", table, nth), said)

    return {
        spelled(key): given(
            [row(item, key, nth) for nth, item in enumerate(raw, 1)] if isinstance(raw, list) else raw, key
        )
        for key, raw in document.items()
    }


def _lines(text: str) -> dict[tuple[str, int, str], int]:
    """The line of each heading (key "") and each plain `key =`, by table and the table's number."""
    found: dict[tuple[str, int, str], int] = {}
    counts = {"": 0}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.match(line):
            table = heading[1]
            counts[table] = counts.get(table, 0) + 1
            found[table, counts[table], ""] = number
        elif assignment := _ASSIGNMENT.match(line):
            found.setdefault((table, counts[table], assignment[1]), number)
    return found

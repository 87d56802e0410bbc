"""A plan file's text, as a person would type it: in the order of the classes, what is usual left out."""

from __future__ import annotations

from typing import Any, Final

import yaml

from stillup.plan.file.nodes import FLOAT, INT
from stillup.plan.file.plan_file import PlanFile

_WIDE: Final = 1000
"""Columns; no line is broken before."""


class _Dumper(yaml.SafeDumper):
    """PyYAML's, but that lists are indented, lists of plain values stand in one line, and text that this program
    reads as a number is quoted even where YAML 1.1 takes it for text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002  its signature
        super().increase_indent(flow, indentless=False)


def _list(dumper: _Dumper, values: list[Any]) -> yaml.Node:
    is_plain = not any(isinstance(each, dict | list) for each in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_plain)


_Dumper.add_representer(list, _list)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", INT, list("-+0123456789"))


def render_plan(plan: PlanFile) -> str:
    """YAML that `read_plan` reads as this very plan. Defaults are left out, durations are `3m`."""
    typed = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.dump(
        typed, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=_WIDE
    )

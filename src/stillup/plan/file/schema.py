"""The plan file's JSON Schema, made from its classes, so that editors complete and check what is typed."""

from __future__ import annotations

from typing import Any, Final

from stillup.plan.file.plan_file import PlanFile

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ID: Final = "urn:stillup:plan:1"
"""A name, not an address: the schema is printed by `stillup schema` and need not be fetched from anywhere."""


def json_schema() -> dict[str, Any]:
    """What it accepts `read_plan` may still refuse: a schema cannot say what makes no sense together."""
    made = _tidy(PlanFile.model_json_schema(by_alias=True))
    made.pop("title", None)
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": "A plan file of stillup",
        **made,
    }


def _tidy(schema: Any, *, is_names: bool = False) -> Any:
    """Without what only repeats the key (`title`), and without null, which no plan file may hold.

    `is_names`: the keys of this mapping are names of properties, not words of JSON Schema.
    """
    if isinstance(schema, list):
        return [_tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if is_names:
        return {name: _tidy(each) for name, each in schema.items()}
    kept = {
        key: _tidy(each, is_names=key in ("properties", "$defs"))
        for key, each in schema.items()
        if key not in ("title", "discriminator") and not (key == "default" and _says_nothing(each))
    }
    choices = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1 and "anyOf" in kept:
        kept.pop("anyOf")
        return choices[0] | kept
    return kept | ({"anyOf": choices} if choices else {})


def _says_nothing(default: Any) -> bool:
    """Absence, or a part whose own keys tell their defaults."""
    return default is None or default == [] or isinstance(default, dict)

"""The JSON Schema and the reader agree, and the shipped copy is the one that the classes make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from stillup.plan.file.read import Document, read_plan
from stillup.plan.file.schema import json_schema
from tests.plan.file.plans import Typed, plans

SHIPPED = Path(__file__).parents[3] / "docs" / "reference" / "plan.schema.json"
VALIDATOR = Draft202012Validator(json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
SOUND: Typed = {
    "version": 1,
    "failovers": [
        {
            "name": "www.example.com",
            "zone": "example.com",
            "primary": {"address": "203.0.113.10", "check": {"path": "/health"}},
            "standby": {"folder": "maintenance"},
        }
    ],
}


def test_the_shipped_schema_is_the_one_that_the_classes_make() -> None:
    """If it fails: `stillup schema > docs/reference/plan.schema.json`."""
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == json_schema()


def test_it_is_a_schema_with_a_word_on_every_key() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    for part in (schema, *schema["$defs"].values()):
        for key, about in part["properties"].items():
            assert "description" in about, key
    assert "null" not in json.dumps(schema)


@pytest.mark.slow
@settings(max_examples=20)
@given(plans)
def test_what_the_reader_takes_the_schema_takes(typed: Typed) -> None:
    assert isinstance(read_plan(json.dumps(typed, ensure_ascii=False), source="x"), Document)
    assert not [each.message for each in VALIDATOR.iter_errors(typed)]


def replaced(path: str, value: Any) -> Typed:
    """The sound plan with another value there; None takes it away."""
    typed: Typed = json.loads(json.dumps(SOUND))
    where: Any = typed if path.startswith(("version", "failovers", "where")) else typed["failovers"][0]
    *way, last = path.split(".")
    for key in way:
        where = where.setdefault(key, {})
    where[last] = value
    if value is None:
        del where[last]
    return typed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("version", None),
        ("failovers", []),
        ("name", None),
        ("name", 5),
        ("zone", None),
        ("primary", None),
        ("standby", []),
        ("ttl", "60"),
        ("ttl", -1),
        ("ttl", 1.5),
        ("budget", "soon"),
        ("failback", "never"),
        ("failback", {"aftr": "3m"}),
        ("unknown", 1),
        ("primary.address", "203.0.113.300"),
        ("primary.addresses", "203.0.113.10"),
        ("primary.check.port", "80"),
        ("primary.check.port", 0),
        ("primary.check.type", "ftp"),
        ("primary.check.sni", "yes"),
        ("primary.check.verify_tls", True),
        ("primary.instances", ["web"]),
        ("standby.region", "Ireland"),
        ("alert.emails", ["nobody"]),
        ("alert.alarm.statistic", "Mean"),
        ("drill.method", "hammer"),
        ("where.endpoint-url", "127.0.0.1:4566"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(path: str, value: Any) -> None:
    typed = replaced(path, value)
    assert list(VALIDATOR.iter_errors(typed))
    assert not isinstance(read_plan(yaml.safe_dump(typed), source="x"), Document)

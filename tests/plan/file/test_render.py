"""A plan that is written reads as the same plan, and reads well."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from stillup.plan.file.plan_file import PlanFile
from stillup.plan.file.read import Document, read_plan
from stillup.plan.file.render import render_plan
from tests.plan.file.plans import Typed, plans


@pytest.mark.slow
@settings(max_examples=20)
@given(plans)
def test_what_is_written_reads_as_it_was(typed: Typed) -> None:
    plan = PlanFile.model_validate(typed)
    again = read_plan(render_plan(plan), source="written")
    assert isinstance(again, Document), [str(each) for each in again]
    assert again.plan == plan


def test_it_is_what_a_person_would_type() -> None:
    plan = PlanFile.model_validate(
        {
            "version": 1,
            "where": {"region": "us-east-1"},
            "failovers": [
                {
                    "name": "*.example.com",
                    "zone": "example.com",
                    "primary": {
                        "address": "203.0.113.10",
                        "check": {"path": "/health", "interval": 10, "failures": 3},
                    },
                    "standby": {"folder": "maintenance", "bucket": "www.example.com"},
                    "alert": {"emails": ["oncall@example.com"]},
                    "budget": 180,
                }
            ],
        }
    )
    assert render_plan(plan) == (
        "version: 1\n"
        "failovers:\n"
        "  - name: '*.example.com'\n"
        "    zone: example.com\n"
        "    primary:\n"
        "      address: 203.0.113.10\n"
        "      check:\n"
        "        path: /health\n"
        "        interval: 10s\n"
        "    standby:\n"
        "      folder: maintenance\n"
        "      bucket: www.example.com\n"
        "    alert:\n"
        "      emails: [oncall@example.com]\n"
        "    budget: 3m\n"
    )

"""A plan from a few answers, and whose fault it is where it is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stillup.plan.file.outline import Answers, outline, usual_zone
from stillup.plan.file.plan_file import PlanFile

SOUND = Answers(name="www.example.com", primary=("203.0.113.10",), standby="maintenance")


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("www.example.com", "example.com"),
        ("WWW.Example.Com.", "example.com"),
        ("www.shop.example.com", "example.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("www.example.io", "example.io"),
        ("example.com", "example.com"),
    ],
)
def test_the_usual_zone_is_what_its_owner_registered(name: str, zone: str) -> None:
    assert usual_zone(name) == zone


def test_one_address_several_or_a_name() -> None:
    for primary, filled in (
        (("203.0.113.10",), "address"),
        (("203.0.113.10", "2001:db8::1"), "addresses"),
        (("server.example.net",), "name"),
    ):
        plan = outline(replace(SOUND, primary=primary))
        assert isinstance(plan, PlanFile)
        assert plan.failovers[0].primary.model_fields_set == {filled, "check"}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("name", "not a name"),
        ("zone", "not a zone"),
        ("primary", ("203.0.113.300",)),
        ("primary", ("www.example.com",)),
        ("primary", ("203.0.113.10", "server.example.net")),
        ("type", "ftp"),
        ("port", 70_000),
        ("path", "/" * 300),
        ("interval", "soon"),
        ("ttl", -1),
        ("emails", ("nobody",)),
        ("webhooks", ("ftp://example.com",)),
        ("budget", "soon"),
        ("region", "Ireland"),
        ("endpoint_url", "127.0.0.1:4566"),
    ],
)
def test_an_answer_that_makes_no_sense_is_blamed(answer: str, value: Any) -> None:
    blames = outline(replace(SOUND, **{answer: value}))
    assert not isinstance(blames, PlanFile)
    assert [each.answer for each in blames] == [answer]

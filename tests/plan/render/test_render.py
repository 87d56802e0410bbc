"""A Plan as people and programs read it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stillup.plan.difference import difference
from stillup.plan.make import Knowledge, Wish, make_plan
from stillup.plan.render import Tone, as_json, as_markdown, as_text, lines
from stillup.plan.setup import Setup, StoredObject
from stillup.plan.step import Action, Kind, Plan
from tests.plan.folding import NOTHING, carried_out
from tests.plan.typed import asked, typed

PAGE = Path(__file__).parents[3] / "docs/reference/plan-json.md"


def planned(wanted: Setup, actual: Setup = NOTHING, **wish: bool) -> Plan:
    return make_plan(wanted, actual, Wish(**wish), Knowledge())


ACCOUNT = carried_out(difference(asked(), NOTHING))
NEW_CHECK = asked(typed(primary={"address": "203.0.113.10", "check": {"interval": "10s"}}, ttl=30))
REFUSED = planned(asked(typed(primary={"address": "203.0.113.10"})))


def test_a_change_is_read_from_its_signs() -> None:
    text = as_text(planned(NEW_CHECK, ACCOUNT))
    assert "  -/+ check/primary HTTP 203.0.113.10 port 80\n" in text
    assert "          RequestInterval: 30 -> 10\n" in text
    assert "    ~ record/A/PRIMARY 203.0.113.10\n" in text
    assert re.search(r"^    - check/check-\d+ ", text, re.MULTILINE)
    assert text.endswith("Plan: 1 to update, 1 to replace, 1 to delete.\n")


def test_a_new_set_up_says_what_it_opens_what_to_expect_and_what_is_paid_for() -> None:
    text = as_text(planned(asked()))
    assert "BlockPublicPolicy: true -> false" in text
    assert "! Everybody on the Internet may read every object in this bucket." in text
    assert re.search(r"detection +60 s +85 s +109 s +~90 sec", text)
    assert "Paid for: 1 x S3 bucket" in text


def test_nothing_to_do_is_said_in_so_many_words() -> None:
    plan = planned(asked(), ACCOUNT)
    assert as_text(plan).endswith("\nNothing to do.\n")
    assert as_markdown(plan).endswith("**Nothing to do.**\n")
    assert as_json(plan)["changes"] == 0


def test_refusals_come_last_with_their_remedy() -> None:
    text = as_text(REFUSED)
    assert "Refused (primary-without-check): The primary of www.example.com has no health check" in text
    assert text.endswith("Refused: nothing is changed.\n")
    assert "- **primary-without-check**: " in as_markdown(REFUSED)
    assert as_json(REFUSED)["refused"] is True


def test_every_line_has_the_tone_of_its_sign() -> None:
    tones = {
        line.text.split()[0]: line.tone
        for line in lines(planned(NEW_CHECK, ACCOUNT))
        if line.text[2:5].strip()
    }
    assert (tones["-/+"], tones["~"], tones["-"]) == (Tone.CHANGE, Tone.CHANGE, Tone.DELETE)


HOSTILE = "\x1b[2Jgone\n```\n# <img src=x>|`.html"


@pytest.fixture
def hostile() -> Plan:
    """A bucket that holds what somebody else put there."""
    assert ACCOUNT.bucket is not None
    objects = {**ACCOUNT.bucket.objects, HOSTILE: StoredObject(HOSTILE, "aa", 1)}
    return planned(asked(), replace(ACCOUNT, bucket=replace(ACCOUNT.bucket, objects=objects)))


def test_what_an_account_holds_gives_a_terminal_no_orders(hostile: Plan) -> None:
    for form in (as_text(hostile), as_markdown(hostile)):
        assert "\x1b" not in form
        assert "\\x1b[2Jgone" in form
    fences = [line for line in as_markdown(hostile).splitlines() if line.startswith("```")]
    assert fences == ["```diff", "```"]
    assert (
        json.loads(json.dumps(as_json(hostile)))["failovers"][0]["steps"][0]["address"] == f"object/{HOSTILE}"
    )


def test_the_reference_shows_the_document_as_it_is() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert json.loads(example) == as_json(planned(asked(typed(ttl=5)), ACCOUNT))


def test_the_reference_has_every_key_action_and_kind() -> None:
    page = PAGE.read_text()
    for word in (*keys(as_json(planned(asked()))), *Action, *Kind):
        assert f"`{word}`" in page or f'"{word}"' in page


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys(each)}
    return {key for each in value for key in keys(each)} if isinstance(value, list) else set()

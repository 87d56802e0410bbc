"""The reference page tells every key, and what it shows reads."""

from __future__ import annotations

import re

from stillup.plan.file.read import Document, read_plan
from tests.plan.file.reference import PAGE, rewritten

TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = [
    block for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if block.startswith("version")
]


def test_its_tables_are_those_of_the_classes() -> None:
    """If it fails: `python -m tests.plan.file.reference`."""
    assert rewritten(TEXT) == TEXT


def test_its_examples_read() -> None:
    assert len(EXAMPLES) == 2
    for example in EXAMPLES:
        document = read_plan(example, source="plan-file.md")
        assert isinstance(document, Document), [str(each) for each in document]


def test_the_first_one_fits_in_fifteen_lines() -> None:
    assert len(EXAMPLES[0].splitlines()) <= 15


def test_a_misspelt_key_is_told_as_the_page_shows() -> None:
    errors = read_plan(EXAMPLES[0].replace("path:", "pth:"), source="stillup.yaml")
    assert not isinstance(errors, Document)
    assert [f"stillup.yaml:{each}" for each in errors] == re.findall(
        r"^stillup\.yaml:\d.*", TEXT, re.MULTILINE
    )

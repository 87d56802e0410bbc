"""The reference page on lint is the catalogue, and its example lints as it says."""

from __future__ import annotations

import re
from pathlib import Path

from stillup.cli.lint import Format, Threshold
from stillup.lint.catalogue import RULES
from stillup.lint.render.page import as_page
from tests.lint.subjects import lint_text

PAGE = Path(__file__).parents[2] / "docs/reference/lint.md"


def test_the_page_has_the_rules_as_they_are() -> None:
    """Written by `python -m tests.lint.test_page` when rules change."""
    assert PAGE.read_text().partition("\n# Rules\n")[2].endswith(as_page(RULES))


def test_the_pages_example_of_a_silence_is_a_plan_in_which_one_finding_is_silenced() -> None:
    example = re.findall(r"```yaml\n(version: 1\n.*?)```", PAGE.read_text(), re.DOTALL)[0]

    assert [(each.rule.id, bool(each.silence)) for each in lint_text(example)] == [("SU001", True)]


def test_the_page_has_every_format_and_threshold() -> None:
    text = PAGE.read_text().partition("\n# Rules\n")[0]

    assert all(f"`{each.value}`" in text for each in (*Format, *Threshold))


if __name__ == "__main__":
    before = PAGE.read_text().partition("\n## Records")[0]
    PAGE.write_text(f"{before}\n{as_page(RULES)}")

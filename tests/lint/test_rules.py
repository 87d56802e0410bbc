"""Every rule by its own examples, over all rules at once: one fault, one finding; where all is well, silence."""

from __future__ import annotations

import pkgutil
import re

import pytest

from stillup.lint import rules, rules_live
from stillup.lint.catalogue import RULES
from stillup.lint.finding import Rule
from stillup.lint.precedence import MORE_SPECIFIC
from stillup.lint.sources import links
from tests.lint.subjects import lint_example, loud

BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_failing_example_gives_exactly_its_rule(rule: Rule) -> None:
    assert loud(lint_example(rule.fails)) == [rule.id]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_passing_example_gives_silence(rule: Rule) -> None:
    assert loud(lint_example(rule.passes)) == []


def test_every_rule_is_listed_under_an_id_of_its_own() -> None:
    files = [
        each.name.partition("_")[0].upper()
        for folder in (rules, rules_live)
        for each in pkgutil.iter_modules(folder.__path__)
        if re.match(r"su\d{3}_", each.name)
    ]

    assert sorted(files) == [rule.id for rule in RULES] == sorted(BY_ID)


def test_a_rule_says_why_where_from_and_what_to_do_in_whole_sentences() -> None:
    for rule in RULES:
        assert all((rule.title, rule.source)), rule.id
        assert rule.reason.endswith((".", "!")), rule.id
        assert rule.remedy.endswith("."), rule.id
        assert not rule.title.endswith("."), rule.id


def test_every_fact_and_page_that_a_source_names_leads_to_a_page() -> None:
    for rule in RULES:
        named = re.findall(
            r"\b(?:HC|RT|AL|S3|CW|SN)-\d+|(?:table|semantics) \d[\d.a-l]*|RFC \d+|DG:|S3UG:", rule.source
        )

        assert all(links(each) for each in named if not each.endswith(":") and each != "semantics 8.14"), (
            rule.id
        )
        assert links(rule.source) or not named, rule.id


def test_no_two_rules_have_the_same_title() -> None:
    titles = [rule.title for rule in RULES]

    assert sorted(set(titles)) == sorted(titles)


def test_precedence_names_rules_that_exist_and_never_turns_in_a_circle() -> None:
    named = {*MORE_SPECIFIC, *(each for others in MORE_SPECIFIC.values() for each in others)}
    assert named <= set(BY_ID)

    def _above(rule: str, seen: tuple[str, ...] = ()) -> None:
        assert rule not in seen
        for each in MORE_SPECIFIC.get(rule, ()):
            _above(each, (*seen, rule))

    for rule in MORE_SPECIFIC:
        _above(rule)

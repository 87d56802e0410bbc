"""Every live rule: what it finds, and where it is silent. All rules together: tests/lint/test_rules.py."""

from __future__ import annotations

import pkgutil
from dataclasses import replace

import pytest
import yaml

import stillup.lint.rules_live as folder
from stillup.lint.catalogue import STATIC_RULES
from stillup.lint.finding import Example, Finding, Rule
from stillup.lint.live import Live
from stillup.lint.rules_live.catalogue import LIVE_RULES
from stillup.lint.rules_live.worked import HELD, NOW
from stillup.lint.subject import Subject
from stillup.plan.desired import desired
from stillup.plan.file.plan_file import PlanFile

MODULES = sorted(each.name for each in pkgutil.iter_modules(folder.__path__) if each.name.startswith("su"))


def _subject(example: Example, live: object) -> Subject:
    plan = PlanFile.model_validate(yaml.safe_load(example.plan))
    [failover] = plan.failovers
    assert live is None or isinstance(live, Live)
    files = {key: text.encode() for key, text in example.files.items()} or None
    return Subject(desired(failover, plan.where), failover, plan.where, files, live)


def _found(rule: Rule, example: Example, live: object) -> list[Finding]:
    return list(rule.find(_subject(example, live)))


@pytest.mark.parametrize("rule", LIVE_RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_fault_once(rule: Rule) -> None:
    assert len(_found(rule, rule.fails, rule.fails.live)) == 1
    assert rule.is_live


@pytest.mark.parametrize("rule", LIVE_RULES, ids=lambda rule: rule.id)
def test_a_rule_is_silent_where_all_is_well(rule: Rule) -> None:
    assert _found(rule, rule.passes, rule.passes.live) == []


@pytest.mark.parametrize("live", [None, Live(NOW), Live(NOW, setup=HELD)], ids=["offline", "blind", "bare"])
def test_a_rule_is_silent_about_what_is_not_known(live: Live | None) -> None:
    assert [rule.id for rule in LIVE_RULES if _found(rule, rule.fails, live)] == []


@pytest.mark.parametrize("rule", LIVE_RULES, ids=lambda rule: rule.id)
def test_no_other_rule_finds_the_fault_again_in_the_account_itself(rule: Rule) -> None:
    """As `import` looks at it: the account's set-up is under judgement, and what the plan says is what there is."""
    subject = _subject(rule.fails, rule.fails.live)
    live = subject.live
    if live is None or live.setup is None:
        return
    both = replace(subject, setup=live.setup)
    static = [each.id for each in STATIC_RULES if list(each.find(both))]
    sound = [each.id for each in STATIC_RULES if list(each.find(replace(subject, setup=HELD)))]
    found = [*([rule.id] if list(rule.find(both)) else []), *(each for each in static if each not in sound)]

    assert len(found) == 1


def test_every_file_is_in_the_catalogue_under_its_id() -> None:
    assert [rule.id.lower() for rule in LIVE_RULES] == [name.partition("_")[0] for name in MODULES]

"""What is silenced, and what is said about silences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillup.lint.catalogue import RULES
from stillup.lint.examples import HELD_ALARM, HELD_PRIMARY, HELD_SECONDARY, held, plan
from stillup.lint.live import Live
from stillup.lint.run import lint, lint_file
from stillup.lint.subject import Subject
from stillup.plan.setup import AliasTarget
from tests.lint.subjects import lint_text, loud, read, subjects

SITE = {"index.html": "<title>Back soon</title>"}
SLOW = plan(more="ttl: 300")
SILENCE = "silence: [{rule: SU001, reason: our resolvers are slow anyway}]\n"


def test_a_silenced_finding_is_kept_with_the_reason() -> None:
    [report] = lint_text(SLOW + SILENCE, SITE)

    assert report.rule.id == "SU001"
    assert report.silence == "our resolvers are slow anyway"


def test_a_silence_for_one_failover_leaves_the_others_loud() -> None:
    other = SLOW.replace("www.example.com", "shop.example.com").partition("failovers:\n")[2]
    silence = SILENCE.replace("}", ", failover: www.example.com}")

    reports = lint_text(SLOW + other + silence, SITE)

    assert [(report.failover, report.silence is None) for report in reports] == [
        ("www.example.com", False),
        ("shop.example.com", True),
    ]


def test_a_silence_that_silences_nothing_is_found_with_its_place() -> None:
    [report] = lint_text(plan() + SILENCE, SITE)

    assert report.rule.id == "SU449"
    assert report.failover is None
    assert report.finding.path == "silence[0].rule"


def test_a_silence_of_a_live_rule_is_idle_only_where_live_rules_are_asked() -> None:
    text = plan() + SILENCE.replace("SU001", "SU152")

    assert loud(lint_text(text, SITE)) == []
    assert loud(lint_text(text, SITE, Live(0.0))) == ["SU449"]


def test_nothing_is_said_about_silences_where_only_a_part_of_the_file_is_linted() -> None:
    document = read(plan() + SILENCE)
    files = {key: text.encode() for key, text in SITE.items()}

    found = lint_file(subjects(document, files), RULES, document.plan.silence, are_all=False)

    assert found == ()


def test_a_general_rule_speaks_again_when_the_specific_one_is_silenced() -> None:
    text = plan(more="ttl: 300\n    budget: 3m")

    assert loud(lint_text(text, SITE)) == ["SU001"]
    assert loud(lint_text(text + SILENCE, SITE)) == ["SU401"]


def test_the_guides_set_up_as_an_account_holds_it_has_only_its_true_faults() -> None:
    """No word about its TTL, its interval, EvaluateTargetHealth or the standby without a check (8.b, 8.e)."""
    alias = AliasTarget(
        "Z3AQBSTGFYJSTF", "www.example.com.s3-website-us-east-1.amazonaws.com", evaluate_target_health=False
    )
    setup = held(
        records=(HELD_PRIMARY, replace(HELD_SECONDARY, alias=alias)),
        alarms=(replace(HELD_ALARM, treat_missing_data=None, ok_actions=()),),
    )

    assert loud(lint(Subject(setup), RULES)) == ["SU005", "SU307", "SU308"]


@pytest.mark.parametrize(
    ("there", "rule"),
    [
        ({"alarms": (replace(HELD_ALARM, ok_actions=()),)}, "SU307"),
        ({"alarms": (replace(HELD_ALARM, metric="HealthCheckPercentageHealthy"),)}, "SU304"),
        ({"alarms": (replace(HELD_ALARM, actions_enabled=False),)}, "SU357"),
        ({"alarms": ()}, "SU301"),
        ({"records": (replace(HELD_PRIMARY, ttl=3600), HELD_SECONDARY)}, "SU001"),
        ({"records": (replace(HELD_PRIMARY, check=None), HELD_SECONDARY)}, "SU101"),
    ],
)
def test_what_another_hand_changed_in_the_account_is_found_once(there: dict[str, object], rule: str) -> None:
    [planned] = subjects(read(plan()), {key: text.encode() for key, text in SITE.items()})
    actual = replace(held(), bucket=planned.setup.bucket, **there)  # type: ignore[arg-type]

    reports = lint(replace(planned, live=Live(0.0, setup=actual)), RULES)

    assert loud(reports) == [rule]


def test_an_account_in_which_the_plan_was_never_applied_is_not_judged() -> None:
    [planned] = subjects(read(plan()), {key: text.encode() for key, text in SITE.items()})
    actual = replace(held(), records=(replace(HELD_PRIMARY, failover=None, ttl=3600),), alarms=())

    assert loud(lint(replace(planned, live=Live(0.0, setup=actual)), RULES)) == []

"""AlarmRule expressions: the grammar, what they mean, cycles."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.rules.alarms import reasons
from stillup.rules.alarms.alarm import Alarm, AlarmState, Standing
from stillup.rules.alarms.alarm_rule import (
    DEEPEST,
    AllOf,
    AnyOf,
    Constant,
    InState,
    Not,
    Rule,
    children,
    holds,
    parse_rule,
)
from stillup.rules.alarms.composite import cycle, evaluate_composite, in_order
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from tests.rules.alarms.making import MINUTE, alarm, arn_of

OK, ALARM, UNKNOWN = AlarmState


def _in(name: str, state: AlarmState = ALARM) -> InState:
    return InState(state, name)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("TRUE", Constant(True)),
        ("(FALSE)", Constant(False)),
        ("ALARM(cpu)", _in("cpu")),
        ('ALARM("cpu")', _in("cpu")),
        ('OK ( "too hot (attic)" )', _in("too hot (attic)", OK)),
        (r'INSUFFICIENT_DATA("say \"hi\" \\")', _in(r'say "hi" \ '.strip(), UNKNOWN)),
        ("ALARM( primary down )", _in("primary down")),
        (f"ALARM({arn_of('cpu')})", _in(arn_of("cpu"))),
        ("NOT ALARM(a)", Not(_in("a"))),
        ("NOT NOT TRUE", Not(Not(Constant(True)))),
        ("ALARM(a) AND OK(b)", AllOf((_in("a"), _in("b", OK)))),
        ("ALARM(a) OR ALARM(b) AND ALARM(c)", AnyOf((_in("a"), AllOf((_in("b"), _in("c")))))),
        ("(ALARM(a) OR ALARM(b))AND NOT(ALARM(c))", AllOf((AnyOf((_in("a"), _in("b"))), Not(_in("c"))))),
        ("\n ALARM(a)\tOR\nTRUE ", AnyOf((_in("a"), Constant(True)))),
        ("ALARM(AND)", _in("AND")),
    ],
)
def test_rules_are_read_as_cloudwatch_reads_them(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ends where an alarm is expected"),
        ("ALARM(a) AND", "ends where an alarm is expected"),
        ("AND ALARM(a)", "at character 1 an alarm is expected, not AND"),
        ("ALARM(a) ALARM(b)", "an AND or OR is missing"),
        ("(ALARM(a)", "the parenthesis at character 1 is not closed"),
        ("ALARM(a))", "an AND or OR is missing"),
        ("ALARM()", "neither an operator nor a state"),
        ('ALARM("")', "neither an operator nor a state"),
        ("ALARM( )", "neither an operator nor a state"),
        ("ALARM(" + " " * 10_000, "neither an operator nor a state"),
        ("ALARM(" + "a " * 5_000, "neither an operator nor a state"),
        ('ALARM("' + "a " * 5_000, "neither an operator nor a state"),
        ('ALARM("a)', "neither an operator nor a state"),
        ("alarm(a)", "neither an operator nor a state"),
        ("TRUEST", "neither an operator nor a state"),
        ("NOT", "ends where an alarm is expected"),
        ("(" * (DEEPEST + 1) + "TRUE" + ")" * (DEEPEST + 1), "nested more than"),
        ("NOT " * 2000 + "TRUE", "nested more than"),
        ("TRUE" + " " * 10_240, "has 10244 characters"),
        (" OR ".join(f"OK(a{number})" for number in range(101)), "names 101 alarms"),
        (" OR ".join(["TRUE"] * 501), "has 501 elements"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_place(text: str, says: str) -> None:
    refused = parse_rule(text)

    assert isinstance(refused, Refusal)
    assert refused.code == "ValidationError"
    assert says in refused.message


_NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=12)
_LEAVES = st.builds(Constant, st.booleans()) | st.builds(InState, st.sampled_from(AlarmState), _NAMES)


def _grown(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(rules, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, rules) | st.builds(AllOf, several) | st.builds(AnyOf, several)


def _written(rule: Rule) -> str:
    match rule:
        case Constant(value):
            return str(value).upper()
        case InState(state, name):
            escaped = name.replace("\\", "\\\\").replace('"', '\\"')
            return f'{state}("{escaped}")'
        case Not(inner):
            return f"NOT ({_written(inner)})"
        case AllOf(rules):
            return " AND ".join(f"({_written(each)})" for each in rules)
        case AnyOf(rules):
            return " OR ".join(f"({_written(each)})" for each in rules)


@settings(max_examples=60)
@given(st.recursive(_LEAVES, _grown, max_leaves=8))
def test_a_rule_that_is_written_is_read_again(rule: Rule) -> None:
    assert parse_rule(_written(rule)) == rule


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["ALARM", "OK", "(", ")", '"', "\\", "NOT", " AND ", " OR ", "TRUE", "a", "é"]))
)
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    assert isinstance(parse_rule("".join(pieces)), Constant | InState | Not | AllOf | AnyOf | Refusal)


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("TRUE", True),
        ("FALSE", False),
        ("ALARM(a)", True),
        ("OK(a)", False),
        ("OK(b)", True),
        ("INSUFFICIENT_DATA(c)", True),
        ("NOT ALARM(a)", False),
        ("ALARM(a) AND ALARM(b)", False),
        ("ALARM(a) AND OK(b)", True),
        ("ALARM(b) OR ALARM(a)", True),
        ("ALARM(b) OR OK(a)", False),
        ("ALARM(b) AND ALARM(b) OR TRUE", True),
        ("ALARM(b) AND (ALARM(b) OR TRUE)", False),
    ],
)
def test_rules_mean_what_they_say(text: str, is_true: bool) -> None:
    rule = parse_rule(text)
    assert not isinstance(rule, Refusal)

    assert holds(rule, {"a": ALARM, "b": OK, "c": UNKNOWN}.__getitem__) is is_true


def _world(*alarms: Alarm) -> World:
    return World(alarms={each.arn: each for each in alarms})


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ("ALARM(a)", ALARM),
        (f'ALARM("{arn_of("a")}")', ALARM),
        ("OK(a)", OK),
        ("ALARM(gone)", OK),
        ("INSUFFICIENT_DATA(gone)", ALARM),
    ],
)
def test_a_composite_alarm_is_in_alarm_while_its_rule_is_true(rule: str, state: AlarmState) -> None:
    world = _world(alarm("a", ALARM))

    assert evaluate_composite(alarm("both", rule=rule), world.alarms).state is state


def test_children_are_alarms_of_the_same_region() -> None:
    parent = alarm("both", rule="ALARM(a)", arn=arn_of("both", "eu-west-1"))

    assert evaluate_composite(parent, _world(alarm("a", ALARM)).alarms).state is OK


@pytest.mark.parametrize(
    ("rule", "reason", "at", "text"),
    [
        (
            "ALARM(a)",
            reasons.INITIAL,
            MINUTE - 1,
            f"{arn_of('both')} was created and its alarm rule evaluates to ALARM",
        ),
        (
            "TRUE",
            reasons.INITIAL,
            MINUTE,
            f"{arn_of('both')} was created and its alarm rule evaluates to ALARM",
        ),
        ("ALARM(a)", "…", MINUTE, f"{arn_of('both')} was updated and its alarm rule evaluates to ALARM"),
        (
            "ALARM(a)",
            "…",
            MINUTE + 1,
            f"{arn_of('a')} transitioned to ALARM at Wednesday 13 August, 2025 08:08:01 UTC",
        ),
    ],
)
def test_the_reason_tells_which_child_changed(rule: str, reason: str, at: float, text: str) -> None:
    child = alarm("a", standing=Standing(ALARM, "", None, at, at))
    parent = alarm(
        "both", rule=rule, configured_at=MINUTE, standing=Standing(UNKNOWN, reason, None, 0.0, 0.0)
    )

    assert evaluate_composite(parent, _world(child).alarms).reason == text


def test_the_reason_data_name_the_child_that_changed_last() -> None:
    first, last = (
        alarm(name, standing=Standing(ALARM, "", None, at, at)) for name, at in (("a", 1.0), ("b", 2.0))
    )
    found = evaluate_composite(alarm("both", rule="ALARM(a) OR ALARM(b)"), _world(first, last).alarms)

    assert json.loads(found.reason_data or "") == {
        "triggeringAlarms": [
            {"arn": last.arn, "state": {"value": "ALARM", "timestamp": "1970-01-01T00:00:02.000+0000"}}
        ]
    }


def test_each_child_is_told_once() -> None:
    rule = parse_rule("ALARM(b) OR OK(a) AND NOT OK(b)")
    assert not isinstance(rule, Refusal)

    assert children(rule) == ("b", "a")


def test_an_alarm_that_leads_back_to_itself_is_found() -> None:
    world = _world(
        alarm("leaf"), alarm("b", rule="ALARM(c) OR ALARM(leaf)"), alarm("c", rule=f"OK({arn_of('a')})")
    )

    assert cycle(world, alarm("a", rule="ALARM(b)")) == ("a", "b", "c", "a")
    assert cycle(world, alarm("a", rule="ALARM(a)")) == ("a", "a")
    assert cycle(world, alarm("a", rule="ALARM(leaf) OR OK(gone)")) is None
    assert cycle(world, alarm("d", rule="ALARM(b) AND ALARM(c)")) is None


def test_composite_alarms_come_after_those_that_they_name() -> None:
    world = _world(
        alarm("top", rule="ALARM(left) OR ALARM(right)"),
        alarm("left", rule="ALARM(leaf)"),
        alarm("right", rule="OK(left) OR OK(gone)"),
        alarm("leaf"),
    )

    assert [each.name for each in in_order(world.alarms)] == ["left", "right", "top"]

"""Which alarms there can be, what an update keeps, and what is refused in which words (CW-1 to CW-7)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from stillup.rules.alarms.alarm import Alarm, AlarmState, Comparison, HistoryItemType, MissingData
from stillup.rules.alarms.configure import MOST_ALARMS, AlarmSettings, Place, tag_alarm
from stillup.rules.alarms.configure_composite import put_composite_alarm
from stillup.rules.alarms.configure_existing import delete_alarms, switch_actions
from stillup.rules.alarms.configure_metric import TriggerSettings, put_metric_alarm
from stillup.rules.changes import AlarmPut
from stillup.rules.refusal import Refusal
from stillup.rules.world import World, fold
from tests.rules.alarms.making import MINUTE, TOPIC, alarm, arn_of

PLACE = Place("us-east-1", "123456789012")
WANTED: dict[str, Any] = {
    "namespace": "AWS/Route53",
    "metric_name": "HealthCheckStatus",
    "period": 60,
    "evaluation_periods": 3,
    "threshold": 1.0,
    "comparison": "LessThanThreshold",
    "statistic": "Minimum",
}


def world_of(*alarms: Alarm) -> World:
    return World(alarms={each.arn: each for each in alarms})


def put(
    world: World | None = None, *, tags: Any = (), name: str = "down", **given: Any
) -> AlarmPut | Refusal:
    settings = AlarmSettings(name, alarm_actions=(TOPIC,), tags=tags)
    return put_metric_alarm(
        world or World(), settings, TriggerSettings(**{**WANTED, **given}), place=PLACE, now=MINUTE
    )


def compose(world: World, rule: str, name: str = "both") -> AlarmPut | Refusal:
    return put_composite_alarm(world, AlarmSettings(name), rule, place=PLACE, now=MINUTE)


def test_a_new_alarm_is_unchecked_and_has_what_was_given_and_nothing_else() -> None:
    made = put(tags=(("team", "web"),), treat_missing_data="breaching")
    assert isinstance(made, AlarmPut)
    new = made.alarm
    assert new.arn == arn_of("down")
    assert (new.standing.state, new.standing.reason, new.standing.reason_data) == (
        AlarmState.INSUFFICIENT_DATA,
        "Unchecked: Initial alarm creation",
        None,
    )
    assert new.trigger is not None
    assert (new.trigger.comparison, new.trigger.treat_missing_data) == (
        Comparison.LESS,
        MissingData.BREACHING,
    )
    assert (new.trigger.unit, new.trigger.datapoints_to_alarm, new.description) == (None, None, None)
    assert new.tags == {"team": "web"}
    (told,) = made.history
    assert (told.type, told.summary) == (HistoryItemType.CONFIGURATION_UPDATE, 'Alarm "down" created')
    assert json.loads(told.data)["createdAlarm"]["threshold"] == 1.0


def test_an_update_overwrites_all_but_state_and_tags() -> None:
    before = alarm("down", AlarmState.ALARM, description="old", tags={"team": "web"}, ok_actions=(TOPIC,))
    made = put(world_of(before), tags=(("ignored", ""),), threshold=2.0)
    assert isinstance(made, AlarmPut)
    after = made.alarm
    assert (after.standing, after.tags) == (before.standing, before.tags)
    assert (after.description, after.ok_actions, after.configured_at) == (None, (), MINUTE)
    told = json.loads(made.history[0].data)
    assert told["updatedAlarm"]["threshold"] == 2.0
    assert told["originalUpdatedFields"]["threshold"] == 1.0
    assert told["originalUpdatedFields"]["alarmDescription"] == "old"
    assert "metricName" not in told["originalUpdatedFields"]


@pytest.mark.parametrize(
    "given",
    [
        {"period": 10, "evaluation_periods": 8_640},
        {"period": 3_600, "evaluation_periods": 168},
        {"period": 120, "evaluation_periods": 720, "datapoints_to_alarm": 720},
        {"statistic": None, "extended_statistic": "p99.9", "evaluate_low_sample_count_percentile": "ignore"},
        {"threshold": -1e300},
    ],
)
def test_what_a_trigger_may_be(given: dict[str, Any]) -> None:
    assert isinstance(put(**given), AlarmPut)


@pytest.mark.parametrize(
    ("given", "code", "text"),
    [
        ({"metric_name": None}, "ValidationError", "MetricName must not be null"),
        ({"namespace": None}, "ValidationError", "Namespace must not be null"),
        ({"period": None}, "ValidationError", "Period must not be null"),
        ({"evaluation_periods": None}, "ValidationError", "EvaluationPeriods must not be null"),
        ({"threshold": None}, "ValidationError", "Threshold must not be null"),
        ({"comparison": None}, "ValidationError", "ComparisonOperator must not be null"),
        ({"statistic": None}, "MissingParameter", "At least one of the parameters Statistic or Extended"),
        ({"extended_statistic": "p90"}, "InvalidParameterCombination", "mutually exclusive and you have"),
        (
            {"statistic": None, "extended_statistic": "tm99"},
            "InvalidParameterValue",
            "The value tm99 for parameter ExtendedStatistic is not supported.",
        ),
        ({"comparison": "LessThanLowerThreshold"}, "InvalidParameterValue", "no anomaly detection"),
        ({"threshold": float("nan")}, "InvalidParameterValue", "The value nan for parameter Threshold"),
        ({"period": 45}, "ValidationError", "Period must be 10, 20, 30 or a multiple of 60"),
        ({"period": 5}, "ValidationError", "Period must be 10, 20, 30 or a multiple of 60"),
        (
            {"evaluation_periods": 1_441},
            "ValidationError",
            "Metrics cannot be checked across more than a day",
        ),
        (
            {"period": 3_600, "evaluation_periods": 169},
            "ValidationError",
            "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)",
        ),
        (
            {"datapoints_to_alarm": 4},
            "ValidationError",
            "DatapointsToAlarm must be less than or equal to EvaluationPeriods",
        ),
        (
            {"treat_missing_data": "skip"},
            "InvalidParameterValue",
            "for parameter TreatMissingData is invalid.",
        ),
        (
            {"evaluate_low_sample_count_percentile": "x"},
            "InvalidParameterValue",
            "LowSampleCountPercentile is",
        ),
        ({"name": "a\nb"}, "ValidationError", "control characters"),
        ({"tags": (("aws:x", ""),)}, "InvalidParameterValue", "System tags"),
        ({"tags": (("x", ""), ("x", ""))}, "InvalidParameterValue", "Duplicate"),
        ({"tags": tuple((f"k{n}", "") for n in range(51))}, "InvalidParameterValue", "more than 50"),
    ],
)
def test_what_a_metric_alarm_may_not_be(given: dict[str, Any], code: str, text: str) -> None:
    refused = put(**given)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert text in refused.message


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("arn:alarm", "Invalid arn syntax: arn:alarm"),
        (
            "arn:aws:sns:eu-west-1:123456789012:alerts",
            "Invalid region eu-west-1 specified. Only us-east-1 is supported.",
        ),
        ("arn:aws-cn:sns:cn-north-1:123456789012:alerts", "Invalid partition aws-cn specified."),
        ("arn:aws:automate:us-east-1:ec2:stop", "Unsupported action"),
        ("arn:aws:sns:us-east-1:123456789012:alerts:subscription", "Unsupported action"),
        ("arn:aws:sns:us-east-1:123456789012:", "Unsupported action"),
    ],
)
@pytest.mark.parametrize("state", ["ok_actions", "alarm_actions", "insufficient_data_actions"])
def test_an_alarm_notifies_topics_of_its_region_and_does_nothing_else(
    state: str, action: str, text: str
) -> None:
    settings = AlarmSettings("down", **{state: (TOPIC, action)})
    refused = put_metric_alarm(World(), settings, TriggerSettings(**WANTED), place=PLACE, now=MINUTE)
    assert isinstance(refused, Refusal)
    assert refused.code == "ValidationError"
    assert text in refused.message


def test_a_region_has_so_many_alarms_and_no_more() -> None:
    full = world_of(*(alarm(f"a{number}") for number in range(MOST_ALARMS)))
    refused = put(full)
    assert isinstance(refused, Refusal)
    assert refused.code == "LimitExceeded"
    assert isinstance(put(full, name="a0"), AlarmPut)


def test_a_name_does_not_change_its_kind() -> None:
    composite = alarm("down", rule="TRUE")
    assert isinstance(put(world_of(composite)), Refusal)
    assert isinstance(compose(world_of(alarm("both")), "TRUE"), Refusal)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (" ALARM(a)", "must not contain leading or trailing whitespace"),
        ("ALARM(a", "Invalid AlarmRule"),
        ("ALARM(a) OR ALARM(x) OR OK(y)", "as alarms [x, y] in the alarm rule do not exist"),
        (f"ALARM({arn_of('a', 'eu-west-1')})", "do not exist"),
        ("ALARM(both)", "circle: both -> both"),
        ("ALARM(a) AND NOT ALARM(upper)", "circle: both -> upper -> both"),
    ],
)
def test_what_a_composite_alarm_may_not_be(rule: str, text: str) -> None:
    world = world_of(alarm("a"), alarm("upper", rule="ALARM(both)"))
    refused = compose(world, rule)
    assert isinstance(refused, Refusal)
    assert (refused.code, text in refused.message) == ("ValidationError", True), refused.message


def test_a_composite_alarm_may_name_alarms_of_both_kinds_by_name_and_arn() -> None:
    world = world_of(alarm("a"), alarm("b", rule="TRUE"))
    made = compose(world, f'ALARM("a") AND NOT OK({arn_of("b")})')
    assert isinstance(made, AlarmPut)
    assert made.alarm.trigger is None
    assert fold(world, made).alarms[arn_of("both")].standing.state is AlarmState.INSUFFICIENT_DATA


@pytest.mark.parametrize(
    ("names", "gone"),
    [
        (["a"], "Cannot delete a as there are composite alarm(s) depending on it."),
        (["a", "b", "c"], "Cannot delete a,b as there are composite alarm(s) depending on them."),
        (["p", "q"], "Cannot delete more than one composite alarm at a time: p, q."),
        (["c", "unknown", "c"], ["c"]),
        (["q", "b"], ["q", "b"]),
        (["unknown"], None),
    ],
)
def test_which_alarms_can_be_deleted(names: list[str], gone: object) -> None:
    world = world_of(
        alarm("a"), alarm("b"), alarm("c"), alarm("p", rule="ALARM(a)"), alarm("q", rule="ALARM(b)")
    )
    decided = delete_alarms(world, names, place=PLACE, now=MINUTE)
    if isinstance(decided, Refusal):
        assert (decided.code, decided.message) == ("ValidationError", gone)
    elif decided is None:
        assert gone is None
    else:
        assert [arn.rsplit(":", 1)[1] for arn in decided.arns] == gone
        assert [item.summary for item in decided.history] == [
            f'Alarm "{arn.rsplit(":", 1)[1]}" deleted' for arn in decided.arns
        ]


def test_alarms_of_other_regions_are_none_of_its_business() -> None:
    world = world_of(replace(alarm("a"), arn=arn_of("a", "eu-west-1"), region="eu-west-1"))
    assert delete_alarms(world, ["a"], place=PLACE, now=MINUTE) is None
    assert switch_actions(world, ["a"], enabled=False, place=PLACE, now=MINUTE) is None


def test_actions_are_switched_where_they_are_not_so_already() -> None:
    world = world_of(alarm("a"), alarm("b", actions_enabled=False))
    decided = switch_actions(world, ["a", "b", "unknown"], enabled=False, place=PLACE, now=MINUTE)
    assert decided is not None
    assert (decided.arns, decided.enabled) == ((arn_of("a"),), False)
    assert json.loads(decided.history[0].data)["originalUpdatedFields"] == {"actionsEnabled": True}
    assert not fold(world, decided).alarms[arn_of("a")].actions_enabled


def test_tags_are_added_replaced_and_removed() -> None:
    world = world_of(alarm("a", tags={"x": "1", "y": "2"}))
    changed = tag_alarm(world, arn_of("a"), add=[("y", "3"), ("Y", "4")], remove=["x", "gone"])
    assert isinstance(changed, AlarmPut)
    assert changed.alarm.tags == {"y": "3", "Y": "4"}
    unknown = tag_alarm(world, arn_of("b"))
    assert isinstance(unknown, Refusal)
    assert unknown.code == "ResourceNotFoundException"

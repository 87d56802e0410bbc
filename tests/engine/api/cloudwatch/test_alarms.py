"""Alarms through the API: made, described, put into states, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.changes import AlarmStateSet, HealthCheckPut
from stillup.rules.health.check import HealthCheck, HealthCheckConfig, HealthCheckType
from stillup.rules.ids import HealthCheckId
from stillup.rules.world import fold
from tests.engine.api.cloudwatch.cloudwatch_api import ALARM, MINUTE, TOPIC, CloudWatchApi

BOTH = ["MetricAlarm", "CompositeAlarm"]


def names(found: Any) -> list[str]:
    return [alarm["AlarmName"] for alarm in (*found["MetricAlarms"], *found["CompositeAlarms"])]


async def test_what_is_not_set_does_not_come_back(api: CloudWatchApi) -> None:
    await api.put_alarm()
    assert await api.alarm() == {
        "ActionsEnabled": True,
        "AlarmActions": [],
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:down",
        "AlarmConfigurationUpdatedTimestamp": MINUTE,
        "AlarmName": "down",
        "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [],
        "EvaluationPeriods": 1,
        "InsufficientDataActions": [],
        "MetricName": "orders",
        "Namespace": "shop",
        "OKActions": [],
        "Period": 60,
        "StateReason": "Unchecked: Initial alarm creation",
        "StateTransitionedTimestamp": MINUTE,
        "StateUpdatedTimestamp": MINUTE,
        "StateValue": "INSUFFICIENT_DATA",
        "Statistic": "Sum",
        "Threshold": 30.0,
    }


async def test_what_is_set_comes_back(api: CloudWatchApi) -> None:
    given = {
        "AlarmDescription": "",
        "ActionsEnabled": False,
        "OKActions": [TOPIC],
        "AlarmActions": [TOPIC],
        "InsufficientDataActions": [TOPIC],
        "Dimensions": [{"Name": "b", "Value": "1"}, {"Name": "a", "Value": "2"}],
        "Unit": "Seconds",
        "DatapointsToAlarm": 1,
        "TreatMissingData": "notBreaching",
        "ExtendedStatistic": "p90",
        "EvaluateLowSampleCountPercentile": "ignore",
    }
    settings = {name: value for name, value in ALARM.items() if name != "Statistic"}
    await api.call("PutMetricAlarm", AlarmName="down", **settings, **given)
    alarm = await api.alarm()
    given["Dimensions"] = [{"Name": "a", "Value": "2"}, {"Name": "b", "Value": "1"}]
    assert {name: alarm[name] for name in given} == given
    assert "Statistic" not in alarm


async def test_a_composite_alarm_has_a_rule_and_no_metric(api: CloudWatchApi) -> None:
    await api.put_alarm()
    await api.call("PutCompositeAlarm", AlarmName="both", AlarmRule="ALARM(down)", AlarmActions=[TOPIC])
    alarm = await api.alarm("both")
    assert (alarm["AlarmRule"], alarm["AlarmActions"]) == ("ALARM(down)", [TOPIC])
    assert not {"MetricName", "Dimensions", "Threshold", "AlarmDescription"} & set(alarm)


@pytest.mark.parametrize(
    ("operation", "given", "text"),
    [
        ("PutMetricAlarm", {"Metrics": [{"Id": "m1", "Expression": "m2 + m3"}]}, "Metric math"),
        ("PutMetricAlarm", {"ThresholdMetricId": "ad1"}, "anomaly detection"),
        ("PutMetricAlarm", {"EvaluationCriteria": {}}, "EvaluationCriteria is not supported"),
        ("PutMetricAlarm", {"MetricName": None}, "MetricName must not be null"),
        ("PutCompositeAlarm", {"AlarmRule": "TRUE", "ActionsSuppressor": "down"}, "ActionsSuppressor is not"),
        ("PutCompositeAlarm", {"AlarmRule": "ALARM(unknown)"}, "do not exist"),
        ("DescribeAlarms", {"ChildrenOfAlarmName": "x"}, "no alarm named x"),
        ("DescribeAlarms", {"ParentsOfAlarmName": "x", "StateValue": "OK"}, "together with StateValue"),
        ("DescribeAlarmHistory", {"AlarmContributorId": "x"}, "not supported"),
    ],
)
async def test_what_this_engine_does_not_do_is_refused(
    api: CloudWatchApi, operation: str, given: dict[str, Any], text: str
) -> None:
    settings = {"AlarmName": "new", **ALARM, **given} if operation.startswith("Put") else given
    with api.refused("ValidationError", text):
        await api.call(operation, **settings)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a1", "a2", "b1"]),
        ({"AlarmTypes": ["CompositeAlarm"]}, ["a0"]),
        ({"AlarmTypes": BOTH}, ["a1", "a2", "b1", "a0"]),
        ({"AlarmTypes": ["LogAlarm"]}, []),
        ({"AlarmNames": ["b1", "a0", "unknown"]}, ["b1"]),
        ({"AlarmNamePrefix": "a", "AlarmTypes": BOTH}, ["a1", "a2", "a0"]),
        ({"StateValue": "ALARM"}, ["a2"]),
        ({"ActionPrefix": TOPIC[:20]}, ["b1"]),
        ({"ActionPrefix": "arn:aws:sns:eu"}, []),
        ({"ChildrenOfAlarmName": "a0"}, ["a1", "a2"]),
        ({"ParentsOfAlarmName": "a1"}, ["a0"]),
        ({"ParentsOfAlarmName": "b1"}, []),
    ],
)
async def test_alarms_are_described_by_name_and_filtered(
    api: CloudWatchApi, filters: dict[str, Any], expected: list[str]
) -> None:
    for name in ("b1", "a2", "a1"):
        await api.put_alarm(name, OKActions=[TOPIC] if name == "b1" else [])
    await api.call("PutCompositeAlarm", AlarmName="a0", AlarmRule="ALARM(a1) OR OK(a2)")
    await api.call("SetAlarmState", AlarmName="a2", StateValue="ALARM", StateReason="test")
    found = await api.call("DescribeAlarms", **filters)
    assert names(found) == expected
    paged: list[str] = []
    token: dict[str, Any] = {}
    while True:
        page = await api.call("DescribeAlarms", MaxRecords=1, **filters, **token)
        paged += names(page)
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert sorted(paged) == sorted(expected)


async def test_relations_are_told_in_few_words(api: CloudWatchApi) -> None:
    await api.put_alarm()
    await api.call("PutCompositeAlarm", AlarmName="both", AlarmRule="ALARM(down)")
    (child,) = (await api.call("DescribeAlarms", ChildrenOfAlarmName="both"))["MetricAlarms"]
    assert set(child) == {"AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp"}
    (parent,) = (await api.call("DescribeAlarms", ParentsOfAlarmName="down"))["CompositeAlarms"]
    assert set(parent) == {"AlarmName", "AlarmArn"}


@pytest.mark.parametrize("token", ["what", "", "bm8=", "WzEsIDJd"])
async def test_a_token_of_somebody_elses_is_refused(api: CloudWatchApi, token: str) -> None:
    with api.refused("InvalidNextToken"):
        await api.call("DescribeAlarms", NextToken=token)
    with api.refused("InvalidParameterValue", "Request parameter NextToken is invalid"):
        await api.call("ListMetrics", NextToken=token)


async def test_names_and_a_prefix_exclude_each_other(api: CloudWatchApi) -> None:
    with api.refused("InvalidParameterCombination", "mutually exclusive"):
        await api.call("DescribeAlarms", AlarmNames=["a"], AlarmNamePrefix="a")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a"]),
        ({"Dimensions": [{"Name": "Site", "Value": "x"}]}, ["b", "c"]),
        ({"Dimensions": [{"Name": "Site", "Value": "x"}], "Period": 300}, ["c"]),
        ({"Statistic": "Sum"}, ["a"]),
        ({"Statistic": "Average"}, []),
        ({"Unit": "Count"}, []),
        ({"ExtendedStatistic": "p90"}, []),
    ],
)
async def test_alarms_of_exactly_this_metric(
    api: CloudWatchApi, filters: dict[str, Any], expected: list[str]
) -> None:
    site = [{"Name": "Site", "Value": "x"}]
    await api.put_alarm("a")
    await api.put_alarm("b", Dimensions=site)
    await api.put_alarm("c", Dimensions=site, Period=300)
    await api.put_alarm("d", MetricName="other")
    await api.call("PutCompositeAlarm", AlarmName="e", AlarmRule="ALARM(a)")
    found = await api.call("DescribeAlarmsForMetric", Namespace="shop", MetricName="orders", **filters)
    assert [alarm["AlarmName"] for alarm in found["MetricAlarms"]] == expected


async def test_regions_are_worlds_of_their_own(api: CloudWatchApi) -> None:
    await api.put_alarm()
    arn = (await api.alarm())["AlarmArn"]
    assert names(await api.call("DescribeAlarms", region="eu-west-1")) == []
    for operation, parameters in (
        ("DeleteAlarms", {"AlarmNames": ["down"]}),
        ("DisableAlarmActions", {"AlarmNames": ["down"]}),
    ):
        await api.call(operation, region="eu-west-1", **parameters)
    with api.refused("ResourceNotFound"):
        await api.call("SetAlarmState", region="eu-west-1", AlarmName="down", StateValue="OK", StateReason="")
    with api.refused("ResourceNotFoundException", "Unknown"):
        await api.call("ListTagsForResource", region="eu-west-1", ResourceARN=arn)
    assert (await api.alarm())["ActionsEnabled"]
    await api.call("PutMetricAlarm", region="eu-west-1", AlarmName="down", **ALARM)
    assert (await api.alarm(region="eu-west-1"))["AlarmArn"] == arn.replace("us-east-1", "eu-west-1")


async def test_a_state_set_by_hand_tells_the_topic(api: CloudWatchApi) -> None:
    api.have_topic()
    await api.put_alarm(AlarmActions=[TOPIC])
    api.clock.instant += 30
    data = '{"by": "hand"}'
    await api.call(
        "SetAlarmState", AlarmName="down", StateValue="ALARM", StateReason="testing", StateReasonData=data
    )
    alarm = await api.alarm()
    assert (alarm["StateValue"], alarm["StateReason"], alarm["StateReasonData"]) == ("ALARM", "testing", data)
    assert (alarm["StateUpdatedTimestamp"], alarm["StateTransitionedTimestamp"]) == (MINUTE + 30, MINUTE + 30)
    change = api.worlds.changes[-1]
    assert isinstance(change, AlarmStateSet)
    (message,) = change.messages
    assert json.loads(message.texts["default"])["OldStateValue"] == "INSUFFICIENT_DATA"
    assert message.briefing is None

    api.clock.instant += 30
    await api.call("SetAlarmState", AlarmName="down", StateValue="ALARM", StateReason="again")
    again = await api.alarm()
    assert (again["StateReason"], again["StateTransitionedTimestamp"]) == ("again", MINUTE + 30)
    assert "StateReasonData" not in again
    change = api.worlds.changes[-1]
    assert isinstance(change, AlarmStateSet)
    assert not change.messages


async def test_a_health_checks_alarm_set_by_hand_says_what_the_vantages_see(api: CloudWatchApi) -> None:
    api.have_topic()
    check = HealthCheck(
        HealthCheckId("c1"), "r", HealthCheckConfig(HealthCheckType.HTTP, ip_address="203.0.113.1")
    )
    api.worlds.current = fold(api.worlds.current, HealthCheckPut(check))
    of_check = {"Namespace": "AWS/Route53", "Dimensions": [{"Name": "HealthCheckId", "Value": "c1"}]}
    await api.put_alarm(AlarmActions=[TOPIC], **of_check)
    await api.call("SetAlarmState", AlarmName="down", StateValue="ALARM", StateReason="testing")
    change = api.worlds.changes[-1]
    assert isinstance(change, AlarmStateSet)
    (message,) = change.messages
    assert message.briefing is not None
    assert message.briefing.since == MINUTE - 60
    assert [seen.text for seen in message.briefing.seen] == ["Failure: The connection was refused."]


async def test_a_state_for_nobody_or_with_data_that_is_no_json_is_refused(api: CloudWatchApi) -> None:
    await api.put_alarm()
    with api.refused("ResourceNotFound", "no alarm named unknown"):
        await api.call("SetAlarmState", AlarmName="unknown", StateValue="OK", StateReason="")
    with api.refused("InvalidFormat", "JSON"):
        await api.call(
            "SetAlarmState", AlarmName="down", StateValue="OK", StateReason="", StateReasonData="{"
        )
    with api.refused("InvalidFormat", "JSON"):
        deep = "[" * 4_000
        await api.call(
            "SetAlarmState", AlarmName="down", StateValue="OK", StateReason="", StateReasonData=deep
        )


async def test_actions_are_switched_off_and_on(api: CloudWatchApi) -> None:
    await api.put_alarm()
    await api.call("DisableAlarmActions", AlarmNames=["down", "unknown"])
    assert not (await api.alarm())["ActionsEnabled"]
    await api.call("EnableAlarmActions", AlarmNames=["down"])
    assert (await api.alarm())["ActionsEnabled"]


async def test_alarms_that_exist_are_deleted_and_others_are_no_error(api: CloudWatchApi) -> None:
    await api.put_alarm()
    await api.put_alarm("needed")
    await api.call("PutCompositeAlarm", AlarmName="both", AlarmRule="ALARM(needed)")
    with api.refused(
        "ValidationError", "Cannot delete needed as there are composite alarm(s) depending on it."
    ):
        await api.call("DeleteAlarms", AlarmNames=["down", "needed"])
    await api.call("DeleteAlarms", AlarmNames=["unknown", "down"])
    assert names(await api.call("DescribeAlarms", AlarmTypes=BOTH)) == ["needed", "both"]


async def test_tags_are_given_at_creation_and_changed_apart(api: CloudWatchApi) -> None:
    await api.put_alarm(Tags=[{"Key": "team", "Value": "web"}])
    await api.put_alarm(Tags=[{"Key": "ignored", "Value": ""}])
    arn = (await api.alarm())["AlarmArn"]
    await api.call("TagResource", ResourceARN=arn, Tags=[{"Key": "stage", "Value": "live"}])
    await api.call("UntagResource", ResourceARN=arn, TagKeys=["team", "unknown"])
    listed = await api.call("ListTagsForResource", ResourceARN=arn)
    assert listed["Tags"] == [{"Key": "stage", "Value": "live"}]
    for operation, more in (
        ("TagResource", {"Tags": [{"Key": "x", "Value": ""}]}),
        ("UntagResource", {"TagKeys": ["x"]}),
        ("ListTagsForResource", {}),
    ):
        for unknown in (f"{arn}-unknown", "unknown"):
            with api.refused("ResourceNotFoundException", "Unknown"):
                await api.call(operation, ResourceARN=unknown, **more)


async def summaries(api: CloudWatchApi, **filters: Any) -> list[str]:
    """All pages, of two items each."""
    found: list[str] = []
    token: dict[str, Any] = {}
    while True:
        page = await api.call("DescribeAlarmHistory", MaxRecords=2, **filters, **token)
        found += [item["HistorySummary"] for item in page["AlarmHistoryItems"]]
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}


async def test_history_tells_of_alarms_newest_first_also_when_they_are_gone(api: CloudWatchApi) -> None:
    for name in ("a", "b"):
        await api.put_alarm(name)
    await api.call("PutCompositeAlarm", AlarmName="c", AlarmRule="TRUE")
    api.clock.instant += 60
    await api.call("SetAlarmState", AlarmName="a", StateValue="ALARM", StateReason="")
    api.clock.instant += 60
    await api.call("DeleteAlarms", AlarmNames=["a", "b"])
    everything = [
        'Alarm "b" deleted',
        'Alarm "a" deleted',
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "b" created',
        'Alarm "a" created',
    ]
    assert await summaries(api) == everything
    assert await summaries(api, ScanBy="TimestampAscending") == everything[::-1]
    assert await summaries(api, AlarmName="b") == ['Alarm "b" deleted', 'Alarm "b" created']
    assert await summaries(api, HistoryItemType="StateUpdate") == [everything[2]]
    assert await summaries(api, AlarmTypes=["CompositeAlarm"]) == ['Alarm "c" created']
    assert await summaries(api, region="eu-west-1") == []
    api.clock.instant += 14 * 86_400 - 60
    assert await summaries(api) == everything[:3]


async def test_history_items_are_of_the_models_form(api: CloudWatchApi) -> None:
    await api.put_alarm()
    await api.call("SetAlarmState", AlarmName="down", StateValue="OK", StateReason="fine")
    (item,) = (await api.call("DescribeAlarmHistory", HistoryItemType="StateUpdate"))["AlarmHistoryItems"]
    assert (item["AlarmName"], item["AlarmType"], item["Timestamp"]) == ("down", "MetricAlarm", MINUTE)
    assert json.loads(item["HistoryData"])["newState"]["stateValue"] == AlarmState.OK

"""What an alarm's change of state writes down, and whom it tells what (CW-8, CW-9, CW-21)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stillup.rules.alarms.alarm import Alarm, AlarmState, HistoryItemType, MissingData, Standing
from stillup.rules.alarms.notification import message, subject
from stillup.rules.alarms.transition import standing_after, transition, unheard
from stillup.rules.changes import AlarmStateSet
from stillup.rules.ids import Arn, MessageId
from stillup.rules.metrics.metric import Statistic
from stillup.rules.topics.message import Briefing
from stillup.rules.topics.topic import DeliveryProtocol, Subscription, Topic
from stillup.rules.world import World
from tests.rules.alarms.making import CHECK, MINUTE, TOPIC, alarm, arn_of, trigger

OK, ALARM, UNKNOWN = AlarmState
GONE = Arn("arn:aws:sns:us-east-1:123456789012:gone")
IDS = tuple(MessageId(f"message-{number}") for number in range(5))
AT = MINUTE + 23.374


def _world(*alarms: Alarm, subscriptions: tuple[Subscription, ...] = ()) -> World:
    return World(
        alarms={each.arn: each for each in alarms},
        topics={TOPIC: Topic(TOPIC, "alerts", "us-east-1", "123456789012", 0.0)},
        subscriptions={each.arn: each for each in subscriptions},
    )


def _standing(state: AlarmState = ALARM) -> Standing:
    return Standing(state, "it is down", '{"version":"1.0"}', AT, AT)


def _go(watched: Alarm, state: AlarmState = ALARM, *others: Alarm) -> AlarmStateSet:
    return transition(
        watched, _standing(state), world=_world(watched, *others), account_id="123456789012", message_ids=IDS
    )


def test_a_change_of_state_tells_the_topics_of_the_new_state() -> None:
    """CW-8."""
    told = _go(alarm())

    assert [(each.id, each.topic_arn, each.at) for each in told.messages] == [("message-0", TOPIC, AT)]
    assert told.messages[0].subject == 'ALARM: "primary-down" in US East (N. Virginia)'
    assert json.loads(told.messages[0].texts["default"])["OldStateValue"] == "OK"
    assert "primary-down" in told.messages[0].texts["email"]
    assert "it is down" in told.messages[0].texts["email"]


@pytest.mark.parametrize(
    ("watched", "state"),
    [
        (alarm(actions_enabled=False), ALARM),
        (alarm(alarm_actions=()), ALARM),
        (alarm(state=ALARM), ALARM),
        (alarm(), UNKNOWN),
    ],
)
def test_nobody_is_told_without_need(watched: Alarm, state: AlarmState) -> None:
    assert _go(watched, state).messages == ()


def test_an_alarm_that_stays_in_its_state_leaves_no_history() -> None:
    assert _go(alarm(state=ALARM)).history == ()


def test_the_history_has_both_states() -> None:
    update = _go(alarm(alarm_actions=())).history[0]

    assert (update.type, update.at, update.summary) == (
        HistoryItemType.STATE_UPDATE,
        AT,
        "Alarm updated from OK to ALARM",
    )
    assert json.loads(update.data) == {
        "version": "1.0",
        "oldState": {"stateValue": "OK", "stateReason": "Unchecked: Initial alarm creation"},
        "newState": {
            "stateValue": "ALARM",
            "stateReason": "it is down",
            "stateReasonData": {"version": "1.0"},
        },
    }


def test_reason_data_that_are_no_json_are_kept_as_text() -> None:
    old = Standing(OK, "", "as I like it", 0.0, 0.0)
    update = _go(alarm(standing=old, alarm_actions=())).history[0]

    assert json.loads(update.data)["oldState"]["stateReasonData"] == "as I like it"


def test_the_history_says_which_actions_succeeded() -> None:
    told = _go(alarm(alarm_actions=(GONE, TOPIC)))
    failed, succeeded = told.history[1:]

    assert failed.summary == (
        f'Failed to execute action {GONE}. Received error: "Resource: {GONE} does not exist"'
    )
    assert succeeded.summary == f"Successfully executed action {TOPIC}"
    assert json.loads(succeeded.data) == {
        "actionState": "Succeeded",
        "stateUpdateTimestamp": 1755072503374,
        "notificationResource": TOPIC,
        "publishedMessage": told.messages[0].texts["default"],
    }
    assert [each.id for each in told.messages] == ["message-1"]


@pytest.mark.parametrize(
    ("service", "is_told"), [("cloudwatch.amazonaws.com", True), ("events.amazonaws.com", False)]
)
def test_a_topics_policy_can_keep_cloudwatch_out(service: str, is_told: bool) -> None:
    """SN-12."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    watched = alarm()
    world = _world(watched)
    closed = replace(world, topics={TOPIC: replace(world.topics[TOPIC], attributes={"Policy": policy})})
    told = transition(watched, _standing(), world=closed, account_id="123456789012", message_ids=IDS)

    assert bool(told.messages) is is_told
    assert ("is not authorized to perform: SNS:Publish" in told.history[1].summary) is not is_told


def test_the_briefing_goes_with_the_message() -> None:
    watched = alarm()
    brief = Briefing("www.example.com: down", AT)
    told = transition(
        watched,
        _standing(),
        world=_world(watched),
        account_id="123456789012",
        message_ids=IDS,
        briefing=brief,
    )

    assert told.messages[0].briefing is brief


@pytest.mark.parametrize(("state", "transitioned_at"), [(ALARM, AT), (OK, MINUTE - 3600)])
def test_a_state_that_stays_keeps_the_moment_of_its_transition(
    state: AlarmState, transitioned_at: float
) -> None:
    found = standing_after(alarm(), state, reason="r", reason_data=None, at=AT)

    assert (found.updated_at, found.transitioned_at) == (AT, transitioned_at)


def test_the_message_of_a_metric_alarm_is_cloudwatchs() -> None:
    """CW-21, member by member, in order."""
    watched = alarm(
        description="The primary is down",
        trigger=trigger(evaluation_periods=1, treat_missing_data=MissingData.NOT_BREACHING),
        ok_actions=(),
    )

    assert message(watched, _standing(), account_id="123456789012") == (
        '{"AlarmName":"primary-down","AlarmDescription":"The primary is down","AWSAccountId":"123456789012",'
        '"AlarmConfigurationUpdatedTimestamp":"2025-08-13T07:08:00.000+0000","NewStateValue":"ALARM",'
        '"NewStateReason":"it is down","StateChangeTime":"2025-08-13T08:08:23.374+0000",'
        '"Region":"US East (N. Virginia)",'
        '"AlarmArn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:primary-down","OldStateValue":"OK",'
        f'"OKActions":[],"AlarmActions":["{TOPIC}"],"InsufficientDataActions":[],'
        '"Trigger":{"MetricName":"HealthCheckStatus","Namespace":"AWS/Route53","StatisticType":"Statistic",'
        f'"Statistic":"MINIMUM","Unit":null,"Dimensions":[{{"value":"{CHECK}","name":"HealthCheckId"}}],'
        '"Period":60,"EvaluationPeriods":1,"ComparisonOperator":"LessThanThreshold","Threshold":1.0,'
        '"TreatMissingData":"- TreatMissingData:                    notBreaching",'
        '"EvaluateLowSampleCountPercentile":""}}'
    )


def test_what_an_alarm_does_not_set_is_told_as_cloudwatch_tells_it() -> None:
    watched = alarm(trigger=trigger(datapoints_to_alarm=2, statistic=Statistic.SAMPLE_COUNT))
    told = json.loads(message(watched, _standing(), account_id="123456789012"))["Trigger"]
    extended = alarm(trigger=trigger(statistic=None, extended_statistic="p99", unit="Seconds"))

    assert (told["DatapointsToAlarm"], told["TreatMissingData"], told["Statistic"]) == (2, "", "SAMPLE_COUNT")
    assert (
        json.loads(message(extended, _standing(), account_id="1"))["Trigger"].items()
        >= {
            "StatisticType": "ExtendedStatistic",
            "ExtendedStatistic": "p99",
            "Unit": "Seconds",
        }.items()
    )


def test_the_message_of_a_composite_alarm_names_its_rule_and_the_child_that_changed() -> None:
    child = alarm("cpu", standing=Standing(ALARM, "", None, MINUTE, MINUTE))
    told = json.loads(_go(alarm("both", rule="ALARM(cpu)"), ALARM, child).messages[0].texts["default"])

    assert "Trigger" not in told
    assert told["AlarmRule"] == "ALARM(cpu)"
    assert told["TriggeringChildren"] == [
        {
            "Arn": arn_of("cpu"),
            "State": {"Value": "ALARM", "Timestamp": "2025-08-13T08:08:00.000+0000"},
        }
    ]


@pytest.mark.parametrize(
    ("name", "region", "expected"),
    [
        ("a", "eu-west-1", 'OK: "a" in EU (Ireland)'),
        ("a", "mars-1", 'OK: "a" in mars-1'),
        ("a\r\nBcc: x", "us-east-1", 'OK: "a  Bcc: x" in US East (N. Virginia)'),
    ],
)
def test_the_subject_names_the_region_as_people_do(name: str, region: str, expected: str) -> None:
    assert subject(alarm(name, region=region), _standing(OK)) == expected


def test_the_subject_is_under_a_hundred_characters() -> None:
    """SN-5."""
    long = subject(alarm("n" * 255), _standing(UNKNOWN))

    assert len(long) == 99
    assert long.endswith('n..." in US East (N. Virginia)')


def test_alarms_that_nobody_hears_are_found() -> None:
    confirmed = Subscription(
        Arn(f"{TOPIC}:1"), TOPIC, DeliveryProtocol.EMAIL, "oncall@example.com", "1", 0.0, "t", 0.0, True
    )
    world = _world(alarm("a"), alarm("b", alarm_actions=(GONE,), ok_actions=()))

    assert [(each.name, topic, why) for each, topic, why in unheard(world)] == [
        ("a", TOPIC, "no confirmed subscription"),
        ("b", GONE, "no topic"),
    ]
    assert [topic for _, topic, _ in unheard(replace(world, subscriptions={confirmed.arn: confirmed}))] == [
        GONE
    ]

"""A failover as one sees it, in its usual form: twelve checkers, an alarm, a mail address."""

from __future__ import annotations

from dataclasses import replace

from stillup.plan.chain.seen import (
    ActionTaken,
    AlarmSeen,
    Answer,
    CheckSeen,
    Datapoint,
    Observation,
    Seen,
    StateChange,
)
from stillup.plan.setup import (
    Alarm,
    AliasTarget,
    Check,
    CheckConfig,
    Record,
    Setup,
    Subscription,
    Topic,
    Zone,
)

NOW = 1_800_000_030.0
"""Half a minute after a whole one."""
MINUTE = 60.0
SITE = "www.example.com"
PRIMARY, STANDBY = "203.0.113.10", "198.51.100.7"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:alerts"

primary = Record(SITE, "A", "one", "PRIMARY", ttl=60, values=(PRIMARY,), check="c1")
standby = Record(
    SITE, "A", "two", "SECONDARY", alias=AliasTarget("ZS3", "s3-website-us-east-1.amazonaws.com", False)
)
check = Check("c1", CheckConfig("HTTP", request_interval=30, failure_threshold=3), id="c1")
alarm = Alarm(
    name="ill",
    region="us-east-1",
    namespace="AWS/Route53",
    metric="HealthCheckStatus",
    dimensions={"HealthCheckId": "c1"},
    statistic="Minimum",
    period=60,
    evaluation_periods=1,
    threshold=1.0,
    comparison="LessThanThreshold",
    alarm_actions=(TOPIC_ARN,),
    ok_actions=(TOPIC_ARN,),
)
topic = Topic(
    TOPIC_ARN,
    "alerts",
    "us-east-1",
    arn=TOPIC_ARN,
    subscriptions=(Subscription("email", "oncall@example.com", "arn:1", is_confirmed=True),),
)
setup = Setup(
    SITE,
    Zone("example.com", "Z1"),
    records=(primary, standby),
    checks={"c1": check},
    topics=(topic,),
    alarms=(alarm,),
)


def observed(*, healthy: int, failing: int = 0) -> tuple[Observation, ...]:
    """So many checkers that see each."""
    texts = ["Success: HTTP Status Code 200, OK"] * healthy + [
        "Failure: The connection was refused."
    ] * failing
    return tuple(
        Observation("us-east-1", f"192.0.2.{number}", NOW - number, text) for number, text in enumerate(texts)
    )


def published(*values: float) -> tuple[Datapoint, ...]:
    """The minutes before now, newest first."""
    newest = NOW - NOW % MINUTE - MINUTE
    return tuple(Datapoint(newest - MINUTE * age, value) for age, value in enumerate(values))


def answered(*values: str, server: str = "192.0.2.53:53", ttl: int = 60) -> Answer:
    """What a server gives for A."""
    return Answer(server, "A", values=values, ttl=ttl, rcode="NOERROR")


def well() -> Seen:
    """Everything as it should be."""
    return Seen(
        now=NOW,
        setup=setup,
        checks={"c1": CheckSeen(observed(healthy=12), (), published(1, 1, 1, 1, 1))},
        answers=(answered(PRIMARY),),
        alarms={"ill": AlarmSeen("OK", "Threshold Crossed: …", NOW - 5000)},
    )


def failed_over() -> Seen:
    """The primary has been ill for two minutes, and everybody knows."""
    return replace(
        well(),
        checks={"c1": CheckSeen(observed(healthy=0, failing=12), (), published(0, 0, 1, 1, 1))},
        answers=(answered(STANDBY),),
        alarms={
            "ill": AlarmSeen(
                "ALARM",
                "Threshold Crossed: …",
                NOW - 60,
                (StateChange(NOW - 60, "OK", "ALARM"),),
                (ActionTaken(NOW - 60, TOPIC_ARN, True, "Successfully executed action"),),
            )
        },
    )

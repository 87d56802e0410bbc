"""Who is told, and when the alarm goes off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from stillup.plan.file.parts import Conflict, Part
from stillup.plan.file.words import NoTwins, Region, Topic, Truth, Whole

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+", max_length=2048)]


class AlarmSettings(Part):
    """The CloudWatch alarm on the primary's check. The defaults tell at the first ill minute, and of recovery."""

    name: str | None = Field(None, min_length=1, max_length=255)
    """Without it made from the failover's name."""
    region: Region = "us-east-1"
    """Where Route 53 publishes its metrics; an alarm elsewhere never sees them."""
    metric: str = Field("HealthCheckStatus", min_length=1, max_length=255)
    """Of Route 53, by its name."""
    statistic: Literal["Minimum", "Maximum", "Average", "Sum", "SampleCount"] = "Minimum"
    """What is made of the checkers' values within a period."""
    comparison: Literal[
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
    ] = "LessThanThreshold"
    """How the statistic stands to the threshold when something is wrong."""
    threshold: float = Field(1.0, allow_inf_nan=False)
    """The metric is 1 while the primary is well, and 0 while it is not."""
    period: Whole = Field(60, ge=10)
    """Seconds."""
    evaluation_periods: Whole = Field(1, ge=1)
    """Periods that are looked at."""
    datapoints_to_alarm: Whole | None = Field(None, ge=1)
    """How many of them must be wrong; without it all."""
    treat_missing_data: Literal["breaching", "notBreaching", "ignore", "missing"] = "breaching"
    """What silence means; `breaching` tells of a check that is gone."""
    ok_actions: Truth = True
    """Whether the recovery is told too."""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """What CloudWatch takes for no alarm (PutMetricAlarm)."""
        period = given.get("period", 60)
        if isinstance(period, int) and period >= 10 and period not in (10, 20, 30) and period % 60:
            yield ("period",), f"must be 10, 20, 30 or a multiple of 60 seconds, not {period}"
        needed, all_of_them = given.get("datapoints-to-alarm"), given.get("evaluation-periods", 1)
        if isinstance(needed, int) and isinstance(all_of_them, int) and needed > all_of_them:
            yield ("datapoints-to-alarm",), f"cannot be more than the {all_of_them} of `evaluation-periods`"


class Alert(Part):
    """Who is told when the primary fails, and when it is back."""

    emails: Annotated[tuple[Email, ...], NoTwins] = ()
    """Each must confirm the subscription before anything is sent."""
    webhooks: Annotated[tuple[Url, ...], NoTwins] = ()
    """URLs that get SNS's JSON."""
    topic: Topic | None = None
    """Its name, or the ARN of one that is made and kept elsewhere; without it made from the failover's name."""
    alarm: AlarmSettings = AlarmSettings()
    """When it goes off."""

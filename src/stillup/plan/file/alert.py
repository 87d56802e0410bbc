"""Who is told, and when the alarm goes off."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stillup.plan.file.parts import Part, Truth, Whole

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+", max_length=2048)]


class AlarmSettings(Part):
    """The CloudWatch alarm on the primary's check. The defaults tell at the first ill minute, and of recovery."""

    name: str | None = Field(None, min_length=1, max_length=255)
    """Without it made from the failover's name."""
    region: str = "us-east-1"
    """Where Route 53 publishes its metrics; an alarm elsewhere never sees them."""
    metric: str = "HealthCheckStatus"
    statistic: Literal["Minimum", "Maximum", "Average", "Sum", "SampleCount"] = "Minimum"
    comparison: Literal[
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
    ] = "LessThanThreshold"
    threshold: float = 1.0
    period: Whole = Field(60, ge=10)
    """Seconds."""
    evaluation_periods: Whole = Field(1, ge=1)
    datapoints_to_alarm: Whole | None = Field(None, ge=1)
    treat_missing_data: Literal["breaching", "notBreaching", "ignore", "missing"] = "breaching"
    ok_actions: Truth = True
    """Whether the recovery is told too."""


class Alert(Part):
    """Who is told when the primary fails, and when it is back."""

    emails: tuple[Email, ...] = ()
    webhooks: tuple[Url, ...] = ()
    """URLs that get SNS's JSON."""
    topic: str | None = None
    """Its name, or the ARN of one that is made and kept elsewhere; without it made from the failover's name."""
    alarm: AlarmSettings = AlarmSettings()

"""How often a drill looks: seldom enough to be no burden, often enough to miss nothing."""

from __future__ import annotations

import boto3
import pytest

from stillup.drill.stopwatch import Stopwatch
from stillup.drill.watchers.check_status import CheckWatcher
from stillup.plan.detection import pace_of
from stillup.plan.setup import CheckConfig

ROUTE53 = boto3.Session("any", "any", region_name="us-east-1").client("route53")


@pytest.mark.parametrize(
    ("rate", "tags", "is_on_aws", "pace"),
    [
        (1.0, {}, True, 2.5),
        (1.0, {}, False, 1.0),
        # Calls of the API do not come cheaper where the engine's clock runs faster.
        (20.0, {}, False, 0.25),
        # But a check is looked at twice from one probe to the next.
        (20.0, {"stillup:interval": "6s"}, False, 0.15),
        (20.0, {"stillup:confirm-interval": "4s"}, False, 0.1),
        (100.0, {"stillup:interval": "1s"}, False, 0.05),
    ],
)
def test_a_check_is_looked_at_in_real_seconds(
    rate: float, tags: dict[str, str], is_on_aws: bool, pace: float
) -> None:
    probed = pace_of(CheckConfig(type="HTTP"), tags)
    watcher = CheckWatcher(ROUTE53, "check", probed, clock=Stopwatch(rate), is_on_aws=is_on_aws)

    assert watcher.pace == pytest.approx(pace)

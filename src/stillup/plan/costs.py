"""What is paid for, in kind: AWS's prices change, what they are asked for does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from stillup.plan.setup import CheckConfig, Setup
from stillup.plan.step import Cost

_AWS_NAMES: Final = (".amazonaws.com", ".amazonaws.com.cn", ".cloudfront.net")
_FAST: Final = 30
"""Seconds: a shorter request interval is an option."""


def costs(setup: Setup, *, primary_in_aws: bool = False) -> tuple[Cost, ...]:
    """Everything that the set-up is billed for, with how many of it, in the order of their making.

    A check of an endpoint in AWS is cheaper than one elsewhere, and its name tells which it is; of an address only the
    caller knows (`primary_in_aws`: the plan names instances behind it). Checks that are kept elsewhere are not counted.
    """
    counted: Counter[str] = Counter()
    if setup.bucket is not None and setup.bucket.is_published:
        counted["S3 bucket"] += 1
        counted["S3 object"] += len(setup.bucket.objects)
    for key, check in setup.checks.items():
        if check.config is not None:
            in_aws = _is_in_aws(check.config) or (primary_in_aws and key == "primary")
            counted["health check in AWS" if in_aws else "health check outside AWS"] += 1
            counted.update(_options(check.config))
    counted["SNS topic"] += sum(topic.is_kept for topic in setup.topics)
    counted["CloudWatch alarm"] += len(setup.alarms)
    return tuple(Cost(what, count) for what, count in counted.items() if count)


def _is_in_aws(config: CheckConfig) -> bool:
    return config.ip_address is None and (config.fqdn or "").endswith(_AWS_NAMES)


def _options(config: CheckConfig) -> Iterator[str]:
    """The four options of a check that AWS bills one by one."""
    if config.request_interval is not None and config.request_interval < _FAST:
        yield "option: fast interval"
    if config.type.startswith("HTTPS"):
        yield "option: HTTPS"
    if config.type.endswith("_STR_MATCH"):
        yield "option: string matching"
    if config.measure_latency:
        yield "option: latency measurement"

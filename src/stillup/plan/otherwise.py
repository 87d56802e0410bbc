"""A recorded check as a plan, or somebody who wonders, would have it; and what a recording cannot tell of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stillup.plan.replay import shortest_interval
from stillup.plan.setup import CheckConfig
from stillup.rules.durations import render_duration
from stillup.rules.health.check import HealthCheck, HealthCheckType
from stillup.rules.health.recording import Run
from stillup.rules.health.refinements import PREFIX, pace

_CLOSER: Final = 0.9
"""Recorded probes may be this much closer than the interval that they were made at, and none is missed."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is different about a check. None is as it was."""

    failures: int | None = None
    interval: float | None = None
    """Seconds."""
    regions: tuple[str, ...] | None = None
    inverted: bool | None = None
    disabled: bool | None = None
    tags: Mapping[str, str] | None = None
    """In place of all `stillup:` tags."""

    def but(self, *, failures: int | None, interval: float | None) -> Otherwise:
        """With these in place of its own, where they are given."""
        tags = self.tags
        if failures is not None and tags is not None:
            tags = {key: value for key, value in tags.items() if key not in _THRESHOLDS}
        return replace(
            self,
            failures=self.failures if failures is None else failures,
            interval=self.interval if interval is None else interval,
            tags=tags,
        )

    def __call__(self, check: HealthCheck) -> HealthCheck:
        """The check as it would have been."""
        config = check.config
        tags = dict(check.tags) if self.tags is None else _other_tags(check.tags, self.tags)
        if self.interval is not None:
            tags[f"{PREFIX}interval"] = render_duration(self.interval)
        if self.failures is not None and self.tags is None:
            tags = {key: value for key, value in tags.items() if key not in _THRESHOLDS}
        changed = replace(
            config,
            failure_threshold=config.failure_threshold if self.failures is None else self.failures,
            regions=config.regions if self.regions is None else self.regions,
            inverted=config.inverted if self.inverted is None else self.inverted,
            disabled=config.disabled if self.disabled is None else self.disabled,
        )
        return replace(check, config=changed, tags=tags)


_THRESHOLDS: Final = (f"{PREFIX}fall", f"{PREFIX}rise")
"""What wins over FailureThreshold, and so goes where that is asked for."""


def as_planned(config: CheckConfig, tags: Mapping[str, str]) -> Otherwise:
    """What a plan asks of its check, as far as a recording can answer."""
    own = {key: value for key, value in tags.items() if key.startswith(PREFIX)}
    if config.request_interval is not None:
        own.setdefault(f"{PREFIX}interval", render_duration(config.request_interval))
    return Otherwise(
        failures=config.failure_threshold,
        regions=config.regions,
        inverted=config.inverted,
        disabled=config.disabled,
        tags=own,
    )


def untold(asked: Otherwise, recorded: HealthCheck, runs: Sequence[Run]) -> Iterator[str]:
    """What the recording cannot answer of the question, in words."""
    closest = shortest_interval(runs)
    wanted = pace(asked(recorded)).interval
    if closest is not None and wanted < _CLOSER * closest:
        yield (
            f"probes were made every {closest:.3g} s: what would have been seen every {wanted:g} s is not known, "
            "and only the recorded ones are judged"
        )
    seen = {run.vantage for run in runs}
    if asked.regions and not seen.intersection(asked.regions):
        yield f"nobody probed from {', '.join(asked.regions)}: those who did are judged ({', '.join(sorted(seen))})"


def unlike(config: CheckConfig, recorded: HealthCheck) -> Iterator[str]:
    """What the plan probes otherwise than was recorded: no replay knows what it would have seen."""
    before = recorded.config
    for what, then, now in (
        ("type", before.type.value, config.type),
        ("address", before.ip_address, config.ip_address),
        ("host", before.fqdn, config.fqdn),
        ("port", before.probed_port, config.port or _own_port(config.type)),
        ("path", before.resource_path or "/", config.resource_path or "/"),
        ("string", before.search_string, config.search_string),
    ):
        if then != now and before.type.is_endpoint:
            yield f"the {what} was {then}, and is {now} in the plan: what that would have shown is not known"


def _own_port(type_: str) -> int | None:
    return HealthCheckType(type_).own_port if type_ in set(HealthCheckType) else None


def _other_tags(tags: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    return {**{key: value for key, value in tags.items() if not key.startswith(PREFIX)}, **own}

"""Creating, updating, tagging and deleting health checks: a request and a world in, a change or a refusal out."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from typing import Final

from stillup.rules.changes import HealthCheckDeleted, HealthCheckPut
from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.health.check import HealthCheck
from stillup.rules.health.configure import configure, kind_of
from stillup.rules.health.refinements import LATCH_TAG, parse_refinements
from stillup.rules.health.settings import RESETS, Resettable, Settings, settings_of
from stillup.rules.health.stream import copied_trigger
from stillup.rules.health.tags import retag
from stillup.rules.ids import HealthCheckId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

MOST_HEALTH_CHECKS: Final = 200
"""Active health checks of one account (HC-46)."""
MOST_REFERENCE: Final = 64
"""Characters of a CallerReference (HC-43)."""


def find(world: World, check_id: HealthCheckId) -> HealthCheck | Refusal:
    """The check, or NoSuchHealthCheck."""
    check = world.health_checks.get(check_id)
    if check is None:
        return Refusal.because("NoSuchHealthCheck", f"A health check with id {check_id} does not exist.")
    return check


def find_by_reference(world: World, caller_reference: str) -> HealthCheck | None:
    """The check that was created with this CallerReference, unless it is gone."""
    checks = world.health_checks.values()
    return next((check for check in checks if check.caller_reference == caller_reference), None)


def create(
    world: World,
    *,
    check_id: HealthCheckId,
    caller_reference: str,
    kind: str,
    settings: Settings,
    policy: ProbePolicy,
) -> HealthCheckPut | HealthCheck | Refusal:
    """A new check under this id, or the one that the same request made before (HC-43).

    | CallerReference        | settings  | outcome                  |
    |------------------------|-----------|--------------------------|
    | of an existing check   | identical | that check               |
    | of an existing check   | different | HealthCheckAlreadyExists |
    | of a deleted check     | any       | HealthCheckAlreadyExists |
    | new                    | any       | a new check              |
    """
    if not 1 <= len(caller_reference) <= MOST_REFERENCE:
        return Refusal.because(
            "InvalidInput", f"Invalid parameter : CallerReference must have 1 to {MOST_REFERENCE} characters."
        )
    if caller_reference in world.retired_references:
        return _TAKEN
    known_kind = kind_of(kind)
    if isinstance(known_kind, Refusal):
        return known_kind
    config = configure(known_kind, settings, given=settings, checks=world.health_checks, policy=policy)
    if isinstance(config, Refusal):
        return config
    namesake = find_by_reference(world, caller_reference)
    if namesake is not None:
        return namesake if namesake.config == config else _TAKEN
    if len(world.health_checks) >= MOST_HEALTH_CHECKS:
        return Refusal.because(
            "TooManyHealthChecks",
            f"This health check can't be created because the current account has reached the limit of "
            f"{MOST_HEALTH_CHECKS} active health checks.",
        )
    trigger = copied_trigger(world, config)
    if isinstance(trigger, Refusal):
        return trigger
    return HealthCheckPut(HealthCheck(check_id, caller_reference, config, trigger=trigger))


_TAKEN: Final = Refusal.because(
    "HealthCheckAlreadyExists",
    "A different health check has already been created with the specified caller reference.",
)


def update(
    world: World,
    check_id: HealthCheckId,
    given: Settings,
    *,
    version: int | None,
    reset: AbstractSet[Resettable],
    policy: ProbePolicy,
) -> HealthCheckPut | Refusal:
    """The check with these settings changed and the others kept (HC-20), one version further (HC-21).

    Where a request both resets and sets an element, it is set. The settings of an alarm are copied anew (HC-39).
    """
    check = find(world, check_id)
    if isinstance(check, Refusal):
        return check
    if version is not None and check.version > version:
        return Refusal.because(
            "HealthCheckVersionMismatch",
            f"The health check is at version {check.version}, not {version}: it was updated in between.",
        )
    if given.ip_address is not None and check.config.ip_address is None:
        return Refusal.because(
            "InvalidInput",
            "Invalid parameter : an IP address cannot be added to an existing health check.",
        )
    config = configure(
        check.config.type,
        _patched(settings_of(check.config), given, reset),
        given=given,
        checks=world.health_checks,
        policy=policy,
    )
    if isinstance(config, Refusal):
        return config
    trigger = copied_trigger(world, config)
    if isinstance(trigger, Refusal):
        return trigger
    return HealthCheckPut(replace(check, config=config, trigger=trigger, version=check.version + 1))


def _patched(stored: Settings, given: Settings, reset: AbstractSet[Resettable]) -> Settings:
    cleared = replace(stored, **{RESETS[element]: None for element in reset})
    changes = {field.name: getattr(given, field.name) for field in fields(given)}
    return replace(cleared, **{name: value for name, value in changes.items() if value is not None})


def set_tags(
    world: World,
    check_id: HealthCheckId,
    *,
    add: Sequence[tuple[str, str]],
    remove: Sequence[str],
) -> HealthCheckPut | Refusal:
    """The check with its tags changed; setting or deleting `stillup:latch` releases the latch.

    A bad `stillup:` tag is refused with InvalidInput, and nothing changes (decision 5).
    """
    check = find(world, check_id)
    if isinstance(check, Refusal):
        return check
    tags = retag(check.tags, add=add, remove=remove)
    if isinstance(tags, Refusal):
        return tags
    refined = parse_refinements(dict(add))
    if isinstance(refined, Refusal):
        return refined
    releases = any(key == LATCH_TAG for key, _ in add) or (LATCH_TAG in remove and LATCH_TAG in check.tags)
    return HealthCheckPut(
        replace(check, tags=tags, latch_generation=check.latch_generation + (1 if releases else 0))
    )


def delete(world: World, check_id: HealthCheckId) -> HealthCheckDeleted | Refusal:
    """The check is gone. Records and parents that use it are no obstacle: to them it is healthy (HC-44)."""
    check = find(world, check_id)
    return check if isinstance(check, Refusal) else HealthCheckDeleted(check_id)

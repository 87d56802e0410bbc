"""What is done to alarms that are there: deleted, and their actions switched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from stillup.rules.alarms.alarm import Alarm
from stillup.rules.alarms.composite import child_arns
from stillup.rules.alarms.configuration_history import deleted, updated
from stillup.rules.alarms.configure import Place
from stillup.rules.changes import AlarmActionsSwitched, AlarmsDeleted
from stillup.rules.ids import Arn, Instant
from stillup.rules.refusal import Refusal
from stillup.rules.world import World


def delete_alarms(
    world: World, names: Collection[str], *, place: Place, now: Instant
) -> AlarmsDeleted | Refusal | None:
    """DeleteAlarms: all that can be named, or none; None if none of them exists.

    | named                                          | happens                           |
    |------------------------------------------------|-----------------------------------|
    | an alarm that exists                           | it goes                           |
    | one that does not exist                        | nothing, and no error             |
    | one that a composite alarm's rule names, which stays | nothing goes: ValidationError |
    | two composite alarms                           | nothing goes: ValidationError     |
    """
    going = _existing(world, names, place)
    composite = [alarm.name for alarm in going if alarm.rule is not None]
    if len(composite) > 1:
        return Refusal.because(
            "ValidationError",
            f"Cannot delete more than one composite alarm at a time: {', '.join(composite)}.",
        )
    arns = {alarm.arn for alarm in going}
    needed = {arn for alarm in world.alarms.values() if alarm.arn not in arns for arn in child_arns(alarm)}
    kept = [alarm.name for alarm in going if alarm.arn in needed]
    if kept:
        pronoun = "it" if len(kept) == 1 else "them"
        return Refusal.because(
            "ValidationError",
            f"Cannot delete {','.join(kept)} as there are composite alarm(s) depending on {pronoun}.",
        )
    if not going:
        return None
    return AlarmsDeleted(
        tuple(alarm.arn for alarm in going), tuple(deleted(alarm, at=now) for alarm in going)
    )


def switch_actions(
    world: World, names: Collection[str], *, enabled: bool, place: Place, now: Instant
) -> AlarmActionsSwitched | None:
    """EnableAlarmActions and DisableAlarmActions: of those alarms that exist; None if it changes none."""
    switched = [alarm for alarm in _existing(world, names, place) if alarm.actions_enabled is not enabled]
    if not switched:
        return None
    return AlarmActionsSwitched(
        tuple(alarm.arn for alarm in switched),
        enabled,
        tuple(updated(alarm, replace(alarm, actions_enabled=enabled), at=now) for alarm in switched),
    )


def _existing(world: World, names: Collection[str], place: Place) -> Sequence[Alarm]:
    arns: list[Arn] = [place.arn_of(name) for name in dict.fromkeys(names)]
    return [world.alarms[arn] for arn in arns if arn in world.alarms]

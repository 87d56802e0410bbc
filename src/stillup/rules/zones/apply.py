"""ChangeResourceRecordSets: a batch is judged whole, and then lands whole or not at all (CH-2).

Three looks, and every reason of the last two at once, in the order of the request:

    batch ──▶ is it short enough? ──▶ each change by itself ──▶ the zone as it would be ──▶ RecordsChanged
                     │                         │                          │
                     ▼                         └────────────┬─────────────┘
                  Refusal                                Refusal

AWS does not say whether changes are judged one by one or by what they lead to. Here it is the end that
counts, whatever the order: a CNAME may give way to an A record, an alias may come before its target, and
PRIMARY and SECONDARY may change places. Only names that the batch touches are looked at, so the work does
not grow with the zone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from stillup.rules.changes import Node, RecordsChanged
from stillup.rules.ids import HealthCheckId
from stillup.rules.names import DomainName
from stillup.rules.records import RecordSet, RecordSetKey
from stillup.rules.refusal import Refusal
from stillup.rules.zones.action_rules import contradiction, contradictions, problem_with_action
from stillup.rules.zones.alias_rules import bad_targets, loops
from stillup.rules.zones.batch_limits import overfull_zone, refuse_size
from stillup.rules.zones.change_batch import ChangeAction, ChangeBatch, RequestedChange, UnreadableChange
from stillup.rules.zones.draft import Draft, Reason
from stillup.rules.zones.node_rules import clashes, incomplete_apex
from stillup.rules.zones.record_set_rules import problems_with_record_set, unknown_health_check
from stillup.rules.zones.weighted_ttl import with_common_ttls
from stillup.rules.zones.zone import HostedZone, Submission

_RULES_FOR_THE_END: Final[tuple[Callable[[Draft], Iterator[Reason]], ...]] = (
    clashes,
    incomplete_apex,
    bad_targets,
    loops,
    overfull_zone,
)
"""In the order in which their reasons about one change are listed."""


def apply_batch(
    zone: HostedZone,
    batch: ChangeBatch,
    *,
    health_checks: Collection[HealthCheckId],
    submission: Submission,
) -> RecordsChanged | Refusal:
    """The names that the batch touches as it leaves them, or all reasons why it cannot be.

    `health_checks` are those that exist. The refusal is NoSuchHealthCheck if nothing else is wrong (HC-45),
    otherwise InvalidChangeBatch.
    """
    refusal = refuse_size(batch)
    if refusal is not None:
        return refusal
    sketch = _Sketch(zone)
    reasons = list(_problems_one_by_one(sketch, batch, health_checks))
    draft = sketch.finished()
    for rule in _RULES_FOR_THE_END:
        reasons.extend(rule(draft))
    if reasons:
        return _refuse(reasons)
    return RecordsChanged(zone.id, tuple(Node(*node) for node in draft.nodes.items()), submission)


def _refuse(reasons: Iterable[Reason]) -> Refusal:
    ordered = sorted(reasons, key=lambda reason: reason.position)
    codes = {reason.code for reason in ordered}
    code = codes.pop() if len(codes) == 1 else "InvalidChangeBatch"
    return Refusal(code, tuple(dict.fromkeys(reason.text for reason in ordered)))


def _problems_one_by_one(
    sketch: _Sketch, batch: ChangeBatch, health_checks: Collection[HealthCheckId]
) -> Iterator[Reason]:
    """Carry out in the sketch whatever can be, and tell what is wrong with each change by itself.

    A set with a bad value still takes its place, so that no other change is blamed for its absence.
    """
    contradicted = contradictions(batch)
    for position, change in enumerate(batch.changes):
        for fault in change.faults:
            yield Reason(position, fault)
        if isinstance(change, UnreadableChange):
            continue
        key = change.record_set.key
        problems = _problems_by_itself(sketch.zone, change)
        if key in contradicted:
            problems += (contradiction(key),) if contradicted[key] == position else ()
        elif key.name.is_under(sketch.zone.name):
            problem = problem_with_action(change, sketch.node(key.name).get(key))
            if problem is None and not problems:
                sketch.carry_out(position, change)
            problems += () if problem is None else (problem,)
        for problem in problems:
            yield Reason(position, problem)
        unknown = unknown_health_check(change.record_set, health_checks)
        if unknown is not None and change.action is not ChangeAction.DELETE:
            yield Reason(position, unknown, "NoSuchHealthCheck")


def _problems_by_itself(zone: HostedZone, change: RequestedChange) -> tuple[str, ...]:
    """A DELETE is judged by what is there, so only its name can be wrong."""
    if change.action is ChangeAction.DELETE and change.record_set.name.is_under(zone.name):
        return ()
    return problems_with_record_set(zone.name, change.record_set)


class _Sketch:
    """A draft in the making."""

    def __init__(self, zone: HostedZone) -> None:
        self.zone = zone
        self._nodes: dict[DomainName, dict[RecordSetKey, RecordSet]] = {}
        self._written: dict[RecordSetKey, int] = {}
        self._removed: dict[RecordSetKey, int] = {}

    def node(self, name: DomainName) -> dict[RecordSetKey, RecordSet]:
        """The record sets of this name so far."""
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = {each.key: each for each in self.zone.nodes.get(name, ())}
        return node

    def carry_out(self, position: int, change: RequestedChange) -> None:
        """Do what the change says; it must have been found possible."""
        key = change.record_set.key
        if change.action is ChangeAction.DELETE:
            del self.node(key.name)[key]
            self._removed[key] = position
        else:
            self.node(key.name)[key] = change.record_set
            self._written[key] = position

    def finished(self) -> Draft:
        """The draft, its nodes in the order that a zone keeps them in."""
        nodes = {
            name: tuple(
                sorted(
                    with_common_ttls(node.values(), self._written),
                    key=lambda each: (each.type, each.set_identifier or ""),
                )
            )
            for name, node in self._nodes.items()
        }
        return Draft(self.zone, nodes, self._written, self._removed)

"""How much a batch and a zone may hold (CH-4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stillup.rules.refusal import Refusal
from stillup.rules.zones.change_batch import ChangeAction, ChangeBatch, RequestedChange
from stillup.rules.zones.draft import Draft, Reason

MAX_RECORDS: Final = 1_000
"""ResourceRecord elements in a batch; those of an UPSERT count twice."""
MAX_CHARACTERS: Final = 32_000
"""Characters of all Values in a batch; those of an UPSERT count twice."""
MAX_RECORD_SETS: Final = 10_000
"""Record sets in a zone."""


def refuse_size(batch: ChangeBatch) -> Refusal | None:
    """InvalidChangeBatch for a batch that is too long to be looked at; None for any other."""
    records = characters = 0
    for change in batch.changes:
        if isinstance(change, RequestedChange):
            weight = 2 if change.action is ChangeAction.UPSERT else 1
            records += weight * len(change.record_set.records)
            characters += weight * sum(len(each.text) for each in change.record_set.records)
    reasons = []
    if records > MAX_RECORDS:
        reasons.append(f"Number of records limit of {MAX_RECORDS} exceeded.")
    if characters > MAX_CHARACTERS:
        reasons.append(f"RDATA character limit of {MAX_CHARACTERS} exceeded.")
    return Refusal("InvalidChangeBatch", tuple(reasons)) if reasons else None


def overfull_zone(draft: Draft) -> Iterator[Reason]:
    """A batch may not make a zone grow beyond its limit; one that does not grow it is always welcome."""
    growth = sum(len(node) - len(draft.zone.nodes.get(name, ())) for name, node in draft.nodes.items())
    # Only for a batch that adds is the zone counted: one small number for each of its names.
    if growth > 0 and draft.zone.record_set_count + growth > MAX_RECORD_SETS:
        yield Reason(
            max(draft.written.values()), f"Exceeded limit MAX_RRSETS_BY_ZONE for zone: {draft.zone.id}"
        )

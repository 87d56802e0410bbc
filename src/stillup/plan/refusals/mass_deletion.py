"""Too much at once goes away: an empty folder, a wrong path, a plan of something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stillup.plan.setup import Setup
from stillup.plan.step import Action, Kind, Refusal, Step

MOST_DELETED_SHARE: Final = 1 / 3
"""Of the objects, or of the subscriptions, that there are."""
FEWEST_DELETED: Final = 5
"""Fewer deletions than this are never too many."""


def mass_deletion(actual: Setup, steps: Iterable[Step]) -> Iterator[Refusal]:
    """A refusal for each kind of which more than a third goes, and at least five.

    | there are | deleted | refused |
    |-----------|---------|---------|
    | 6         | 4       | no      |
    | 15        | 5       | no      |
    | 14        | 5       | yes     |
    | 5         | 5       | yes     |
    """
    listed = tuple(steps)
    there = {
        Kind.OBJECT: 0 if actual.bucket is None else len(actual.bucket.objects),
        Kind.SUBSCRIPTION: sum(len(topic.subscriptions) for topic in actual.topics),
    }
    for kind, total in there.items():
        gone = sum(step.kind is kind and step.action is Action.DELETE for step in listed)
        if gone >= FEWEST_DELETED and gone > total * MOST_DELETED_SHARE:
            yield Refusal(
                id="mass-deletion",
                text=(
                    f"{gone} of {total} {kind}s of {actual.name} would be deleted: {gone / total:.0%}, more than "
                    f"{MOST_DELETED_SHARE:.0%} and at least {FEWEST_DELETED}."
                ),
                remedy="See whether the plan names the right folder; if this is meant, pass --force.",
            )

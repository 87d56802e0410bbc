"""Too much at once goes away: an empty folder, a wrong path, a plan of something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from stillup.plan.setup import Setup, StoredObject
from stillup.plan.step import Action, Kind, Refusal, Step

MOST_DELETED_SHARE: Final = 1 / 3
"""Of the objects, or of the subscriptions, that there are."""
FEWEST_DELETED: Final = 5
"""Fewer deletions than this are never too many."""


def mass_deletion(desired: Setup, actual: Setup, steps: Iterable[Step]) -> Iterator[Refusal]:
    """A refusal for each kind of which more than a third goes, and at least five.

    | there are | deleted | refused |
    |-----------|---------|---------|
    | 6         | 4       | no      |
    | 15        | 5       | no      |
    | 14        | 5       | yes     |
    | 5         | 5       | yes     |

    An object that is published elsewhere by then is not lost, and does not count.
    """
    listed = tuple(steps)
    buckets = [each for each in (actual.bucket, *actual.other_buckets) if each is not None]
    published = {} if desired.bucket is None else desired.bucket.objects
    there = {
        Kind.OBJECT: sum(len(each.objects) for each in buckets),
        Kind.SUBSCRIPTION: sum(len(topic.subscriptions) for topic in actual.topics),
    }
    for kind, total in there.items():
        gone = sum(
            step.kind is kind and step.action is Action.DELETE and not _is_among(step.before, published)
            for step in listed
        )
        if gone >= FEWEST_DELETED and gone > total * MOST_DELETED_SHARE:
            yield Refusal(
                id="mass-deletion",
                text=(
                    f"{gone} of {total} {kind}s of {actual.name} would be deleted: {gone / total:.0%}, more than "
                    f"{MOST_DELETED_SHARE:.0%} and at least {FEWEST_DELETED}."
                ),
                remedy="See whether the plan names the right folder; if this is meant, pass --force.",
            )


def _is_among(gone: object, published: Mapping[str, StoredObject]) -> bool:
    if not isinstance(gone, StoredObject) or gone.key not in published:
        return False
    return published[gone.key].digest == gone.digest

"""Tags of alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stillup.rules.refusal import Refusal

MOST_TAGS: Final = 50
"""Of one alarm."""
RESERVED_PREFIX: Final = "aws:"


def retag(
    tags: Mapping[str, str], *, add: Sequence[tuple[str, str]] = (), remove: Sequence[str] = ()
) -> Mapping[str, str] | Refusal:
    """The tags after TagResource or UntagResource. What is not there is removed with success.

    Refuses keys of AWS's own, a key given twice, and more than MOST_TAGS, with InvalidParameterValue.
    """
    changed = {key: value for key, value in tags.items() if key not in remove} | dict(add)
    if len(dict(add)) < len(add):
        return Refusal.because("InvalidParameterValue", "Duplicate tag keys are not allowed.")
    if any(key.lower().startswith(RESERVED_PREFIX) for key, _ in add):
        return Refusal.because(
            "InvalidParameterValue", "System tags cannot be added or updated: no key may begin with aws:."
        )
    if len(changed) > MOST_TAGS:
        return Refusal.because(
            "InvalidParameterValue", f"An alarm must not have more than {MOST_TAGS} tags, not {len(changed)}."
        )
    return changed

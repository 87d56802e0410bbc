"""Names for what has no id yet: `${check/primary}` stands where the id of a check will be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_FORM: Final = re.compile(r"\$\{([^{}]+)\}")


def reference(address: str) -> str:
    """The reference to what has this address in a Setup, such as `check/primary` and `topic`."""
    return f"${{{address}}}"


def is_reference(text: str) -> bool:
    """Whether this stands for an id that is not known yet."""
    return _FORM.fullmatch(text) is not None


def resolve(text: str, ids: Mapping[str, str]) -> str:
    """The text with the ids that are known in place of their references; the others stay."""
    return _FORM.sub(lambda found: ids.get(found[1], found[0]), text)

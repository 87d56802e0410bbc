"""Wildcards, ARNs and policy variables: what a text in a policy matches.

Every pattern becomes a regular expression without backtracking between its wildcards, so that no policy can make
matching slow: the earliest place where a piece between two `*` fits is as good as any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, Protocol, TypeAlias

Context: TypeAlias = Mapping[str, tuple[str, ...]]
"""The values of each condition key of a request, by the key in lower case. A key without values is not there."""

_ARN_COMPONENTS: Final = 6
_ANYTHING: Final = "."
_WITHIN_COMPONENT: Final = "[^:]"
_NEVER: Final = "(?!)"
_VARIABLE: Final = re.compile(r"\$\{(?:([*?$])|([^\s,{}']+)(?:\s*,\s*'([^']*)')?\s*)\}")
# What stands in a pattern for a character that is meant literally. No text of a request contains these.
_SHIELDS: Final = {"*": "\ud800", "?": "\ud801", ":": "\ud802"}
_SHIELDING: Final = str.maketrans(_SHIELDS)
_UNSHIELDING: Final = str.maketrans({shield: character for character, shield in _SHIELDS.items()})


class Spelling(Protocol):
    """How a pattern is read: its regular expression."""

    def __call__(self, pattern: str, /) -> str:
        """The source of the expression."""


def glob(pattern: str) -> str:
    """`*` is any run of characters, `?` any one."""
    return _glob(pattern, _ANYTHING)


def action_glob(pattern: str) -> str:
    """A glob for an action in lower case: case makes no difference to actions."""
    return _glob(pattern.lower(), _ANYTHING)


def arn_glob(pattern: str) -> str:
    """As ArnLike reads it: each of the six components of an ARN for itself."""
    components = pattern.split(":", _ARN_COMPONENTS - 1)
    if len(components) < _ARN_COMPONENTS:
        return glob(pattern)
    return _by_components(components[:-1], components[-1])


def resource_glob(pattern: str) -> str:
    """As the Resource element reads it: component by component, but one that ends with `*` runs on to the end.

    IAM User Guide, reference_policies_elements_resource: "it can expand to match beyond the colon boundaries".
    """
    components = pattern.split(":", _ARN_COMPONENTS - 1)
    bounded = 0
    while bounded < len(components) - 1 and not components[bounded].endswith("*"):
        bounded += 1
    return _by_components(components[:bounded], ":".join(components[bounded:]))


def has_variables(pattern: str) -> bool:
    """Whether there is any `${…}` in it."""
    return _VARIABLE.search(pattern) is not None


def variables_in(pattern: str) -> list[str]:
    """The condition keys that the variables of the pattern have no default for, in lower case."""
    return [key.lower() for _, key, default in _VARIABLE.findall(pattern) if key and not default]


def substitute(pattern: str, context: Context) -> str | None:
    """The pattern with each `${key}` replaced, or None where the request has no single value for one.

    What a variable stands for is literal: a `*` in it is no wildcard, a `:` begins no component. `${key, 'text'}`
    has a default; `${*}`, `${?}` and `${$}` are these characters themselves.
    """
    missing = False

    def value_of(found: re.Match[str]) -> str:
        nonlocal missing
        character, key, default = found.groups()
        if character is not None:
            return str(character).translate(_SHIELDING)
        values = context.get(key.lower(), ())
        if len(values) != 1 and default is None:
            missing = True
            return ""
        return (values[0] if len(values) == 1 else str(default)).translate(_SHIELDING)

    replaced = _VARIABLE.sub(value_of, pattern)
    return None if missing else replaced


def literally(substituted: str) -> str:
    """What a substituted pattern says where wildcards mean nothing."""
    return substituted.translate(_UNSHIELDING)


@lru_cache(maxsize=1024)
def compiled(source: str) -> re.Pattern[str]:
    """The expression; the newest are remembered, for variables make new ones at every request."""
    return re.compile(source, re.DOTALL)


@dataclass(frozen=True, slots=True)
class Matcher:
    """A list of patterns, of which one must match. Those without variables are one expression."""

    constant: Callable[[str], object]
    """Says something true where one of those matches; the expression's own method, for this is asked often."""
    variable: tuple[str, ...]
    spelling: Spelling

    def matches(self, text: str, context: Context) -> bool:
        """Whether the whole text matches."""
        if self.constant(text):
            return True
        for pattern in self.variable:
            substituted = substitute(pattern, context)
            if substituted is not None and compiled(self.spelling(substituted)).fullmatch(text):
                return True
        return False


def matcher(patterns: Sequence[str], spelling: Spelling, *, variables: bool = False) -> Matcher:
    """The matcher of these patterns; without `variables`, `${` is text like any other."""
    variable = tuple(filter(has_variables, patterns)) if variables else ()
    constant = [spelling(pattern) for pattern in patterns if pattern not in variable]
    expression = re.compile("|".join(constant) if constant else _NEVER, re.DOTALL)
    return Matcher(expression.fullmatch, variable, spelling)


def _by_components(bounded: Sequence[str], rest: str) -> str:
    within = partial(_glob, any_character=_WITHIN_COMPONENT)
    return ":".join([*map(within, bounded), glob(rest)])


@lru_cache(maxsize=1024)
def _glob(pattern: str, any_character: str) -> str:
    first, *others = (
        any_character.join(re.escape(literally(text)) for text in piece.split("?"))
        for piece in re.split(r"\*+", pattern)
    )
    if not others:
        return first
    *inner, last = others
    return first + "".join(f"(?>{any_character}*?{piece})" for piece in inner) + f"{any_character}*{last}"

"""What is wrong with a value, in the words of somebody who writes a plan file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic_core import ErrorDetails

_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (dict, "a mapping"),
    (list, "a list"),
)


def in_plain_english(error: ErrorDetails) -> str:
    """One sentence without pydantic's words; messages of ours are kept as they are."""
    say = _WORDING.get(error["type"])
    if say is not None:
        return say(error.get("ctx", {}), error.get("input"))
    return error["msg"].removeprefix("Value error, ")


def unknown_key(key: str, known: Iterable[str], *, below: Mapping[str, str]) -> str:
    """What to say of a key that its mapping does not know. `below` tells where keys of its parts belong."""
    known = list(known)
    if key in below:
        return f"unknown key here; it belongs to `{below[key]}`"
    close = meant(key, known)
    if close is not None:
        return f"unknown key; did you mean `{close}`?"
    return f"unknown key; known here: {', '.join(known)}"


def meant(key: str, known: Iterable[str]) -> str | None:
    """The known key that is spelled nearly so, if there is one."""
    close = get_close_matches(key.lower().replace("_", "-"), list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def _kind(value: object) -> str:
    return next((word for kind, word in _KINDS if isinstance(value, kind)), "nothing")


def _must_be(what: str) -> Callable[[Mapping[str, Any], object], str]:
    return lambda ctx, value: f"must be {what}, not {_kind(value)}"


def _whole_number(_: Mapping[str, Any], value: object) -> str:
    if isinstance(value, str) and value.isdecimal():
        return f"must be a whole number: write {value} without quotes"
    return f"must be a whole number, not {_shown(value)}"


def _text(_: Mapping[str, Any], value: object) -> str:
    if isinstance(value, bool | int | float):
        return "must be text: put it in quotes"
    return f"must be text, not {_kind(value)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return f"`{value}`" if isinstance(value, str | int | float) else _kind(value)


def _one_of(ctx: Mapping[str, Any], value: object) -> str:
    words = str(ctx["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    close = get_close_matches(str(value), words, n=1, cutoff=0.6)
    hint = f"; did you mean `{close[0]}`?" if close and isinstance(value, str) else ""
    if len(words) == 1:
        return f"must be {words[0]}, not {_shown(value)}"
    return f"must be one of {', '.join(words)}, not {_shown(value)}{hint}"


_PATTERNS: Final[Mapping[str, str]] = {
    r"^[^@\s]+@[^@\s]+$": "is no e-mail address, such as `oncall@example.com`",
    r"^https?://[^\s/]+": "must be a URL that begins with http:// or https://",
    r"^https?://": "must be a URL that begins with http:// or https://",
    r"^SU\d{3}$": "is no id of a rule, such as `SU012`; `stillup lint --rules` lists them",
}


def _no_match(ctx: Mapping[str, Any], value: object) -> str:
    pattern = str(ctx["pattern"])
    return _PATTERNS.get(pattern, f"does not have the form {pattern}")


_WORDING: Final[Mapping[str, Callable[[Mapping[str, Any], object], str]]] = {
    "missing": lambda ctx, value: "missing",
    "model_type": _must_be("a mapping (lines of `key: value`)"),
    "model_attributes_type": _must_be("a mapping (lines of `key: value`)"),
    "dict_type": _must_be("a mapping (lines of `key: value`)"),
    "tuple_type": _must_be("a list (lines of `- item`, or `[item, item]`)"),
    "string_type": _text,
    "string_unicode": lambda ctx, value: "must be text without halves of surrogate pairs",
    "bool_type": _must_be("true or false"),
    "int_type": _whole_number,
    "int_from_float": _whole_number,
    "int_parsing": _whole_number,
    "float_type": _must_be("a number"),
    "float_parsing": _must_be("a number"),
    "literal_error": _one_of,
    "greater_than_equal": lambda ctx, value: f"must be {ctx['ge']:g} or more, not {_shown(value)}",
    "less_than_equal": lambda ctx, value: f"must be {ctx['le']:,g} or less, not {_shown(value)}",
    "string_pattern_mismatch": _no_match,
    "string_too_short": lambda ctx, value: (
        "must not be empty"
        if ctx["min_length"] == 1
        else f"must have {ctx['min_length']} characters or more, not {len(str(value))}"
    ),
    "string_too_long": lambda ctx, value: (
        f"must have {ctx['max_length']} characters or fewer, not {len(str(value))}"
    ),
    "too_short": lambda ctx, value: "must have at least one item",
}

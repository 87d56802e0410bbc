"""Text to values and back, by the type of a shape; and the facets that the model sets for them."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from botocore.model import Shape

from stillup.wire.aws.flaws import Flaw, Flawed, Kind, Place

DEFAULT_TIME: Final = "iso8601"
HEADER_TIME: Final = "rfc822"


def parse_scalar(shape: Shape, text: str, *, place: Place, name: str) -> Any:
    """The value of a scalar shape, held against its facets.

    Strings come as they are, timestamps as aware datetimes, blobs as bytes. Raises Flawed.
    """
    reader = _READERS.get(shape.type_name, str)
    try:
        value = reader(text)
    except (ValueError, OverflowError) as problem:
        raise Flawed(Flaw(Kind.TYPE, place, name, text, shape.type_name, shape.name)) from problem
    flaw = facet_flaw(shape, value, text, place=place, name=name)
    if flaw is not None:
        raise Flawed(flaw)
    return value


# What the pattern is about comes percent-encoded; the SDK for Go encodes even the slash behind the bucket.
_ENCODED: Final = frozenset({"CopySource"})


def facet_flaw(shape: Shape, value: Any, text: str | None = None, *, place: Place, name: str) -> Flaw | None:
    """The first of the model's facets (enum, min, max, pattern) that the value does not meet.

    `text` is how the value was written, where that is not how it is said anyway. What the model calls sensitive
    is not repeated in the flaw.
    """

    facets = shape.metadata

    def flaw(kind: Kind, limit: object) -> Flaw:
        shown = "***" if facets.get("sensitive") else _said(value) if text is None else text
        return Flaw(kind, place, name, shown, str(limit), shape.name)

    if "enum" in facets and value not in facets["enum"]:
        return flaw(Kind.ENUM, ", ".join(facets["enum"]))
    numeric = shape.type_name in _NUMBERS
    size = value if numeric else len(value) if isinstance(value, str | bytes | list | dict) else None
    if size is not None and "min" in facets and size < facets["min"]:
        return flaw(Kind.TOO_SMALL if numeric else Kind.TOO_SHORT, facets["min"])
    if size is not None and "max" in facets and size > facets["max"]:
        return flaw(Kind.TOO_LARGE if numeric else Kind.TOO_LONG, facets["max"])
    if "pattern" in facets and isinstance(value, str):
        matched = unquote(value) if shape.name in _ENCODED else value
        if not _pattern(facets["pattern"]).fullmatch(matched):
            return flaw(Kind.PATTERN, facets["pattern"])
    return None


def _said(value: Any) -> str:
    """A value as the service framework says it: a list in brackets, of a map the keys."""
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list | dict) else str(value)


def render_scalar(shape: Shape, value: Any, default_time: str = DEFAULT_TIME) -> str:
    """The text of a value. Times may be datetimes or seconds since the epoch."""
    match shape.type_name:
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            return render_time(value, str(shape.serialization.get("timestampFormat", default_time)))
        case "blob":
            return base64.b64encode(value).decode("ascii")
        case "float" | "double":
            return repr(float(value))
        case _:
            return str(value)


def render_time(value: datetime | float, form: str) -> str:
    """A time as iso8601 (UTC, milliseconds), rfc822 (GMT) or unixTimestamp."""
    when = datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else value.astimezone(UTC)
    match form:
        case "rfc822":
            return format_datetime(when, usegmt=True)
        case "unixTimestamp":
            return str(int(when.timestamp()))
        case _:
            return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,40}\s*", re.ASCII)
_SECONDS: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
_NUMBERS: Final = frozenset({"integer", "long", "float", "double"})


def _read_integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _read_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _read_boolean(text: str) -> bool:
    """XML Schema's boolean: true, false, 1, 0."""
    match text.strip().lower():
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            raise ValueError(text)


def _read_time(text: str) -> datetime:
    """Any of the three forms: SDKs do not agree on which one a query string has."""
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = parsedate_to_datetime(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _read_blob(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError(text) from problem


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "integer": _read_integer,
    "long": _read_integer,
    "float": _read_float,
    "double": _read_float,
    "boolean": _read_boolean,
    "timestamp": _read_time,
    "blob": _read_blob,
}


_JAVA_CLASSES: Final = {
    # Python's re has no such classes; these come close enough to refuse what AWS refuses.
    r"\p{ASCII}": r"[\x00-\x7f]",
    r"\p{L}": r"\w",
    r"\p{N}": r"\d",
    r"\p{Z}": r"\s",
}


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of the model, which is Java's, as Python's; one that Python cannot say holds nothing back.

    Java's \\w and \\d are ASCII's; its \\p{…} are Unicode's.
    """
    flags = re.DOTALL if r"\p{" in pattern else re.DOTALL | re.ASCII
    for java, python in _JAVA_CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern, flags)
    except re.error:
        return re.compile(".*", re.DOTALL)

"""Documents of JSON and CBOR to values and back, by the model's shapes.

Both are trees of maps, lists and scalars under the names of the model's members; they differ only in how they
spell times, blobs and numbers that are none. A null is as if it were not there; a member that the shape does
not have is skipped, as AWS does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, TypeVar

from botocore.model import ListShape, MapShape, Shape, StructureShape

from stillup.wire.aws.flaws import Flaw, Flawed, Kind, Place
from stillup.wire.aws.scalars import facet_flaw, parse_scalar

Leaf: TypeAlias = Callable[[Shape, Any], Any]
"""How a scalar is spelled."""

Held = TypeVar("Held")


def malformed(reason: str) -> Flawed:
    """A document that cannot be one of the operation's, whatever is in it."""
    return Flawed(Flaw(Kind.MALFORMED, Place.BODY, "", limit=reason))


# --- read -----------------------------------------------------------------------------------------


def read_document(shape: StructureShape, document: Any) -> dict[str, Any]:
    """The members of a structure, held against the model's facets. Raises Flawed."""
    return _structure(shape, document, "")


def _value(shape: Shape, value: Any, path: str) -> Any:
    match shape:
        case StructureShape():
            return _structure(shape, value, path + ".")
        case ListShape():
            return _list(shape, value, path)
        case MapShape():
            return _map(shape, value, path)
        case _:
            return _scalar(shape, value, path)


def _structure(shape: StructureShape, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise malformed(_misplaced(value, "Expected a structure"))
    values: dict[str, Any] = {}
    for name, member in shape.members.items():
        if value.get(name) is not None:
            values[name] = _value(member, value[name], path + name)
        elif name in shape.required_members:
            raise Flawed(Flaw(Kind.INCOMPLETE, Place.BODY, path + name, limit=name))
    return values


def _list(shape: ListShape, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise malformed(_misplaced(value, "Expected list or null"))
    values = [_item(shape.member, item, f"{path}.{index}.member") for index, item in enumerate(value, 1)]
    return _held(shape, values, path)


def _map(shape: MapShape, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise malformed(_misplaced(value, "Expected map or null"))
    values = {
        _scalar(shape.key, key, f"{path}.key"): _item(shape.value, item, f"{path}.{key}.member")
        for key, item in value.items()
    }
    return _held(shape, values, path)


def _item(shape: Shape, value: Any, path: str) -> Any:
    if value is None:
        raise Flawed(Flaw(Kind.INCOMPLETE, Place.BODY, path, limit=path))
    return _value(shape, value, path)


def _scalar(shape: Shape, value: Any, path: str) -> Any:
    """Strict in types as AWS is: "1" is no number, and 1 no string."""
    match shape.type_name, value:
        case "boolean", bool():
            return value
        case "integer" | "long", int() | float() if not isinstance(value, bool):
            return _held(shape, _integer(shape, value), path)
        case "float" | "double", int() | float() if not isinstance(value, bool):
            return _held(shape, _real(shape, value, path), path)
        case "float" | "double", "NaN" | "Infinity" | "-Infinity":
            return _real(shape, float(value), path)
        case "timestamp", datetime():
            return value
        case "timestamp", int() | float() if not isinstance(value, bool):
            return _moment(shape, value, path)
        case "blob", bytes():
            return _held(shape, value, path)
        case "string" | "timestamp" | "blob", str():
            return parse_scalar(shape, value, place=Place.BODY, name=path)
        case _:
            raise malformed(_misplaced(value, f"{_kind(value)} can not be converted to a {shape.type_name}"))


_BITS: Final = {"integer": 32, "long": 64}


def _integer(shape: Shape, value: float) -> int:
    bits = _BITS[shape.type_name]
    if not (math.isfinite(value) and value == int(value) and -(1 << bits - 1) <= value < 1 << bits - 1):
        raise malformed(f"NUMBER_VALUE can not be converted to a {shape.type_name}")
    return int(value)


def _real(shape: Shape, value: float, path: str) -> float:
    try:
        real = float(value)
    except OverflowError:
        real = math.inf
    if not math.isfinite(real):
        raise Flawed(Flaw(Kind.TYPE, Place.BODY, path, str(real), shape.type_name, shape.name))
    return real


def _moment(shape: Shape, value: float, path: str) -> datetime:
    """Seconds since the epoch, in the years that there are."""
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as problem:
        raise Flawed(Flaw(Kind.TYPE, Place.BODY, path, "", shape.type_name, shape.name)) from problem


def _held(shape: Shape, value: Held, path: str) -> Held:
    """The value itself, if the model's facets take it."""
    flaw = facet_flaw(shape, value, place=Place.BODY, name=path)
    if flaw is not None:
        raise Flawed(flaw)
    return value


def _misplaced(value: Any, otherwise: str) -> str:
    """AWS's words for a tree of another form."""
    match value:
        case dict():
            return "Start of structure or map found where not expected"
        case list():
            return "Start of list found where not expected"
        case _:
            return otherwise


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "TRUE_VALUE" if value else "FALSE_VALUE"
        case int() | float():
            return "NUMBER_VALUE"
        case str():
            return "STRING_VALUE"
        case _:
            return "VALUE"


# --- write ----------------------------------------------------------------------------------------


def write_document(shape: Shape, value: Any, leaf: Leaf) -> Any:
    """The document of a value; None is absence.

    Raises ValueError for a member that the shape does not have: a bug of ours.
    """
    match shape:
        case StructureShape():
            return write_members(shape, value, leaf)
        case ListShape():
            return [write_document(shape.member, item, leaf) for item in value]
        case MapShape():
            return {str(key): write_document(shape.value, item, leaf) for key, item in value.items()}
        case _:
            return leaf(shape, value)


def write_members(shape: StructureShape, values: Mapping[str, Any], leaf: Leaf) -> dict[str, Any]:
    """The members of a structure that have a value, in the model's order. Raises ValueError as above."""
    strangers = set(values) - set(shape.members)
    if strangers:
        raise ValueError(f"{shape.name} has no member {', '.join(sorted(strangers))}")
    return {
        name: write_document(member, values[name], leaf)
        for name, member in shape.members.items()
        if values.get(name) is not None
    }


def seconds(value: datetime | float) -> float:
    """A time as seconds since the epoch."""
    return float(value) if isinstance(value, int | float) else value.timestamp()

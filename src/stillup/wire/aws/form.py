"""Forms with dotted names (`Filter.1.Value.2`) to values, by the model's shapes.

The query and ec2 protocols differ only in how members and lists are called: a Dialect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from botocore.model import ListShape, MapShape, Shape, StructureShape

from stillup.wire.aws.flaws import Flaw, Flawed, Kind, Place
from stillup.wire.aws.scalars import facet_flaw, parse_scalar

Held = TypeVar("Held", list[Any], dict[str, Any])

_INDEX: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a protocol names the fields of a form."""

    member_name: Callable[[str, Shape], str]
    """The field of a structure's member, given its name in the model."""
    list_wrapper: Callable[[ListShape], str | None]
    """What stands between a list's name and an index; None for nothing."""
    refuses_strangers: bool
    """Whether a field that the operation does not have is an error."""


@dataclass(slots=True)
class Node:
    """A form as a tree of its dotted names."""

    text: str | None = None
    children: dict[str, Node] = field(default_factory=dict)


def form_tree(fields: Mapping[str, str]) -> Node:
    """The fields by their parts."""
    root = Node()
    for name, value in fields.items():
        node = root
        for part in name.split("."):
            node = node.children.setdefault(part, Node())
        node.text = value
    return root


def read_form(dialect: Dialect, shape: StructureShape, root: Node) -> dict[str, Any]:
    """The members of an operation's input. Raises Flawed."""
    return _structure(dialect, shape, root, "")


def _structure(dialect: Dialect, shape: StructureShape, node: Node, path: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    wanted = {dialect.member_name(name, member): name for name, member in shape.members.items()}
    if dialect.refuses_strangers:
        for part in node.children:
            if part not in wanted:
                raise Flawed(Flaw(Kind.UNKNOWN, Place.FORM, path + part))
    for part, name in wanted.items():
        child = node.children.get(part)
        if child is not None:
            values[name] = _value(dialect, shape.members[name], child, path + part)
        elif name in shape.required_members:
            raise Flawed(Flaw(Kind.INCOMPLETE, Place.FORM, path + name, limit=part))
    return values


def _value(dialect: Dialect, shape: Shape, node: Node, path: str) -> Any:
    match shape:
        case StructureShape():
            return _structure(dialect, shape, node, path + ".")
        case ListShape():
            return _list(dialect, shape, node, path)
        case MapShape():
            return _map(dialect, shape, node, path)
        case _:
            return parse_scalar(shape, node.text or "", place=Place.FORM, name=path)


def _list(dialect: Dialect, shape: ListShape, node: Node, path: str) -> list[Any]:
    """Members in the order of their indices, which may have gaps. `Name=` alone is an empty list."""
    wrapper = dialect.list_wrapper(shape)
    inside = path
    if wrapper is not None:
        node = node.children.get(wrapper, Node())
        inside = f"{path}.{wrapper}"
    values = [_value(dialect, shape.member, child, place) for place, child in _indexed(node, inside)]
    return _held(shape, values, path)


def _map(dialect: Dialect, shape: MapShape, node: Node, path: str) -> dict[str, Any]:
    if not shape.serialization.get("flattened"):
        node = node.children.get("entry", Node())
        path += ".entry"
    key_name = str(shape.key.serialization.get("name", "key"))
    value_name = str(shape.value.serialization.get("name", "value"))
    values: dict[str, Any] = {}
    for place, child in _indexed(node, path):
        key, value = child.children.get(key_name), child.children.get(value_name)
        if key is None or value is None:
            raise Flawed(
                Flaw(Kind.INCOMPLETE, Place.FORM, f"{place}.{key_name if key is None else value_name}")
            )
        name = _value(dialect, shape.key, key, f"{place}.{key_name}")
        values[name] = _value(dialect, shape.value, value, f"{place}.{value_name}")
    return _held(shape, values, path)


def _held(shape: Shape, values: Held, path: str) -> Held:
    """The list or map itself, if the model's facets take it."""
    flaw = facet_flaw(shape, values, place=Place.FORM, name=path)
    if flaw is not None:
        raise Flawed(flaw)
    return values


def _indexed(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    for part in node.children:
        if not _INDEX.fullmatch(part):
            raise Flawed(Flaw(Kind.UNKNOWN, Place.FORM, f"{path}.{part}"))
    for part, child in sorted(node.children.items(), key=lambda item: int(item[0])):
        yield f"{path}.{part}", child

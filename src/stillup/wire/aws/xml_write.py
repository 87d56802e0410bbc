"""Values to XML documents, by the model's shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from botocore.model import ListShape, MapShape, Shape, StructureShape

from stillup.wire.aws.models import element_name, is_flattened
from stillup.wire.aws.scalars import render_scalar

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlWriter:
    """Collects one document; `document()` gives its octets."""

    def __init__(self) -> None:
        self._pieces = [DECLARATION]

    def document(self) -> bytes:
        """All that was written, as UTF-8."""
        return "".join(self._pieces).encode("utf-8")

    def open(self, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """Begin an element."""
        written = "".join(f" {name}={quoteattr(value)}" for name, value in (attributes or {}).items())
        self._pieces.append(f"<{tag}{written}>")

    def close(self, tag: str) -> None:
        """End the element that was opened last."""
        self._pieces.append(f"</{tag}>")

    def text(self, text: str) -> None:
        """Characters. What XML 1.0 cannot hold becomes U+FFFD; S3's encoding-type=url avoids that."""
        self._pieces.append(escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"}))

    def leaf(self, tag: str, text: str) -> None:
        """An element with characters only."""
        self.open(tag)
        self.text(text)
        self.close(tag)

    def members(self, shape: StructureShape, values: Mapping[str, Any]) -> None:
        """The members of a structure, in the model's order; None is absence.

        Raises ValueError for a member that the shape does not have: a bug of ours.
        """
        strangers = set(values) - set(shape.members)
        if strangers:
            raise ValueError(f"{shape.name} has no member {', '.join(sorted(strangers))}")
        for name, member in shape.members.items():
            value = values.get(name)
            if value is not None and not member.serialization.get("xmlAttribute"):
                self.member(member, element_name(member, name), value)

    def member(self, shape: Shape, tag: str, value: Any) -> None:
        """One member under its name."""
        match shape:
            case StructureShape():
                self.open(tag, _attributes(shape, value))
                self.members(shape, value)
                self.close(tag)
            case ListShape():
                self._list(shape, tag, value)
            case MapShape():
                self._map(shape, tag, value)
            case _:
                self.leaf(tag, render_scalar(shape, value))

    def _list(self, shape: ListShape, tag: str, values: Any) -> None:
        flattened = is_flattened(shape)
        member_tag = element_name(shape.member, tag if flattened else "member")
        if not flattened:
            self.open(tag)
        for value in values:
            self.member(shape.member, member_tag, value)
        if not flattened:
            self.close(tag)

    def _map(self, shape: MapShape, tag: str, values: Mapping[str, Any]) -> None:
        flattened = is_flattened(shape)
        entry = tag if flattened else "entry"
        if not flattened:
            self.open(tag)
        for key, value in values.items():
            self.open(entry)
            self.member(shape.key, element_name(shape.key, "key"), key)
            self.member(shape.value, element_name(shape.value, "value"), value)
            self.close(entry)
        if not flattened:
            self.close(tag)


def _attributes(shape: StructureShape, values: Mapping[str, Any]) -> dict[str, str]:
    """Members that are attributes, with the namespace that their prefix needs."""
    found = {
        element_name(member, name): render_scalar(member, values[name])
        for name, member in shape.members.items()
        if member.serialization.get("xmlAttribute") and values.get(name) is not None
    }
    namespace = shape.serialization.get("xmlNamespace")
    if found and namespace and "prefix" in namespace:
        return {f"xmlns:{namespace['prefix']}": str(namespace["uri"]), **found}
    return found

"""XML documents to values, by the model's shapes.

No DTD, no entity, no external reference. The namespace may be the service's or none. Every element must have
a place in the model; what is required must be there; scalars are held against their facets. The first thing
wrong, in the order of the document, is raised as Flawed.

Element order is free, although Route 53's schema was once an ordered one (CH-5, errors of 2012 to 2014): the
Go SDKs, and so Terraform, write members in alphabetical order, and Route 53 takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from botocore.model import ListShape, Shape, StructureShape
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from stillup.wire.aws.flaws import Flaw, Flawed, Kind, Place
from stillup.wire.aws.identifiers import bare_id
from stillup.wire.aws.models import element_name, is_flattened
from stillup.wire.aws.scalars import facet_flaw, parse_scalar

_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


class XmlReader:
    """Reads documents of one service, whose namespace may be left out."""

    def __init__(self, service: str, namespace: str) -> None:
        self.service = service
        self.namespace = namespace

    def document(self, body: bytes, root_name: str) -> Element:
        """The root element, which must be called so. Raises Flawed."""
        try:
            root: Element = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        except ParseError as problem:
            raise _not_xml(str(problem)) from problem
        except DefusedXmlException as problem:
            raise _not_xml("A DTD or an entity is not allowed.") from problem
        except (ValueError, LookupError) as problem:  # unknown encodings, NUL octets
            raise _not_xml("The encoding is not supported.") from problem
        if self._local_name(root) != root_name:
            raise Flawed(Flaw(Kind.WRONG_ROOT, Place.BODY, _plain_name(root), limit=root_name))
        return root

    def structure(
        self, shape: StructureShape, element: Element, members: Mapping[str, Shape] | None = None
    ) -> dict[str, Any]:
        """The members that the element holds. `members` restricts the shape's, as for a request's body."""
        members = shape.members if members is None else members
        wanted = {_member_element(name, member): name for name, member in members.items()}
        self._refuse_text(element)
        found: dict[str, list[Element]] = {}
        for child in element:
            local = self._local_name(child)
            name = wanted.get(local or "")
            if name is None or (name in found and not _repeats(members[name])):
                expected = [tag for tag, member in wanted.items() if member not in found]
                raise Flawed(
                    Flaw(Kind.UNEXPECTED, Place.BODY, _plain_name(child), limit=self._names(expected))
                )
            found.setdefault(name, []).append(child)
        values = self._attributes(members, element)
        for name, children in found.items():
            values[name] = self._member(members[name], _member_element(name, members[name]), children)
        missing = [
            tag for tag, name in wanted.items() if name in shape.required_members and name not in values
        ]
        if missing:
            flaw = Flaw(Kind.INCOMPLETE, Place.BODY, _plain_name(element), limit=self._names(missing))
            raise Flawed(flaw)
        return values

    def _member(self, shape: Shape, tag: str, children: list[Element]) -> Any:
        if isinstance(shape, ListShape):
            return self._list(shape, tag, children)
        (child,) = children
        if isinstance(shape, StructureShape):
            return self.structure(shape, child)
        return self._scalar(shape, child)

    def _list(self, shape: ListShape, tag: str, children: list[Element]) -> list[Any]:
        member_tag = tag
        if not is_flattened(shape):
            (wrapper,) = children
            self._refuse_text(wrapper)
            children, member_tag = list(wrapper), element_name(shape.member, "member")
            for child in children:
                if self._local_name(child) != member_tag:
                    limit = self._names([member_tag])
                    raise Flawed(Flaw(Kind.UNEXPECTED, Place.BODY, _plain_name(child), limit=limit))
        fewest, most = shape.metadata.get("min", 0), shape.metadata.get("max")
        if len(children) < fewest:
            raise Flawed(Flaw(Kind.INCOMPLETE, Place.BODY, tag, limit=self._names([member_tag])))
        if most is not None and len(children) > most:
            raise Flawed(Flaw(Kind.TOO_MANY, Place.BODY, member_tag))
        return [self._member(shape.member, member_tag, [child]) for child in children]

    def _scalar(self, shape: Shape, element: Element) -> Any:
        if len(element):
            raise Flawed(Flaw(Kind.UNEXPECTED, Place.BODY, _plain_name(element[0])))
        text = bare_id(self.service, shape, element.text or "")
        return parse_scalar(shape, text, place=Place.BODY, name=_plain_name(element))

    def _attributes(self, members: Mapping[str, Shape], element: Element) -> dict[str, Any]:
        """Members that are attributes: the `xsi:type` of S3's Grantee."""
        values: dict[str, Any] = {}
        for name, shape in members.items():
            if shape.serialization.get("xmlAttribute"):
                text = element.get(_attribute_key(element_name(shape, name)))
                if text is not None:
                    flaw = facet_flaw(shape, text, text, place=Place.BODY, name=element_name(shape, name))
                    if flaw is not None:
                        raise Flawed(flaw)
                    values[name] = text
        return values

    def _refuse_text(self, element: Element) -> None:
        texts = [element.text, *(child.tail for child in element)]
        if any(text and text.strip() for text in texts):
            raise Flawed(Flaw(Kind.UNEXPECTED_TEXT, Place.BODY, _plain_name(element)))

    def _local_name(self, element: Element) -> str | None:
        """The name, if it is in our namespace or in none."""
        tag = str(element.tag)
        if not tag.startswith("{"):
            return tag
        namespace, _, local = tag[1:].partition("}")
        return local if namespace == self.namespace else None

    def _names(self, tags: list[str]) -> str:
        """Element names as a schema validator prints what it expects."""
        return ", ".join(f'"{self.namespace}":{tag}' for tag in tags)


def _member_element(name: str, shape: Shape) -> str:
    return element_name(shape, name)


def _repeats(shape: Shape) -> bool:
    return isinstance(shape, ListShape) and is_flattened(shape)


def _plain_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute_key(name: str) -> str:
    """ElementTree's name for an attribute; `xsi` is the one prefix in the models."""
    return f"{{{_XSI}}}{name.removeprefix('xsi:')}" if name.startswith("xsi:") else name


def _not_xml(reason: str) -> Flawed:
    return Flawed(Flaw(Kind.NOT_XML, Place.BODY, "", limit=reason))

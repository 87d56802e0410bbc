"""What can be wrong with a request by its model, whatever the service; complaints.py puts it in AWS's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """The ways to go against a model."""

    NOT_XML = auto()  # not well-formed, a DTD, an entity: `expected` has the parser's word
    EMPTY = auto()  # no document where there must be one
    WRONG_ROOT = auto()  # another document than the operation's
    UNEXPECTED = auto()  # an element that has no place here
    TOO_MANY = auto()  # one element more than its list takes
    UNEXPECTED_TEXT = auto()  # characters between elements
    INCOMPLETE = auto()  # a required member is not there
    TYPE = auto()  # not a number, not a boolean, not a time, not base64
    ENUM = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()
    TOO_SMALL = auto()
    TOO_LARGE = auto()
    PATTERN = auto()
    ENCODING = auto()  # percent escapes that are no UTF-8
    UNKNOWN = auto()  # a form field that the operation does not have
    MALFORMED = auto()  # JSON or CBOR that is none, or whose tree is not the operation's: `limit` says why


class Place(Enum):
    """Where in the request."""

    URI = auto()
    QUERY = auto()
    HEADER = auto()
    BODY = auto()
    FORM = auto()


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first thing that is wrong.

    `name` is what the wire calls the thing, `value` the text that was sent, `limit` what it was held against:
    names that are expected, values of an enumeration, a length, a number, a pattern. `shape` is the model's
    name for its type.
    """

    kind: Kind
    place: Place
    name: str
    value: str = ""
    limit: str = ""
    shape: str = ""


class Flawed(Exception):
    """The caller's request does not fit its model."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(f"{flaw.kind.name} at {flaw.name}")
        self.flaw = flaw

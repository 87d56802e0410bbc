r"""The values of records: Route 53's text on one side, RDATA on the other (DN-4, DN-5).

dnspython knows the 17 types. What is Route 53's own is added here: `\ooo` is octal, names need no final dot,
strings stand in quotation marks, nothing but printable ASCII appears unescaped, and what is wrong is said
in its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from stillup.rules.names import DomainName, InvalidName
from stillup.rules.records import Rdata, RecordType

MAX_VALUE: Final = 4_000
"""Characters in one Value (CH-4)."""
MAX_STRING: Final = 255
"""Octets in one character string (RFC 1035 §3.3)."""


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """The text is no value of its type; `reason` says why, as an InvalidChangeBatch does (2.7)."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Format:
    """How many fields a value has, which of them are names and which must stand in quotation marks."""

    fields: int
    count: str
    names: tuple[int, ...] = ()
    quoted: tuple[int, ...] = ()
    may_have_more: bool = False


_ADDRESS: Final = _Format(1, "SingleField")
_NAME: Final = _Format(1, "SingleField", names=(0,))
_SERVICE: Final = _Format(2, "TwoFields", names=(1,), may_have_more=True)

_FORMATS: Final[Mapping[RecordType, _Format]] = {
    RecordType.A: _ADDRESS,
    RecordType.AAAA: _ADDRESS,
    RecordType.CNAME: _NAME,
    RecordType.NS: _NAME,
    RecordType.PTR: _NAME,
    RecordType.MX: _Format(2, "TwoFields", names=(1,)),
    RecordType.CAA: _Format(3, "ThreeFields", quoted=(2,)),
    RecordType.SRV: _Format(4, "FourFields", names=(3,)),
    RecordType.NAPTR: _Format(6, "SixFields", names=(5,), quoted=(2, 3, 4)),
    RecordType.SOA: _Format(7, "SevenFields", names=(0, 1)),
    RecordType.DS: _Format(4, "FourFields", may_have_more=True),
    RecordType.SSHFP: _Format(3, "ThreeFields", may_have_more=True),
    RecordType.TLSA: _Format(4, "FourFields", may_have_more=True),
    RecordType.SVCB: _SERVICE,
    RecordType.HTTPS: _SERVICE,
}
"""All types but TXT and SPF, which are strings and nothing else. Hexadecimal data may contain spaces."""

_FIELD: Final = re.compile(r'(?:[^ "\\]|\\.?|"(?:[^"\\]|\\.)*(?:"|$))+')
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_ESCAPE: Final = re.compile(r"\\([0-9]{1,3}|.?)")
_DNSPYTHON_ESCAPE: Final = re.compile(r"\\([0-9]{3}|.)")
_SPECIAL: Final = re.compile(r"[;()@]")
_UNSUPPORTED: Final = re.compile(r"[^ -~]")


def parse_rdata(record_type: RecordType, text: str) -> Rdata | InvalidValue:
    """The value that `text` spells, with names made absolute; or what is wrong with it.

    | text                           | outcome                                                        |
    |--------------------------------|----------------------------------------------------------------|
    | longer than 4,000 characters   | CharacterStringTooLong                                         |
    | not printable ASCII throughout | UnsupportedCharacter                                           |
    | TXT, SPF: unquoted             | InvalidCharacterString                                         |
    | TXT, SPF: string over 255      | CharacterStringTooLong                                         |
    | too few or too many fields     | `<type>RRDATANotSingleField`, `…NotTwoFields`, …               |
    | a name that is none            | DomainLabelEmpty, DomainLabelTooLong, … (rules/names)          |
    | anything else                  | `ARRDATAIllegalIPv4Address`, …; other types `<type>RRDATAIllegal` |
    """
    if len(text) > MAX_VALUE:
        return _invalid("CharacterStringTooLong", "Value is too long", text)
    if unsupported := _UNSUPPORTED.search(text):
        return _invalid("UnsupportedCharacter", "Value contains unsupported characters", unsupported[0])
    if record_type in (RecordType.TXT, RecordType.SPF):
        problem = _problem_with_strings(text)
    else:
        problem = _problem_with_fields(record_type, _FORMATS[record_type], text)
    if problem is not None:
        return problem
    try:
        parsed = dns.rdata.from_text(
            dns.rdataclass.IN, record_type.value, _to_dnspython(text), origin=dns.name.root, relativize=False
        )
        return Rdata(text, parsed.to_wire() or b"")
    except (dns.exception.DNSException, ValueError) as error:
        return _illegal(record_type, text, error)


def present_rdata(record_type: int, wire: bytes) -> str:
    """The value as Route 53 writes it, names with their final dot and escapes in octal.

    Raises ValueError if `wire` is no RDATA of the type.
    """
    try:
        number = dns.rdatatype.RdataType.make(record_type)
        parsed = dns.rdata.from_wire(dns.rdataclass.IN, number, wire, 0, len(wire))
    except dns.exception.DNSException as error:
        raise ValueError(f"no RDATA of type {record_type}") from error
    return _map_parts(
        parsed.to_text(),
        unquoted=lambda text: _DNSPYTHON_ESCAPE.sub(_octal_escape, text),
        quoted=lambda text: _DNSPYTHON_ESCAPE.sub(
            lambda escape: _octal_escape(escape) if escape[1].isdigit() else escape[0], text
        ),
    )


def _problem_with_strings(text: str) -> InvalidValue | None:
    rest = text
    while rest:
        string = _STRING.match(rest)
        if string is None:
            return _invalid("InvalidCharacterString", "Value should be enclosed in quotation marks", text)
        content = string[0][1:-1]
        if _broken_escape(content):
            return _invalid("InvalidCharacterString", "Value contains an invalid escape sequence", text)
        if len(_ESCAPE.sub("x", content)) > MAX_STRING:
            return _invalid("CharacterStringTooLong", "Value is too long", string[0])
        rest = rest[string.end() :].lstrip(" ")
    if text.startswith('"'):
        return None
    return _invalid("InvalidCharacterString", "Value should be enclosed in quotation marks", text)


def _problem_with_fields(record_type: RecordType, form: _Format, text: str) -> InvalidValue | None:
    fields = _FIELD.findall(text)
    if " ".join(fields) != text and form.fields == 1:
        return _invalid(f"{record_type}RRDATANotSingleField", "Value contains spaces", text)
    if len(fields) < form.fields or (len(fields) > form.fields and not form.may_have_more):
        explanation = "Value contains spaces" if form.fields == 1 else f"Value must have {form.fields} fields"
        return _invalid(f"{record_type}RRDATANot{form.count}", explanation, text)
    try:
        for index in form.names:
            DomainName.from_text(fields[index])
    except InvalidName as error:
        return InvalidValue(f"Invalid Resource Record: '{error}'")
    for index in form.quoted:
        if _STRING.fullmatch(fields[index]) is None:
            return _invalid("InvalidCharacterString", "Value should be enclosed in quotation marks", text)
    if _broken_escape(text):
        return _invalid(f"{record_type}RRDATAIllegal", "Value contains an invalid escape sequence", text)
    return None


def _broken_escape(text: str) -> bool:
    """Whether a backslash precedes digits that are no octal code of one octet, or nothing at all."""
    for escape in _ESCAPE.finditer(text):
        code = escape[1]
        if not code or (code[0].isdigit() and re.fullmatch("[0-3][0-7]{2}", code) is None):
            return True
    return False


def _to_dnspython(text: str) -> str:
    """The same value in the syntax of RFC 1035 master files: decimal escapes, no comment, no parenthesis."""
    return _map_parts(
        text,
        unquoted=lambda part: _decimal_escapes(
            _SPECIAL.sub(lambda special: f"\\{ord(special[0]):03o}", part)
        ),
        quoted=_decimal_escapes,
    )


def _map_parts(text: str, *, unquoted: Callable[[str], str], quoted: Callable[[str], str]) -> str:
    parts: list[str] = []
    at = 0
    for string in _STRING.finditer(text):
        parts += unquoted(text[at : string.start()]), quoted(string[0])
        at = string.end()
    return "".join((*parts, unquoted(text[at:])))


def _decimal_escapes(text: str) -> str:
    return _ESCAPE.sub(
        lambda escape: f"\\{int(escape[1], 8):03d}" if escape[1].isdigit() else escape[0], text
    )


def _octal_escape(escape: re.Match[str]) -> str:
    octet = int(escape[1]) if escape[1].isdigit() and len(escape[1]) == 3 else ord(escape[1])
    return f"\\{octet:03o}"


def _illegal(record_type: RecordType, text: str, error: Exception) -> InvalidValue:
    match record_type:
        case RecordType.A:
            return _invalid("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", text)
        case RecordType.AAAA:
            return _invalid("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address", text)
        case _:
            return _invalid(f"{record_type}RRDATAIllegal", str(error).rstrip("."), text)


def _invalid(problem: str, explanation: str, found: str) -> InvalidValue:
    return InvalidValue(
        f"Invalid Resource Record: 'FATAL problem: {problem} ({explanation}) encountered with '{found}''"
    )

"""What every part of the plan file has in common, and its words: durations and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any, Final, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from stillup.plan.file.wording import unknown_key
from stillup.rules.durations import parse_duration
from stillup.rules.names import DomainName, InvalidName

DURATION_FORM: Final = r"^\d{1,9}(\.\d{1,9})? ?(ms|s|m|h)?$"


_HOST_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._*\\-]+")
"""The backslash begins an escape, as Route 53 lists what is no letter of a host name."""


def kebab(name: str) -> str:
    """`endpoint-url` for endpoint_url: how keys are spelled in the file."""
    return name.replace("_", "-")


Conflict = tuple[tuple[str | int, ...], str]
"""Where, within the part, and what is wrong."""

Whole = Annotated[int, Field(strict=True)]
"""A whole number; text that looks like one is not."""

Truth = Annotated[bool, Field(strict=True)]
"""`true` or `false`."""


class Part(BaseModel):
    """A mapping in the plan file: frozen, strict, and a key that it does not know is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=kebab,
        validate_by_name=False,
        use_attribute_docstrings=True,
    )

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[Conflict]:
        """What makes no sense together, whether or not each value is right by itself. By keys as they are typed."""
        yield from ()

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, value: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Pydantic stops at wrong fields; here conflicts are told in the same breath."""
        errors = []
        if isinstance(value, dict):
            errors = [
                _line(PydanticCustomError("conflict", message), where, value)
                for where, message in cls.conflicts(value)
            ]
        try:
            made = handler(value)
        except ValidationError as wrong:
            errors += [cls._told(each) for each in wrong.errors(include_url=False)]
        else:
            if not errors:
                return made
        raise ValidationError.from_exception_data(cls.__name__, errors)

    @classmethod
    def _told(cls, error: ErrorDetails) -> InitErrorDetails:
        text, loc = error["msg"], error["loc"]
        kind = error["type"]
        if kind == "extra_forbidden" and len(loc) == 1:
            kind, text = "unknown_key", unknown_key(str(loc[0]), cls._keys(), below=cls._keys_below())
        return _line(PydanticCustomError(kind, text, error.get("ctx")), loc, error.get("input"))

    @classmethod
    def _keys(cls) -> Iterator[str]:
        return (field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def _keys_below(cls) -> dict[str, str]:
        """Keys of this mapping's parts, and of what part; not those that are here as well."""
        below: dict[str, str] = {}
        for name, field in cls.model_fields.items():
            for part in (field.annotation, *get_args(field.annotation)):
                if isinstance(part, type) and issubclass(part, Part):
                    for key in part._keys():
                        below.setdefault(key, field.alias or name)
        return below


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a duration is `500ms`, `10s`, `3m`, `1h` or a number of seconds")  # noqa: TRY004  as below
    seconds = parse_duration(str(value))
    if seconds is None:
        raise ValueError(f"`{value}` is no duration: write `500ms`, `10s`, `3m`, `1h` or a number of seconds")
    return seconds


Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": DURATION_FORM}]}
    ),
]
"""A duration in seconds, written `500ms`, `10s`, `3m`, `1h` or as a number of seconds."""


def _why_no_name(text: str) -> str:
    if "/" in text:
        return "leave out the protocol and the path"
    if ":" in text:
        return "leave out the port"
    if not text.isascii():
        return (
            f"write it in Punycode, as {text.encode('idna').decode()}"
            if _has_idna(text)
            else "write it in Punycode"
        )
    if not _HOST_CHARACTERS.fullmatch(text):
        return "it has letters, digits, hyphens and dots only"
    return "each part between dots has 1 to 63 characters, all together 253"


def _has_idna(text: str) -> bool:
    try:
        text.encode("idna")
    except UnicodeError:
        return False
    return True


def _host_name(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a domain name is text")  # noqa: TRY004  pydantic collects ValueError, not TypeError
    if not value.strip("."):
        raise ValueError("is no domain name: it is empty")
    if value.isascii() and not _HOST_CHARACTERS.fullmatch(value):
        raise ValueError(f"`{value}` is no domain name: {_why_no_name(value)}")
    try:
        return DomainName.from_text(value).to_text().removesuffix(".")
    except InvalidName:
        raise ValueError(f"`{value}` is no domain name: {_why_no_name(value)}") from None


Name = Annotated[str, BeforeValidator(_host_name), Field(max_length=255)]
"""A domain name as Route 53 lists it, without the last dot."""


def _address(value: object) -> object:
    if isinstance(value, IPv4Address | IPv6Address):
        return value
    try:
        return ip_address(value) if isinstance(value, str) else None
    except ValueError:
        raise ValueError(f"`{value}` is no IP address, such as 203.0.113.10 or 2001:db8::10") from None


Address = Annotated[
    IPv4Address | IPv6Address,
    BeforeValidator(_address),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}]}),
]
"""An IP address of either family."""


def _line(kind: PydanticCustomError, loc: tuple[str | int, ...], value: object) -> InitErrorDetails:
    return InitErrorDetails(type=kind, loc=loc, input=value)

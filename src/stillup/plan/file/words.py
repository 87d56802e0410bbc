"""The words of the plan file: durations, names, addresses and ids, each with the form that makes sense."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from stillup.plan.address import Address as HostAndPort
from stillup.rules.buckets.names import parse_bucket_name
from stillup.rules.durations import parse_duration, render_duration
from stillup.rules.health.configure import FEWEST_REGIONS
from stillup.rules.health.configure import REGIONS as CHECKER_REGIONS
from stillup.rules.health.refinements import parse_refinements
from stillup.rules.names import DomainName, InvalidName
from stillup.rules.refusal import Refusal


def _version(value: object) -> object:
    if type(value) is not int or value != 1:  # True and 1.0 are equal to 1
        shown = str(value).lower() if isinstance(value, bool) else value
        raise ValueError(f"must be 1, the format that this program reads, not `{shown}`")
    return value


Version = Annotated[Literal[1], BeforeValidator(_version)]
"""Of the file's format."""

DURATION_FORM: Final = r"^\d{1,9}(\.\d{1,9})? ?(ms|s|m|h)?$"


_HOST_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._*\\-]+")
"""The backslash begins an escape, as Route 53 lists what is no letter of a host name."""


Whole = Annotated[int, Field(strict=True)]
"""A whole number; text that looks like one is not."""

Truth = Annotated[bool, Field(strict=True)]
"""`true` or `false`."""


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a duration is `500ms`, `10s`, `3m`, `1h` or a number of seconds")  # noqa: TRY004  as below
    seconds = parse_duration(str(value))
    if seconds is None:
        raise ValueError(f"`{value}` is no duration: write `500ms`, `10s`, `3m`, `1h` or a number of seconds")
    return seconds


def _as_typed(seconds: float) -> str | float:
    """`3m`; a number where that would not be the same."""
    text = render_duration(seconds)
    return text if parse_duration(text) == seconds else seconds


Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    PlainSerializer(_as_typed),
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


_WILDCARD: Final = "\\052."


def _with_asterisk(name: str) -> str:
    return f"*.{name.removeprefix(_WILDCARD)}" if name.startswith(_WILDCARD) else name


Name = Annotated[str, BeforeValidator(_host_name), Field(max_length=255), PlainSerializer(_with_asterisk)]
"""A domain name as Route 53 lists it, without the last dot."""


def _address(value: object) -> object:
    if isinstance(value, IPv4Address | IPv6Address):
        return value
    try:
        return ip_address(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f"`{value}` is no IP address, such as 203.0.113.10 or 2001:db8::10") from None


Address = Annotated[
    IPv4Address | IPv6Address,
    BeforeValidator(_address),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}]}),
]
"""An IP address of either family."""


def _matching(form: str, complaint: str) -> AfterValidator:
    """For text of this form; `_form` says the same to the JSON Schema."""
    pattern = re.compile(form)

    def check(text: str) -> str:
        if pattern.fullmatch(text) is None:
            raise ValueError(f"`{text}` {complaint}")
        return text

    return AfterValidator(check)


def _form(form: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({form})$"})


def _between(fewest: float, most: float) -> AfterValidator:
    def check(seconds: float) -> float:
        if not fewest <= seconds <= most:
            shortest, longest = render_duration(fewest), render_duration(most)
            raise ValueError(f"must be between {shortest} and {longest}, not {render_duration(seconds)}")
        return seconds

    return AfterValidator(check)


Pace = Annotated[Seconds, _between(0.1, 3600)]
"""A duration from 0.1 s to 1 h: how often something is probed."""

Patience = Annotated[Seconds, _between(0.1, 60)]
"""A duration from 0.1 s to 1 m: how long a probe waits."""

CalmTime = Annotated[Seconds, _between(0.1, 86_400)]
"""A duration up to a day."""


def _bucket_name(text: str) -> str:
    is_sound = not isinstance(parse_bucket_name(text), Refusal)
    if not is_sound:
        raise ValueError(
            f"`{text}` is no name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens"
        )
    return text


BucketName = Annotated[str, AfterValidator(_bucket_name)]
"""A name that S3 accepts for a bucket."""


ZONE_ID_FORM: Final = r"(?:/hostedzone/)?Z[A-Z0-9]{3,31}"


def _zone(text: str) -> str:
    found = re.fullmatch(ZONE_ID_FORM, text)
    return text if found else _host_name(text)


Zone = Annotated[str, AfterValidator(_zone)]
"""A hosted zone by its name, or by its id."""

_ZONE_ID: Final = r"[A-Z0-9]{1,32}"
ZoneId = Annotated[
    str, _matching(_ZONE_ID, "is no id of a hosted zone, such as Z3AQBSTGFYJSTF"), _form(_ZONE_ID)
]

_REGION: Final = r"[a-z]{2,}(-[a-z]+){1,3}-\d{1,2}"
Region = Annotated[str, _matching(_REGION, "is no name of an AWS Region, such as us-east-1"), _form(_REGION)]


def _api(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_sound = False
    if not is_sound or re.search(r"\s", text):
        raise ValueError(f"`{text}` is no URL of an API: write http://127.0.0.1:4566")
    return text


EndpointUrl = Annotated[
    str, AfterValidator(_api), WithJsonSchema({"type": "string", "pattern": "^https?://"})
]
"""`http://ADDR:PORT` or `https://NAME`."""

_TOPIC: Final = r"[A-Za-z0-9_-]{1,256}|arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}"
Topic = Annotated[
    str,
    _matching(_TOPIC, "is no name of an SNS topic (letters, digits, _ and -), nor the ARN of one"),
    _form(_TOPIC),
]

_INSTANCE: Final = r"i-[0-9a-f]{8}([0-9a-f]{9})?"
Instance = Annotated[
    str, _matching(_INSTANCE, "is no id of an EC2 instance, such as i-0123456789abcdef0"), _form(_INSTANCE)
]


def _listener(text: str) -> str:
    try:
        ip_address(HostAndPort.parse(text).host)
    except ValueError:
        raise ValueError(f"`{text}` is no address and port, such as 127.0.0.1:5300 or [::1]:5300") from None
    return text


Listener = Annotated[str, AfterValidator(_listener)]
"""An address and a port, `127.0.0.1:5300`."""


def _status_codes(value: object) -> object:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    is_sound = not isinstance(text, str) or not isinstance(
        parse_refinements({"stillup:expect": text}), Refusal
    )
    if not is_sound:
        raise ValueError(f"`{text}` is no list of status codes, such as 200 or 200-299,418")
    return text


StatusCodes = Annotated[
    str,
    BeforeValidator(_status_codes),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string"}]}),
]


def _checker_regions(regions: tuple[str, ...]) -> tuple[str, ...]:
    for region in regions:
        if region not in CHECKER_REGIONS:
            raise ValueError(
                f"nothing is checked from `{region}`, only from {', '.join(CHECKER_REGIONS)} (HC-18)"
            )
    if len(set(regions)) < max(len(regions), FEWEST_REGIONS):
        raise ValueError(f"needs {FEWEST_REGIONS} different Regions or more; without the key, all of them")
    return regions


CheckerRegions = Annotated[tuple[str, ...], AfterValidator(_checker_regions)]
"""Where health checkers are: three at least, each once."""


def _no_twins(values: tuple[Any, ...]) -> tuple[Any, ...]:
    for at, value in enumerate(values):
        if value in values[:at]:
            raise ValueError(f"has `{value}` twice")
    return values


NoTwins: Final = AfterValidator(_no_twins)
"""Each item once."""

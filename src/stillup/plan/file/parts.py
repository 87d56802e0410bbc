"""What every part of the plan file has in common, and its words: durations and names."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from stillup.rules.durations import parse_duration
from stillup.rules.names import DomainName, InvalidName

DURATION_FORM: Final = r"^\d{1,9}(\.\d{1,9})? ?(ms|s|m|h)?$"


def kebab(name: str) -> str:
    """`endpoint-url` for endpoint_url: how keys are spelled in the file."""
    return name.replace("_", "-")


class Part(BaseModel):
    """A mapping in the plan file: frozen, strict, and a key that it does not know is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=kebab,
        validate_by_name=False,
        use_attribute_docstrings=True,
    )


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a duration is `500ms`, `10s`, `3m`, `1h` or a number of seconds")  # noqa: TRY004  as below
    seconds = parse_duration(str(value))
    if seconds is None:
        raise ValueError(f"{value!r} is no duration: write `500ms`, `10s`, `3m`, `1h` or a number of seconds")
    return seconds


Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": DURATION_FORM}]}
    ),
]
"""A duration in seconds, written `500ms`, `10s`, `3m`, `1h` or as a number of seconds."""


def _host_name(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a domain name is text")  # noqa: TRY004  pydantic collects ValueError, not TypeError
    try:
        return DomainName.from_text(value).to_text().removesuffix(".")
    except InvalidName as wrong:
        raise ValueError(f"{value!r} is no domain name: {wrong}") from None


Name = Annotated[str, BeforeValidator(_host_name), Field(max_length=255)]
"""A domain name as Route 53 lists it, without the last dot."""

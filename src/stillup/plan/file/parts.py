"""What every part of the plan file has in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from stillup.plan.file.wording import meant, unknown_key


def kebab(name: str) -> str:
    """`endpoint-url` for endpoint_url: how keys are spelled in the file."""
    return name.replace("_", "-")


Conflict = tuple[tuple[str | int, ...], str]
"""Where, within the part, and what is wrong."""


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
        """Pydantic stops at wrong fields; here conflicts are told in the same breath, as if no key were misspelt."""
        given = cls._as_meant(value) if isinstance(value, dict) else {}
        errors = []
        if isinstance(value, dict):
            errors = [
                _line(PydanticCustomError("conflict", message), where, value)
                for where, message in cls.conflicts(given)
            ]
        try:
            made = handler(value)
        except ValidationError as wrong:
            errors += [
                cls._told(each)
                for each in wrong.errors(include_url=False)
                if each["type"] != "missing" or len(each["loc"]) > 1 or each["loc"][0] not in given
            ]
        else:
            if not errors:
                return made
        raise ValidationError.from_exception_data(cls.__name__, errors)

    @classmethod
    def _as_meant(cls, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What is typed, absent where None, under the keys that unknown ones were probably meant to be."""
        known, below = list(cls._keys()), cls._keys_below()
        given = {key: each for key, each in typed.items() if each is not None}
        for key in [key for key in given if key not in known and key not in below]:
            key_meant = meant(str(key), known)
            if key_meant is not None:
                given.setdefault(key_meant, given[key])
        return given

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


def _line(kind: PydanticCustomError, loc: tuple[str | int, ...], value: object) -> InitErrorDetails:
    return InitErrorDetails(type=kind, loc=loc, input=value)


def exactly_one(given: Mapping[str, Any], keys: Sequence[str]) -> Iterator[Conflict]:
    """One of these keys says what is meant: none is too few, two are a contradiction."""
    typed = [key for key in keys if key in given]
    listed = ", ".join(keys[:-1]) + f" and {keys[-1]}"
    if not typed:
        yield (), f"needs one of {listed}"
    for key in typed[1:]:
        yield (key,), f"cannot stand beside `{typed[0]}`: one of {listed}"


def only_with(
    given: Mapping[str, Any], keys: Iterable[str], condition: str, *, holds: bool
) -> Iterator[Conflict]:
    """Keys that mean nothing unless the condition holds."""
    if not holds:
        for key in keys:
            if key in given:
                yield (key,), f"only with {condition}"

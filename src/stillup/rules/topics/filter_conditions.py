"""The conditions in the lists of a filter policy (SN-11), each a question to one value."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
Condition: TypeAlias = Callable[[Scalar], bool]

_BOUND: Final = 1e9
"""Numbers of a policy lie within a thousand million of nought (SN-11)."""
_DIGITS: Final = 5
"""Digits after the point that count."""


class Unacceptable(ValueError):
    """What is wrong with the policy, in SNS's words without the place."""


@dataclass(frozen=True, slots=True)
class Absent:
    """`{"exists": false}`: no question to a value."""


def is_operator(key: str) -> bool:
    """Whether it names a kind of condition."""
    return key in _OPERATORS


def condition_of(value: Any) -> Condition | Absent:
    """What one element of a list asks. Raises Unacceptable."""
    if isinstance(value, dict):
        if len(value) != 1:
            raise Unacceptable("Only one key allowed in match expression")
        ((operator, operand),) = value.items()
        if operator not in _OPERATORS:
            raise Unacceptable(f"Unrecognized match type {operator}")
        return _OPERATORS[operator](operand)
    if isinstance(value, list):
        raise Unacceptable("Match value must be String, number, true, false, or null")
    return _equal_to(value)


def _equal_to(wanted: Scalar) -> Condition:
    if _is_number(wanted):
        number = _rounded(wanted)
        return lambda value: _is_number(value) and _rounded(value) == number
    return lambda value: type(value) is type(wanted) and value == wanted


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rounded(value: Any) -> float:
    try:
        return round(float(value), _DIGITS)
    except OverflowError:
        return float("inf")


def _text(operator: str, holds: Callable[[str, str], bool]) -> Callable[[Any], Condition]:
    def _of(operand: Any) -> Condition:
        if not isinstance(operand, str):
            raise Unacceptable(f"{operator} match pattern must be a string")
        return lambda value: isinstance(value, str) and holds(value, operand)

    return _of


_PREFIX: Final = _text("prefix", str.startswith)
_SUFFIX: Final = _text("suffix", str.endswith)


def _anything_but(operand: Any) -> Condition:
    if isinstance(operand, dict):
        inner = {"prefix": _PREFIX, "suffix": _SUFFIX}
        unknown = [operator for operator in operand if operator not in inner]
        if unknown or len(operand) != 1:
            raise Unacceptable(f"Unsupported anything-but pattern: {''.join(unknown[:1])}")
        ((operator, text),) = operand.items()
        holds = inner[operator](text)
        return lambda value: isinstance(value, str) and not holds(value)
    listed = operand if isinstance(operand, list) else [operand]
    if not listed or not all(isinstance(each, str) or _is_number(each) for each in listed):
        raise Unacceptable("Value of anything-but must be a string, a number or a list of these")
    excluded = [_equal_to(each) for each in listed]
    return lambda value: not any(holds(value) for holds in excluded)


def _exists(operand: Any) -> Condition | Absent:
    if not isinstance(operand, bool):
        raise Unacceptable("exists match pattern must be either true or false.")
    return (lambda _: True) if operand else Absent()


def _cidr(operand: Any) -> Condition:
    if not isinstance(operand, str):
        raise Unacceptable("prefix match pattern must be a string")
    if operand.count("/") != 1:
        raise Unacceptable("Malformed CIDR, one '/' required")
    address, _, bits = operand.partition("/")
    if not (bits.isascii() and bits.isdigit()):
        raise Unacceptable("Malformed CIDR, mask bits must be an integer")
    try:
        network = ipaddress.ip_network(operand, strict=False)
    except ValueError as unreadable:
        raise Unacceptable(f"Nonstandard IP address: {address}") from unreadable

    def _is_inside(value: Scalar) -> bool:
        try:
            return isinstance(value, str) and ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return _is_inside


_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


def _numeric(operand: Any) -> Condition:
    terms = operand if isinstance(operand, list) else []
    operator = terms[0] if terms else "]"
    if not terms or not isinstance(operator, str):
        raise Unacceptable(f"Invalid member in numeric match: {operator}")
    if operator not in _COMPARISONS:
        raise Unacceptable(f"Unrecognized numeric range operator: {operator}")
    first = _bound(operator, terms[1:2])
    bounds = [(_COMPARISONS[operator], first)]
    if len(terms) > 2:
        if operator not in (">", ">="):
            raise Unacceptable("Too many elements in numeric expression")
        upper = terms[2]
        if not isinstance(upper, str):
            raise Unacceptable(f"Bad value in numeric range: {upper}")
        if upper not in ("<", "<="):
            raise Unacceptable(f"Bad numeric range operator: {upper}")
        second = _bound(upper, terms[3:4])
        if len(terms) > 4:
            raise Unacceptable("Too many terms in numeric range expression")
        if first >= second:
            raise Unacceptable("Bottom must be less than top")
        bounds.append((_COMPARISONS[upper], second))
    return lambda value: _is_number(value) and all(holds(_rounded(value), bound) for holds, bound in bounds)


def _bound(operator: str, terms: list[Any]) -> float:
    name = "equals" if operator == "=" else operator
    if not terms or not _is_number(terms[0]):
        raise Unacceptable(f"Value of {name} must be numeric")
    if not -_BOUND <= terms[0] <= _BOUND:
        raise Unacceptable(f"Value of {name} must be between -1.0E9 and 1.0E9, inclusive")
    return _rounded(terms[0])


_OPERATORS: Final[Mapping[str, Callable[[Any], Condition | Absent]]] = {
    "prefix": _PREFIX,
    "suffix": _SUFFIX,
    "equals-ignore-case": _text("equals-ignore-case", lambda value, text: value.lower() == text.lower()),
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "exists": _exists,
}

"""Whether a condition holds: every operator, with `…IfExists`, `ForAllValues:` and `ForAnyValue:`.

With the request's values v and the policy's values p, and `fits` being the operator's test without its Not:

| operator        | key absent            | key present                            |
|-----------------|-----------------------|----------------------------------------|
| plain           | does not hold         | some v fits some p                     |
| plain, negated  | holds                 | no v fits any p                        |
| …IfExists       | holds                 | as without it                          |
| ForAllValues:   | holds (IA-3)          | every v fits some p                    |
| … negated       | holds (IA-3)          | no v fits any p                        |
| ForAnyValue:    | does not hold         | some v fits some p                     |
| … negated       | does not hold         | some v fits no p                       |
| Null            | holds if p is `true`  | holds if p is `false`                  |

Source: IAM User Guide, reference_policies_elements_condition_operators and …_multi-value-conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Final, TypeAlias

from stillup.rules.iam.operands import address, instant, network, number
from stillup.rules.iam.patterns import (
    Context,
    Spelling,
    arn_glob,
    compiled,
    glob,
    has_variables,
    literally,
    substitute,
)
from stillup.rules.iam.policy import Condition

Test: TypeAlias = Callable[[str, str], bool]
"""Whether a value of the request fits one of the policy, of which the variables are already replaced."""

_ALL: Final = "ForAllValues:"
_ANY: Final = "ForAnyValue:"
_IF_EXISTS: Final = "IfExists"


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator taken apart."""

    base: str
    prefix: str = ""
    if_exists: bool = False


@lru_cache(maxsize=256)
def parse_operator(text: str) -> Operator | None:
    """The operator, or None for what is none. Case matters."""
    prefix = next((each for each in (_ALL, _ANY) if text.startswith(each)), "")
    base = text.removeprefix(prefix)
    if_exists = base.endswith(_IF_EXISTS)
    base = base.removesuffix(_IF_EXISTS)
    if base == "Null":
        return None if if_exists else Operator(base, prefix)
    return Operator(base, prefix, if_exists) if base in _TESTS else None


def is_comparable(operator: Operator, value: str) -> bool:
    """Whether the operator can do anything with this value of a policy."""
    if has_variables(value):
        return True
    if operator.base.startswith("Numeric"):
        return number(value) is not None
    if operator.base.startswith("Date"):
        return instant(value) is not None
    if operator.base in ("IpAddress", "NotIpAddress"):
        return network(value) is not None
    return True


def holds(condition: Condition, context: Context, *, variables: bool = True) -> bool:
    """Whether the condition holds for a request with these keys: the table above.

    A variable that the request has no value for fits nothing.
    """
    operator = parse_operator(condition.operator)
    if operator is None:
        return False
    values = context.get(condition.key.lower(), ())
    if operator.base == "Null":
        return any((value.lower() == "true") is not bool(values) for value in condition.values)
    if not values and operator.if_exists:
        return True
    test, negated = _TESTS[operator.base]
    wanted = _replaced(condition.values, context) if variables else condition.values
    fitting = [any(test(value, each) for each in wanted) for value in values]
    match operator.prefix, negated:
        case "ForAllValues:", False:
            return all(fitting)
        case "ForAnyValue:", True:
            return not all(fitting)
        case (_, True):
            return not any(fitting)
    return any(fitting)


def _replaced(values: tuple[str, ...], context: Context) -> tuple[str, ...]:
    if not any(map(has_variables, values)):
        return values
    return tuple(replaced for value in values if (replaced := substitute(value, context)) is not None)


def _string_equals(value: str, wanted: str) -> bool:
    return value == literally(wanted)


def _string_equals_ignore_case(value: str, wanted: str) -> bool:
    return value.casefold() == literally(wanted).casefold()


def _matches(spelling: Spelling) -> Test:
    def matches(value: str, wanted: str) -> bool:
        return compiled(spelling(wanted)).fullmatch(value) is not None

    return matches


def _is_true(value: str, wanted: str) -> bool:
    return value.lower() == literally(wanted).lower()


def _compares(read: Callable[[str], float | None], holds_between: Callable[[float, float], bool]) -> Test:
    def compares(value: str, wanted: str) -> bool:
        left, right = read(value), read(literally(wanted))
        return left is not None and right is not None and holds_between(left, right)

    return compares


def _is_inside(value: str, wanted: str) -> bool:
    where, within = address(value), network(literally(wanted))
    return where is not None and within is not None and where in within


_COMPARISONS: Final[Mapping[str, tuple[Callable[[float, float], bool], bool]]] = {
    "Equals": (eq, False),
    "NotEquals": (eq, True),
    "LessThan": (lt, False),
    "LessThanEquals": (le, False),
    "GreaterThan": (gt, False),
    "GreaterThanEquals": (ge, False),
}
_TESTS: Final[Mapping[str, tuple[Test, bool]]] = {
    "StringEquals": (_string_equals, False),
    "StringNotEquals": (_string_equals, True),
    "StringEqualsIgnoreCase": (_string_equals_ignore_case, False),
    "StringNotEqualsIgnoreCase": (_string_equals_ignore_case, True),
    "StringLike": (_matches(glob), False),
    "StringNotLike": (_matches(glob), True),
    "Bool": (_is_true, False),
    "BinaryEquals": (_string_equals, False),
    "IpAddress": (_is_inside, False),
    "NotIpAddress": (_is_inside, True),
    "ArnEquals": (_matches(arn_glob), False),
    "ArnLike": (_matches(arn_glob), False),
    "ArnNotEquals": (_matches(arn_glob), True),
    "ArnNotLike": (_matches(arn_glob), True),
    **{
        f"Numeric{name}": (_compares(number, test), negated) for name, (test, negated) in _COMPARISONS.items()
    },
    **{f"Date{name}": (_compares(instant, test), negated) for name, (test, negated) in _COMPARISONS.items()},
}

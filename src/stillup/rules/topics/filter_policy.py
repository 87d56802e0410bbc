"""Filter policies, parsed (SN-11): a JSON object whose leaves are lists of conditions.

```text
{"store": ["example", {"prefix": "ex"}],      one of a list is enough,
 "price": [{"numeric": [">", 0, "<=", 9]}],   every key must match,
 "$or": [{"a": ["x"]}, {"b": ["y"]}]}         and one of the alternatives, where there are two or more
```

| condition                              | holds for                                         |
|----------------------------------------|---------------------------------------------------|
| `"text"`, `1.5`, `true`, `null`        | the same value; a number also as 1.50             |
| `{"prefix": "x"}`, `{"suffix": "x"}`   | text that begins, ends so                         |
| `{"equals-ignore-case": "x"}`          | the same text in any case                         |
| `{"anything-but": …}`                  | values other than this one, or than all of a list; |
|                                        | text without that prefix or suffix                |
| `{"numeric": [">", 1, "<=", 2]}`       | numbers in this range; also `=`                   |
| `{"cidr": "10.0.0.0/24"}`              | addresses in this network                         |
| `{"exists": true}`                     | any value                                         |
| `{"exists": false}`                    | a key that is not there                           |
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import Final, TypeAlias

from stillup.rules.refusal import Refusal
from stillup.rules.topics.filter_conditions import Absent, Condition, Unacceptable, condition_of, is_operator
from stillup.rules.topics.refusals import invalid

MOST_KEYS: Final = 5
MOST_COMBINATIONS: Final = 150
MOST_OCTETS: Final = 256 * 1024


class FilterScope(StrEnum):
    """`FilterPolicyScope`: what the policy looks at."""

    ATTRIBUTES = "MessageAttributes"
    BODY = "MessageBody"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Conditions of which one must hold; `accepts_absence` if the key need not be there."""

    conditions: tuple[Condition, ...]
    accepts_absence: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """Keys that must all match, and, if there are alternatives, one of these."""

    keys: tuple[tuple[str, Leaf | Branch], ...]
    alternatives: tuple[Branch, ...] = ()


Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def parse_filter_policy(text: str, scope: FilterScope) -> Branch | Refusal:
    """The policy, or InvalidParameter with what SNS says is wrong with it."""
    if len(text.encode(errors="surrogatepass")) > MOST_OCTETS:
        return invalid("FilterPolicy: Filter policy is too complex")
    try:
        document = json.loads(text, parse_constant=_no_constant)
        if not isinstance(document, dict):
            return invalid("FilterPolicy: Filter policy must be a JSON object")
        return _within_limits(_branch(document, scope))
    except Unacceptable as reason:
        return invalid(f"FilterPolicy: {reason}")
    except (ValueError, RecursionError):
        return invalid("FilterPolicy: failed to parse JSON")


def _no_constant(name: str) -> float:
    raise Unacceptable(f"{name} is not a number of JSON")


def _branch(document: dict[str, Json], scope: FilterScope) -> Branch:
    keys: list[tuple[str, Leaf | Branch]] = []
    alternatives: tuple[Branch, ...] = ()
    for key, value in document.items():
        if key == "$or" and (objects := _alternatives(value)):
            alternatives = tuple(_branch(each, scope) for each in objects)
        elif isinstance(value, list):
            keys.append((key, _leaf(value)))
        elif not isinstance(value, dict):
            raise Unacceptable(f'"{key}" must be an object or an array')
        elif scope is FilterScope.ATTRIBUTES:
            _branch(value, FilterScope.BODY)  # what is wrong inside is told first
            raise Unacceptable("Filter policy scope MessageAttributes does not support nested filter policy")
        elif not value:
            raise Unacceptable("Empty objects are not allowed")
        else:
            keys.append((key, _branch(value, scope)))
    return Branch(tuple(keys), alternatives)


def _alternatives(value: Json) -> list[dict[str, Json]]:
    """The objects of an `$or`; none if it is a key like any other, which SNS tells by what it contains."""
    if not isinstance(value, list) or len(value) < 2:
        return []
    objects = [each for each in value if isinstance(each, dict) and each]
    if len(objects) < len(value) or any(is_operator(key) for each in objects for key in each):
        return []
    return objects


def _leaf(values: list[Json]) -> Leaf:
    if not values:
        raise Unacceptable("Empty arrays are not allowed")
    conditions = [condition_of(value) for value in values]
    return Leaf(
        tuple(each for each in conditions if not isinstance(each, Absent)),
        any(isinstance(each, Absent) for each in conditions),
    )


def _within_limits(branch: Branch) -> Branch:
    if len(_leaves(branch)) > MOST_KEYS:
        raise Unacceptable(f"Filter policy can not have more than {MOST_KEYS} keys")
    if _combinations(branch, depth=1) > MOST_COMBINATIONS:
        raise Unacceptable("Filter policy is too complex")
    return branch


def _leaves(branch: Branch, path: tuple[str, ...] = ()) -> frozenset[tuple[str, ...]]:
    """The paths of all leaves, each once however many alternatives name it."""
    inside = [
        frozenset({(*path, key)}) if isinstance(child, Leaf) else _leaves(child, (*path, key))
        for key, child in branch.keys
    ]
    return frozenset().union(*inside, *(_leaves(each, path) for each in branch.alternatives))


def _combinations(branch: Branch, *, depth: int) -> int:
    """The product of the leaves' lengths, each times its depth; alternatives add up."""
    total = prod(
        (len(child.conditions) + child.accepts_absence) * depth
        if isinstance(child, Leaf)
        else _combinations(child, depth=depth + 1)
        for _, child in branch.keys
    )
    return total * (sum(_combinations(each, depth=depth) for each in branch.alternatives) or 1)

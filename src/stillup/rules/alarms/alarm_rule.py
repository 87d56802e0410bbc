r"""AlarmRule expressions of composite alarms: the grammar, and what they mean.

```text
rule     =  all *( "OR" all )
all      =  one *( "AND" one )
one      =  "NOT" one  /  "(" rule ")"  /  "TRUE"  /  "FALSE"  /  state "(" alarm ")"
state    =  "ALARM"  /  "OK"  /  "INSUFFICIENT_DATA"
alarm    =  a name or an ARN, in double quotes (within which \ escapes " and \), or bare: no quotes, no parentheses
```

AND binds closer than OR, NOT closer than both. Keywords are upper-case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias, assert_never

from stillup.rules.alarms.alarm import AlarmState
from stillup.rules.refusal import Refusal

LONGEST: Final = 10_240
"""Characters of a rule."""
MOST_CHILDREN: Final = 100
"""Different alarms that a rule may name."""
MOST_ELEMENTS: Final = 500
"""Alarms, TRUE, FALSE and pairs of parentheses in a rule."""
DEEPEST: Final = 50
"""NOTs and parentheses within each other; AWS's own limit is not known."""

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*+\(\s*+
            (?:"(?P<quoted>(?:[^"\\]|\\["\\])++)"\s*+|(?P<bare>[^()"\s][^()"]*+))\)
      | (?P<word>AND|OR|NOT|TRUE|FALSE)(?!\w)
      | (?P<mark>[()])
    )""",
    re.VERBOSE,
)
_END: Final = re.compile(r"\s*\Z")


@dataclass(frozen=True, slots=True)
class Constant:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class InState:
    """Whether an alarm is in a state."""

    state: AlarmState
    alarm: str
    """A name or an ARN."""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class AllOf:
    """AND."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """OR."""

    rules: tuple[Rule, ...]


Rule: TypeAlias = Constant | InState | Not | AllOf | AnyOf


class _Wrong(Exception):
    """What is wrong with the text, and where."""


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule | Refusal:
    """The rule that the text is, or ValidationError with the reason."""
    if len(text) > LONGEST:
        return _refused(f"it has {len(text)} characters, more than {LONGEST}")
    try:
        tokens = list(_tokens(text))
        reader = _Reader(tokens)
        rule = reader.rule(depth=0)
        reader.end()
    except _Wrong as wrong:
        return _refused(str(wrong))
    if (count := len(set(children(rule)))) > MOST_CHILDREN:
        return _refused(f"it names {count} alarms, more than {MOST_CHILDREN}")
    if (count := sum(token.is_element for token in tokens)) > MOST_ELEMENTS:
        return _refused(f"it has {count} elements, more than {MOST_ELEMENTS}")
    return rule


def _refused(reason: str) -> Refusal:
    return Refusal.because("ValidationError", f"Invalid AlarmRule: {reason}.")


@dataclass(frozen=True, slots=True)
class _Token:
    at: int
    text: str
    """A keyword or a parenthesis; empty for a reference."""
    reference: InState | None = None

    @property
    def is_element(self) -> bool:
        return self.reference is not None or self.text in ("TRUE", "FALSE", "(")


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while _END.match(text, at) is None:
        found = _TOKEN.match(text, at)
        if found is None:
            raise _Wrong(f"at character {at + 1} there is neither an operator nor a state of an alarm")
        if found["state"]:
            name = re.sub(r"\\(.)", r"\1", found["quoted"]) if found["quoted"] else found["bare"].strip()
            yield _Token(at, "", InState(AlarmState(found["state"]), name))
        else:
            yield _Token(at, found["word"] or found["mark"])
        at = found.end()


class _Reader:
    """Reads the grammar above from left to right, one token ahead."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def rule(self, *, depth: int) -> Rule:
        rules = [self._all(depth)]
        while self._skip("OR"):
            rules.append(self._all(depth))
        return rules[0] if len(rules) == 1 else AnyOf(tuple(rules))

    def end(self) -> None:
        if self._next < len(self._tokens):
            raise _Wrong(f"at character {self._tokens[self._next].at + 1} an AND or OR is missing")

    def _all(self, depth: int) -> Rule:
        rules = [self._one(depth)]
        while self._skip("AND"):
            rules.append(self._one(depth))
        return rules[0] if len(rules) == 1 else AllOf(tuple(rules))

    def _one(self, depth: int) -> Rule:
        if depth > DEEPEST:
            raise _Wrong(f"it is nested more than {DEEPEST} deep")
        if self._next == len(self._tokens):
            raise _Wrong("it ends where an alarm is expected")
        token = self._tokens[self._next]
        self._next += 1
        if token.reference is not None:
            return token.reference
        match token.text:
            case "TRUE" | "FALSE":
                return Constant(token.text == "TRUE")
            case "NOT":
                return Not(self._one(depth + 1))
            case "(":
                inner = self.rule(depth=depth + 1)
                if not self._skip(")"):
                    raise _Wrong(f"the parenthesis at character {token.at + 1} is not closed")
                return inner
        raise _Wrong(f"at character {token.at + 1} an alarm is expected, not {token.text}")

    def _skip(self, text: str) -> bool:
        is_next = self._next < len(self._tokens) and self._tokens[self._next].text == text
        self._next += is_next
        return is_next


def holds(rule: Rule, state_of: Callable[[str], AlarmState]) -> bool:
    """Whether the rule is true while each alarm, by name or ARN, is in the state that `state_of` tells."""
    match rule:
        case Constant(value):
            return value
        case InState(state, alarm):
            return state_of(alarm) is state
        case Not(inner):
            return not holds(inner, state_of)
        case AllOf(rules):
            return all(holds(each, state_of) for each in rules)
        case AnyOf(rules):
            return any(holds(each, state_of) for each in rules)
    assert_never(rule)


def children(rule: Rule) -> tuple[str, ...]:
    """The names and ARNs of alarms in the rule, each once, in its order."""
    return tuple(dict.fromkeys(_references(rule)))


def _references(rule: Rule) -> Iterator[str]:
    match rule:
        case InState(_, alarm):
            yield alarm
        case Not(inner):
            yield from _references(inner)
        case AllOf(rules) | AnyOf(rules):
            for each in rules:
                yield from _references(each)

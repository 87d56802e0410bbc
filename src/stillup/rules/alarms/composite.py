r"""AlarmRule expressions of composite alarms: read, evaluated, followed to the alarms that they name.

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias, assert_never

from stillup.rules.alarms import reasons
from stillup.rules.alarms.alarm import Alarm, AlarmState
from stillup.rules.alarms.evaluation import Evaluation
from stillup.rules.ids import Arn
from stillup.rules.refusal import Refusal
from stillup.rules.world import World

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
        (?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*
            (?:"(?P<quoted>(?:[^"\\]|\\["\\])+)"|(?P<bare>[^()"]+))\s*\)
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
            name = found["bare"] or re.sub(r"\\(.)", r"\1", found["quoted"] or "")
            if not (name := name.strip() if found["bare"] else name):
                raise _Wrong(f"at character {at + 1} the name of an alarm is missing")
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


# --- in the world ---------------------------------------------------------------------------------


def child_arn(parent: Arn, reference: str) -> Arn:
    """The ARN of an alarm that the parent's rule names: in the parent's Region unless it is an ARN already."""
    if reference.startswith("arn:"):
        return Arn(reference)
    return Arn(":".join([*parent.split(":", 6)[:6], reference]))


def child_arns(parent: Alarm) -> tuple[Arn, ...]:
    """The ARNs of all alarms that this one's rule names; none for a metric alarm."""
    return () if parent.rule is None else _child_arns(parent.arn, parent.rule)


@lru_cache(maxsize=4096)
def _child_arns(parent: Arn, text: str) -> tuple[Arn, ...]:
    rule = parse_rule(text)
    return () if isinstance(rule, Refusal) else tuple(child_arn(parent, each) for each in children(rule))


def evaluate_composite(alarm: Alarm, alarms: Mapping[Arn, Alarm]) -> Evaluation:
    """The state that a composite alarm should have.

    | its rule | state |
    |----------|-------|
    | true     | ALARM |
    | false    | OK    |

    An alarm that does not exist is in INSUFFICIENT_DATA. The composite alarm is so only until it is evaluated.
    """
    rule = parse_rule(alarm.rule or "FALSE")
    assert not isinstance(rule, Refusal)  # noqa: S101 - it was parsed before it was put

    def state_of(reference: str) -> AlarmState:
        child = alarms.get(child_arn(alarm.arn, reference))
        return AlarmState.INSUFFICIENT_DATA if child is None else child.standing.state

    state = AlarmState.ALARM if holds(rule, state_of) else AlarmState.OK
    child = latest_child(alarm, alarms)
    return Evaluation(state, reasons.composite(alarm, state, child), reasons.composite_data(child))


def latest_child(alarm: Alarm, alarms: Mapping[Arn, Alarm]) -> Alarm | None:
    """Of the alarms that the rule names, the one whose state changed last."""
    known = [alarms[arn] for arn in child_arns(alarm) if arn in alarms]
    return max(known, key=lambda child: child.standing.transitioned_at, default=None)


def cycle(world: World, alarm: Alarm) -> tuple[str, ...] | None:
    """The names on a way from this alarm back to it, were it put into the world; None if there is none."""
    alarms = {**world.alarms, alarm.arn: alarm}
    ways: list[tuple[Arn, ...]] = [(alarm.arn,)]
    seen: set[Arn] = set()
    while ways:
        way = ways.pop()
        for child in child_arns(alarms[way[-1]]):
            if child == alarm.arn:
                return tuple(alarms[arn].name for arn in (*way, child))
            if child in alarms and child not in seen:
                seen.add(child)
                ways.append((*way, child))
    return None


def parents_of(world: World, arn: Arn) -> tuple[Alarm, ...]:
    """The composite alarms whose rules name this alarm."""
    return tuple(each for each in world.alarms.values() if each.rule and arn in child_arns(each))


def in_order(alarms: Mapping[Arn, Alarm]) -> tuple[Alarm, ...]:
    """The composite alarms, each after those that its rule names."""
    ordered: dict[Arn, Alarm] = {}
    seen: set[Arn] = set()
    ahead = [(alarm.arn, False) for alarm in alarms.values() if alarm.rule is not None]
    while ahead:
        arn, is_ready = ahead.pop()
        if is_ready:
            ordered[arn] = alarms[arn]
        elif arn not in seen and arn in alarms and alarms[arn].rule is not None:
            seen.add(arn)
            ahead.append((arn, True))
            ahead.extend((child, False) for child in child_arns(alarms[arn]))
    return tuple(ordered.values())

"""YAML text to plain values, and where each of them stands.

Only the JSON part of YAML is read: mappings, lists, text, numbers, true and false. Scalars are those of YAML 1.2's core
schema, so `no` and `3:20` are text. Anchors, aliases and merge keys (`<<`) are followed; tags are refused, so nothing of
Python's is ever made. Sizes are bounded before and after aliases are followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

import yaml

MAX_CHARACTERS: Final = 1_000_000
MAX_DEPTH: Final = 20
"""Far more than the plan's classes have."""
MAX_VALUES: Final = 20_000
"""Aliases followed: a few lines of them can stand for billions of values."""

INT: Final = re.compile(r"[-+]?[0-9]{1,18}$", re.ASCII)
FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?$", re.ASCII)
_WORDS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))


class _Mark(Protocol):
    """What PyYAML and its C half have in common; both count from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in the file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why this is no tree of values. `path` is empty where it is about the text as a whole."""

    place: Place
    path: str
    message: str


@dataclass(slots=True)
class Tree:
    """Values, the places of all paths in them (`failovers[0].primary.check`), and what is wrong so far."""

    value: object = None
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _TooMuch(Exception):
    """The text stands for more than any plan."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def read_tree(text: str) -> Tree:
    """The values of this YAML text. Where it is no YAML at all, `value` is None and a problem says why."""
    reading = _Reading()
    try:
        root = _compose(text)
        if root is None:
            reading.tree.problems.append(
                Problem(Place(1, 1), "", "the file is empty: `stillup init` writes a first one")
            )
        else:
            reading.tree.places[""] = _place(root.start_mark)
            reading.tree.value = reading.value(root, "")
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        reading.tree.problems.append(Problem(_place(mark), "", _why_no_yaml(wrong)))
    except yaml.reader.ReaderError as wrong:
        before = text[: wrong.position]
        place = Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        reading.tree.problems.append(
            Problem(place, "", f"no YAML: the character {wrong.character!r} is not allowed; save it as UTF-8")
        )
    except _TooMuch as wrong:
        reading.tree.problems.append(Problem(wrong.place, "", wrong.message))
        reading.tree.value = None
    return reading.tree


def child(path: str, key: str) -> str:
    """The path of a mapping's key."""
    return f"{path}.{key}" if path else key


def _compose(text: str) -> yaml.Node | None:
    if len(text) > MAX_CHARACTERS:
        raise _TooMuch(Place(1, 1), f"the file is longer than {MAX_CHARACTERS:,} characters")
    depth = 0
    # Events first: they are read without recursion, which nodes are not.
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _TooMuch(_place(event.start_mark), f"nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return yaml.compose(text, Loader=yaml.BaseLoader)


class _Reading:
    """One pass over the nodes."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._count = 0
        self._above: list[yaml.Node] = []

    def value(self, node: yaml.Node, path: str) -> object:
        self._count += 1
        if self._count > MAX_VALUES:
            raise _TooMuch(_place(node.start_mark), f"the file stands for more than {MAX_VALUES:,} values")
        if any(node is each for each in self._above):
            raise _TooMuch(_place(node.start_mark), "an alias leads back to what it is part of")
        if node.tag not in _DEFAULT_TAGS:
            self._complain(
                node.start_mark, path, f"the tag {_short(node.tag)} has no meaning here: leave it out"
            )
        self._above.append(node)
        try:
            return self._inner(node, path)
        finally:
            self._above.pop()

    def _inner(self, node: yaml.Node, path: str) -> object:
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path)
            case yaml.SequenceNode():
                return [self._item(each, f"{path}[{at}]") for at, each in enumerate(node.value)]
            case yaml.ScalarNode():
                return self._scalar(node, path)
            case _:
                return None

    def _item(self, node: yaml.Node, path: str) -> object:
        self.tree.places[path] = _place(node.start_mark)
        return self.value(node, path)

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, object]:
        made: dict[str, object] = {}
        typed: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.tree.problems.append(Problem(_place(key_node.start_mark), path, "a key must be a word"))
                continue
            key = str(key_node.value)
            if _is_merge(key_node):
                continue
            if key in typed:
                first = _place(typed[key].start_mark).line
                message = f"written twice: first in line {first}"
                self.tree.problems.append(Problem(_place(key_node.start_mark), child(path, key), message))
                continue
            typed[key] = key_node
            made[key] = self._entry(key_node, value_node, path)
        for key_node, value_node in self._merged(node, path):
            if str(key_node.value) not in made:
                made[str(key_node.value)] = self._entry(key_node, value_node, path)
        return made

    def _entry(self, key_node: yaml.Node, value_node: yaml.Node, path: str) -> object:
        inner = child(path, str(key_node.value))
        self.tree.places[inner] = _place(key_node.start_mark)
        return self.value(value_node, inner)

    def _merged(self, node: yaml.MappingNode, path: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """What `<<` brings in; of several, the first wins (yaml.org/type/merge)."""
        for key_node, value_node in node.value:
            if not _is_merge(key_node):
                continue
            sources = value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
            for source in sources:
                if isinstance(source, yaml.MappingNode):
                    yield from (pair for pair in source.value if isinstance(pair[0], yaml.ScalarNode))
                else:
                    self._complain(
                        key_node.start_mark, path, "`<<` takes an alias of a mapping, such as `*check`"
                    )

    def _scalar(self, node: yaml.ScalarNode, path: str) -> object:
        text = str(node.value)
        if node.style is not None:
            return text
        if text in _NULLS:
            self._complain(node.start_mark, path, "has no value: give it one, or remove the key")
            return None
        if text in _WORDS:
            return _WORDS[text]
        if INT.fullmatch(text):
            return int(text)
        return float(text) if FLOAT.fullmatch(text) else text

    def _complain(self, mark: _Mark | None, path: str, message: str) -> None:
        self.tree.problems.append(Problem(self.tree.places.get(path, _place(mark)), path, message))


_DEFAULT_TAGS: Final = frozenset(
    (
        yaml.BaseLoader.DEFAULT_SCALAR_TAG,
        yaml.BaseLoader.DEFAULT_SEQUENCE_TAG,
        yaml.BaseLoader.DEFAULT_MAPPING_TAG,
    )
)


def _is_merge(key_node: yaml.Node) -> bool:
    return isinstance(key_node, yaml.ScalarNode) and key_node.value == "<<" and key_node.style is None


def _place(mark: _Mark | None) -> Place:
    if mark is None:
        return Place(1, 1)
    return Place(mark.line + 1, mark.column + 1)


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


_OUT_OF_LINE: Final = re.compile(r"expected <block end>, but found '(<block .*>|\?|-)'")


def _why_no_yaml(wrong: yaml.MarkedYAMLError) -> str:
    said = wrong.problem or wrong.context or "it does not follow YAML's grammar"
    if "'\\t'" in said:
        return "no YAML: a tab stands where spaces must"
    if _OUT_OF_LINE.search(said):
        return "no YAML: this line is not indented as those that it belongs to"
    if "'?'" in said:
        return "no YAML: within braces and brackets, text with a question mark stands in quotes"
    if "another document" in said:
        return "no YAML: a second document begins here: all failovers stand in one list"
    context = f" {wrong.context}" if wrong.context and wrong.problem else ""
    return f"no YAML: {said}{context}"

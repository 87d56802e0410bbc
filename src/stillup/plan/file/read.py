"""A plan file's text to its classes, or everything that is wrong with it, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from stillup.plan.file.nodes import Place, Tree, child, read_tree
from stillup.plan.file.plan_file import PlanFile
from stillup.plan.file.wording import in_plain_english


@dataclass(frozen=True, slots=True, order=True)
class PlanError:
    """One thing that is wrong. `path` is such as `failovers[0].primary.check.path`, empty for the whole file."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        about = f"{self.path}: " if self.path else ""
        return f"{self.line}:{self.column}: {about}{self.message}"


@dataclass(frozen=True, slots=True)
class Document:
    """A plan file that reads, and where everything in it stands."""

    plan: PlanFile
    source: str
    """The file's name, as it was given."""
    places: Mapping[str, Place]
    """By path, of every key and list item that is typed: `failovers[0].primary.check`."""

    def place(self, path: str) -> Place:
        """Where this path stands, or the nearest thing around it where it is not typed."""
        return _nearest(self.places, path)

    def failover_path(self, name: str) -> str:
        """`failovers[1]` for the second failover of the file. Raises KeyError where none has that name."""
        for at, each in enumerate(self.plan.failovers):
            if each.name == name:
                return f"failovers[{at}]"
        raise KeyError(name)


def read_plan(text: str, *, source: str) -> Document | tuple[PlanError, ...]:
    """The plan in this text, or all its errors at once, in the order of the file.

    `source` is what the text is called in messages. Nothing is read but the text; see `nodes` for the part of
    YAML that is understood. Never raises.
    """
    tree = read_tree(text)
    errors = {each.path: _error(tree, each.path, each.message, at=each.place) for each in tree.problems}
    if tree.value is not None or not errors:
        try:
            plan = PlanFile.model_validate(tree.value)
        except ValidationError as wrong:
            # What is wrong with a value by itself is told before what it does not go with.
            for each in sorted(wrong.errors(include_url=False), key=lambda each: each["type"] == "conflict"):
                if each["type"] == "too_short" and each["input"]:
                    continue  # Pydantic does not count items that are wrong themselves.
                path = _path(tree.value, each["loc"])
                errors.setdefault(path, _error(tree, path, in_plain_english(each)))
        else:
            if not errors:
                return Document(plan, source, tree.places)
    return tuple(sorted(errors.values()))


def _error(tree: Tree, path: str, message: str, *, at: Place | None = None) -> PlanError:
    place = at or _nearest(tree.places, path)
    return PlanError(place.line, place.column, path, message)


def _path(value: object, loc: tuple[int | str, ...]) -> str:
    """Pydantic's location as a path of the file: it also names the branch of a union, which nobody typed."""
    path = ""
    for at, part in enumerate(loc):
        if isinstance(part, int):
            path = f"{path}[{part}]"
            value = value[part] if isinstance(value, list) and part < len(value) else None
        elif isinstance(value, dict) and (part in value or at == len(loc) - 1):
            path = child(path, part)
            value = value.get(part)
    return path


def _nearest(places: Mapping[str, Place], path: str) -> Place:
    while path and path not in places:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return places.get(path, Place(1, 1))

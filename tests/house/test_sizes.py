"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCES = sorted((Path(__file__).parents[2] / "src").rglob("*.py"))
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 40

REASONS_TO_BE_LONG: dict[str, str] = {}
"""`file.py` or `file.py::function` → why it reads better in one piece."""


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body: truth tables in docstrings and long signatures are not what makes code long."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_a_file_can_be_read_in_one_go() -> None:
    too_long = [path.name for path in SOURCES if len(path.read_text().splitlines()) > MOST_FILE_LINES]

    assert [name for name in too_long if name not in REASONS_TO_BE_LONG] == []


def test_a_function_fits_on_a_screen() -> None:
    too_long = [
        f"{path.name}::{function.name}"
        for path in SOURCES
        for function in _functions(path)
        if _body_lines(function) > MOST_FUNCTION_LINES
    ]

    assert [name for name in too_long if name not in REASONS_TO_BE_LONG] == []


def test_an_init_file_holds_no_code() -> None:
    allowed = (ast.Expr, ast.ImportFrom, ast.Assign)
    with_code = [
        path
        for path in SOURCES
        if path.name == "__init__.py"
        and not all(isinstance(statement, allowed) for statement in ast.parse(path.read_text()).body)
    ]

    assert with_code == []


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes among these statements, and the public methods of those classes."""
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += _public(node.body)
    return found


def test_every_public_thing_of_the_rules_says_what_it_promises() -> None:
    silent = [
        f"{path.name}::{node.name}"
        for path in SOURCES
        if "rules" in path.parts or "wire" in path.parts
        for node in _public(ast.parse(path.read_text()).body)
        if ast.get_docstring(node) is None
    ]

    assert silent == []

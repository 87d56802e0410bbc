"""Runs the `main()` of every benchmark in this folder, one after the other."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import uvloop


def main() -> None:
    """Each benchmark under its own heading. Its `main` may be a coroutine function."""
    for file in sorted(Path(__file__).parent.glob("[!_]*.py")):
        print(f"== {file.stem}", flush=True)
        outcome = import_module(f"benchmarks.{file.stem}").main()
        if inspect.iscoroutine(outcome):
            uvloop.run(outcome)


if __name__ == "__main__":
    main()

"""The engine's log is lines of JSON."""

from __future__ import annotations

import json
import logging

from stillup.engine.logs import JsonLines


def _line(record: logging.LogRecord) -> dict[str, str]:
    text = JsonLines().format(record)
    assert "\n" not in text
    parsed: dict[str, str] = json.loads(text)
    return parsed


def test_a_line_tells_when_who_and_what_with_all_that_was_added() -> None:
    record = logging.makeLogRecord(
        {
            "name": "stillup.engine.health",
            "levelname": "INFO",
            "msg": "%s fell",
            "args": ("it",),
            "check": "c1",
        }
    )

    line = _line(record)

    assert (line["level"], line["from"], line["message"], line["check"]) == (
        "info",
        "stillup.engine.health",
        "it fell",
        "c1",
    )


def test_a_traceback_stays_on_the_line() -> None:
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "bug", "exc_info": (ValueError, error, error.__traceback__)})

    assert "ValueError: a\nb" in _line(record)["traceback"]

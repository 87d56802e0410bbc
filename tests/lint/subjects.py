"""Subjects for lint, made as the command makes them: from the text of a plan file and the files of a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from stillup.lint.catalogue import RULES
from stillup.lint.finding import Example
from stillup.lint.live import Live
from stillup.lint.run import Report, lint_file
from stillup.lint.subject import Subject
from stillup.plan.desired import desired
from stillup.plan.file.plan_file import Silence
from stillup.plan.file.read import Document, read_plan
from stillup.plan.setup import StoredObject


def read(text: str) -> Document:
    """The plan, which must read."""
    document = read_plan(text, source="stillup.yaml")
    assert isinstance(document, Document), [str(error) for error in document]
    return document


def subjects(document: Document, files: Mapping[str, bytes], live: Live | None = None) -> list[Subject]:
    """A subject for every failover; `files` is what every standby's folder holds."""
    stored = {
        key: StoredObject(key, hashlib.md5(octets).hexdigest(), len(octets)) for key, octets in files.items()
    }
    where = document.plan.where
    return [
        Subject(
            setup=desired(each, where, files=stored if each.standby.folder else None),
            typed=each,
            where=where,
            folder=files if each.standby.folder else None,
            live=live,
        )
        for each in document.plan.failovers
    ]


def lint_text(
    text: str, files: Mapping[str, str] | None = None, live: Live | None = None
) -> tuple[Report, ...]:
    """All that is found in the text of a plan file."""
    document = read(text)
    octets = {key: content.encode() for key, content in (files or {}).items()}
    return lint_file(subjects(document, octets, live), RULES, document.plan.silence)


def lint_example(example: Example) -> tuple[Report, ...]:
    """All that is found in an example."""
    assert example.live is None or isinstance(example.live, Live)
    if example.setup is not None:
        silences: Sequence[Silence] = ()
        return lint_file([Subject(example.setup, live=example.live)], RULES, silences)
    return lint_text(example.plan, example.files, example.live)


def loud(reports: Sequence[Report]) -> list[str]:
    """The ids of what is not silenced."""
    return [report.rule.id for report in reports if report.silence is None]

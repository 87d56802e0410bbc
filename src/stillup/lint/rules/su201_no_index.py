"""SU201: the standby has no front page."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the folder lacks the index document, or has it empty. The name's case matters (S3-3)."""
    if subject.folder is None or subject.typed is None:
        return
    index = subject.typed.standby.index
    if "/" in index:
        return
    if not subject.folder:
        yield Finding(f"the folder {subject.typed.standby.folder} is empty, or not there", "standby.folder")
    elif index not in subject.folder:
        close = next((f", but {key}" for key in subject.folder if key.lower() == index.lower()), "")
        yield Finding(f"the folder has no {index}{close}", "standby.folder")
    elif not subject.folder[index].strip():
        yield Finding(f"{index} is empty", "standby.folder")


RULE = Rule(
    id="SU201",
    title="Standby without a front page",
    severity=Severity.ERROR,
    reason="Visitors of the standby get `404 Not Found`, or nothing, in place of a page.",
    source="semantics 3.2",
    remedy="Put an `index.html` into the folder, or say in `index` how it is called.",
    find=find,
    fails=Example(plan(), {"home.html": "<h1>Back soon</h1>"}),
    passes=Example(
        plan(standby="folder: maintenance, index: home.html"), {"home.html": "<h1>Back soon</h1>"}
    ),
)

"""SU202: the page for everything else is not there."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the plan names an error page that the folder has not."""
    if subject.folder is None or subject.typed is None:
        return
    error = subject.typed.standby.error
    if error is not None and error not in subject.folder:
        yield Finding(f"the folder has no {error}", "standby.error")


RULE = Rule(
    id="SU202",
    title="Error page that is not there",
    severity=Severity.WARNING,
    reason="Whoever opens any page but the first, by a bookmark or a search, gets S3's own bare error.",
    source="S3-3, S3-4",
    remedy="Put the page into the folder, or leave `error` out: then the front page stands for all.",
    find=find,
    fails=Example(plan(standby="folder: maintenance, error: sorry.html"), SITE),
    passes=Example(plan(standby="folder: maintenance, error: index.html"), SITE),
)

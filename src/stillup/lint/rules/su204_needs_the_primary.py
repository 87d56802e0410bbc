"""SU204: the standby's pages lead to the primary."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import Reference, host_of, references
from stillup.lint.setups import primary_hosts
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found once, for what is loaded from the primary by a full name, and for links to its pages.

    A link to the failover's front page is what people press when they try again, and no finding.
    """
    if subject.folder is None:
        return
    names = primary_hosts(subject.setup)
    for each in references(subject.folder):
        if _leads_to(each, names, subject.folder):
            yield Finding(f"{each.key} refers to {each.url}", "standby.folder")
            return


def _leads_to(reference: Reference, names: frozenset[str], files: Iterable[str]) -> bool:
    if host_of(reference.url) not in names:
        return False
    key = urlsplit(reference.url).path.removeprefix("/")
    return reference.is_loaded or not (key == "" or key in set(files))


_NEEDS = (
    '<!doctype html><title>Back soon</title><img src="{}"><a href="http://www.example.com/">Try again</a>'
)

RULE = Rule(
    id="SU204",
    title="Pages that need the primary",
    severity=Severity.WARNING,
    reason=(
        "The page comes while the primary is dead: its pictures and styles do not, and its links end at a page that "
        "the standby has not, or at an HTTPS side that it does not have."
    ),
    source="semantics 3.2, S3-1",
    remedy="Copy what the page needs into the folder, and refer to it relatively: `logo.png`.",
    find=find,
    fails=Example(plan(), {"index.html": _NEEDS.format("https://www.example.com/logo.png")}),
    passes=Example(plan(), {"index.html": _NEEDS.format("logo.png"), "logo.png": "PNG"}),
)

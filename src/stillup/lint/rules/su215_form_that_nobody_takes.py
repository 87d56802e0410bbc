"""SU215: a form that the standby cannot take."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import host_of, tags
from stillup.lint.setups import is_website_standby
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for the first page with a form that posts to the failover's own name."""
    if not is_website_standby(subject.setup):
        return
    for tag in tags(subject.folder or {}):
        if tag.name == "form" and tag.attributes.get("method", "").lower() == "post":
            action = tag.attributes.get("action", "")
            if urlsplit(action).scheme != "mailto" and host_of(action) in (None, subject.setup.name):
                yield Finding(f"{tag.key} has a form that posts to the standby", "standby.folder")
                return


RULE = Rule(
    id="SU215",
    title="Form that nobody takes",
    severity=Severity.WARNING,
    reason="An S3 website answers GET and HEAD only: what the visitor typed is lost in a 405.",
    source="S3-1",
    remedy="Take the form out, or let it post to a service that stays up.",
    find=find,
    fails=Example(
        plan(), {"index.html": '<title>Back soon</title><form method="post" action="/search"><input></form>'}
    ),
    passes=Example(
        plan(),
        {
            "index.html": '<title>Back soon</title><form method="post" action="https://forms.example.net/"></form>'
        },
    ),
)

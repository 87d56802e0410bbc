"""SU210: the standby asks to be found."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import Tag, tags
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a page that calls itself canonical or asks to be indexed, and for a sitemap."""
    folder = subject.folder or {}
    invitations = (key for key in folder if key.lower().rpartition("/")[2].startswith("sitemap"))
    pages = (tag.key for tag in tags(folder) if _invites(tag))
    key = next(chain(invitations, pages), None)
    if key is not None:
        yield Finding(f"{key} invites search engines", "standby.folder")


def _invites(tag: Tag) -> bool:
    if tag.name == "link":
        return "canonical" in tag.attributes.get("rel", "").lower().split()
    if tag.name == "meta" and tag.attributes.get("name", "").lower() == "robots":
        return bool(
            {"index", "all"} & {word.strip() for word in tag.attributes.get("content", "").lower().split(",")}
        )
    return False


RULE = Rule(
    id="SU210",
    title="Standby that asks to be found",
    severity=Severity.WARNING,
    reason=(
        "An S3 website answers 200, never 503 with Retry-After: a search engine that comes during the outage takes "
        "the maintenance page for the site, all the more when told that it is canonical."
    ),
    source="RFC 9110 §15.6.4, §10.2.3",
    remedy='Say `<meta name="robots" content="noindex">`; to answer 503, put CloudFront before the bucket.',
    find=find,
    fails=Example(
        plan(),
        {"index.html": '<title>Back soon</title><link rel="canonical" href="http://www.example.com/">'},
    ),
    passes=Example(plan(), {"index.html": '<title>Back soon</title><meta name="robots" content="noindex">'}),
)

"""SU210: the standby asks to be found."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import Tag, tags
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for the first page that asks to be indexed; a canonical link only says which of several names is best."""
    key = next((tag.key for tag in tags(subject.folder or {}) if _invites(tag)), None)
    if key is not None:
        yield Finding(f"{key} invites search engines", "standby.folder")


def _invites(tag: Tag) -> bool:
    if tag.name != "meta" or tag.attributes.get("name", "").lower() != "robots":
        return False
    words = {word.strip() for word in tag.attributes.get("content", "").lower().split(",")}
    return not words.isdisjoint(("index", "all"))


RULE = Rule(
    id="SU210",
    title="Standby that asks to be found",
    severity=Severity.WARNING,
    reason=(
        "An S3 website answers 200, never 503 with Retry-After: a search engine that comes during the outage takes "
        "the maintenance page for the site, all the more when it is asked to."
    ),
    source="RFC 9110 §15.6.4, §10.2.3",
    remedy='Say `<meta name="robots" content="noindex">`; to answer 503, put CloudFront before the bucket.',
    find=find,
    fails=Example(
        plan(),
        {"index.html": '<title>Back soon</title><meta name="robots" content="index, follow">'},
    ),
    passes=Example(plan(), {"index.html": '<title>Back soon</title><meta name="robots" content="noindex">'}),
)

"""SU261: the bucket has not the error page that its website names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.judging import is_in_use
from stillup.lint.rules_live.worked import HELD, HELD_BUCKET, NOW, TYPED_BUCKET
from stillup.lint.subject import Subject
from stillup.plan.setup import StoredObject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a bucket in use whose website names a key that is not there."""
    live = subject.live
    if live is None or live.setup is None or not is_in_use(subject):
        return
    bucket = live.setup.bucket
    if bucket is None or bucket.website is None or bucket.website.error is None:
        return
    if bucket.website.error not in bucket.objects and bucket.website.index in bucket.objects:
        yield Finding(f"bucket {bucket.name} has no {bucket.website.error}, its error page", "standby")


_PAGES = {key: StoredObject(key, "", 1) for key in ("index.html", "error.html")}


def _with(*keys: str) -> Live:
    bucket = replace(HELD_BUCKET, objects={key: _PAGES[key] for key in keys})
    return Live(NOW, setup=replace(HELD, bucket=bucket))


RULE = Rule(
    id="SU261",
    title="Bucket without its error page",
    severity=Severity.WARNING,
    reason="Whoever opens any page but the first, by a bookmark or a search, gets S3's own bare error.",
    source="S3-3, S3-4; the guide's step 1 names an error page and uploads none",
    remedy="Upload the page, or let the front page be the error page too.",
    find=find,
    fails=Example(TYPED_BUCKET, {}, _with("index.html")),
    passes=Example(TYPED_BUCKET, {}, _with("index.html", "error.html")),
    is_live=True,
)

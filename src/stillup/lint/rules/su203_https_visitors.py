"""SU203: visitors come by HTTPS, and the standby has none."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import CLOUDFRONT, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_website_standby, primary_config
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an S3 website behind a primary that is checked, or visited, by HTTPS."""
    if not is_website_standby(subject.setup):
        return
    config = primary_config(subject.setup)
    visit = "" if subject.typed is None else subject.typed.drill.visit or ""
    if config is not None and config.type.startswith("HTTPS"):
        yield Finding("the primary serves HTTPS, and an S3 website does not", "standby")
    elif visit.lower().startswith("https:"):
        yield Finding(f"visitors open {visit}, and an S3 website speaks no HTTPS", "standby")


RULE = Rule(
    id="SU203",
    title="HTTPS visitors, HTTP-only standby",
    severity=Severity.WARNING,
    reason=(
        "After the switch whoever asks by HTTPS gets a connection that fails, and no page. Browsers that the primary "
        "has ever sent Strict-Transport-Security ask no other way."
    ),
    source="S3-1, RFC 6797 §8.3; semantics 8.g; the guide's next steps",
    remedy="Put CloudFront with a certificate before the bucket, and make the standby an `alias` to it.",
    find=find,
    fails=Example(plan(check="type: https, path: /health"), SITE),
    passes=Example(plan(check="type: https, path: /health", standby=CLOUDFRONT)),
)

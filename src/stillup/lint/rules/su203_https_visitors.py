"""SU203: visitors come by HTTPS, and the standby has none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import CLOUDFRONT, SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import is_website_standby, primary_config
from stillup.lint.subject import Subject

PRELOADED: Final = frozenset(
    (
        "app",
        "dev",
        "page",
        "new",
        "day",
        "foo",
        "zip",
        "mov",
        "boo",
        "dad",
        "phd",
        "prof",
        "rsvp",
        "bank",
        "google",
    )
)
"""Top-level domains that browsers have in their HSTS preload lists as a whole."""


def find(subject: Subject) -> Iterable[Finding]:
    """Found for an S3 website behind a primary that is checked, or visited, by HTTPS, or must be."""
    if not is_website_standby(subject.setup):
        return
    config = primary_config(subject.setup)
    visit = "" if subject.typed is None else subject.typed.drill.visit or ""
    if config is not None and config.type.startswith("HTTPS"):
        yield Finding("the primary serves HTTPS, and an S3 website does not", "standby")
    elif visit.lower().startswith("https:"):
        yield Finding(f"visitors open {visit}, and an S3 website speaks no HTTPS", "standby")
    elif subject.setup.name.rpartition(".")[2] in PRELOADED:
        yield Finding(
            f"browsers open {subject.setup.name} by HTTPS only, and an S3 website has none", "standby"
        )


RULE = Rule(
    id="SU203",
    title="HTTPS visitors, HTTP-only standby",
    severity=Severity.WARNING,
    reason=(
        "After the switch whoever asks by HTTPS gets a connection that fails, and no page. Browsers that the primary "
        "has ever sent Strict-Transport-Security ask no other way; nor do any under a domain such as .dev or .app."
    ),
    source="S3-1, RFC 6797 §8.3; semantics 8.g; the guide's next steps",
    remedy="Put CloudFront with a certificate before the bucket, and make the standby an `alias` to it.",
    find=find,
    fails=Example(plan(check="type: https, path: /health"), SITE),
    passes=Example(plan(check="type: https, path: /health", standby=CLOUDFRONT)),
)

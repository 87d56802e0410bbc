"""SU153: the check is content with a redirect that leads visitors nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE, TYPED_HTTPS
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the probe is redirected, and what it is sent to does not answer, or with a server's error."""
    probe = None if subject.live is None else subject.live.probe
    if probe is None or probe.status is None or not 300 <= probe.status < 400 or probe.behind is None:
        return
    behind = probe.behind
    if behind.status is None or behind.status >= 500:
        found = behind.error or f"status {behind.status}"
        yield Finding(
            f"{probe.url} redirects to {probe.location}, which does not answer ({found}); the check calls that well",
            "primary.check.path",
        )


def _redirected(behind: Page) -> Live:
    url = "http://www.example.com/health"
    return Live(NOW, probe=Page(url, status=301, location=behind.url, behind=behind))


RULE = Rule(
    id="SU153",
    title="Redirect to a dead side",
    severity=Severity.ERROR,
    reason="Route 53 takes 3xx for healthy and does not follow: the side that visitors end at may be dead for days.",
    source="semantics 8.c, M:route53/HealthCheckConfig.Type",
    remedy="Check the side that visitors end at: `type: https` and a path that answers 200.",
    find=find,
    fails=Example(
        GUIDE, SITE, _redirected(Page("https://www.example.com/health", error="connection refused"))
    ),
    passes=Example(TYPED_HTTPS, SITE, Live(NOW, probe=Page("https://www.example.com/health", status=200))),
    is_live=True,
)

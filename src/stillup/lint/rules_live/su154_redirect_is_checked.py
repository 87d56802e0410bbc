"""SU154: the check sees a redirect, and nothing of the application."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where the probe is redirected to a side that answers, or of which nothing is known."""
    probe = None if subject.live is None else subject.live.probe
    if probe is None or probe.status is None or not 300 <= probe.status < 400:
        return
    if probe.behind is None or (probe.behind.status is not None and probe.behind.status < 500):
        yield Finding(
            f"{probe.url} answers {probe.status}, to {probe.location or 'nowhere'}", "primary.check.path"
        )


def _answers(status: int, location: str | None = None) -> Live:
    return Live(NOW, probe=Page("http://www.example.com/health", status=status, location=location))


RULE = Rule(
    id="SU154",
    title="Redirect taken for health",
    severity=Severity.WARNING,
    reason=(
        "Route 53 takes 3xx for healthy and does not follow. A web server redirects without asking the application "
        "behind it, so the check stays well when that dies."
    ),
    source="semantics 8.c, M:route53/HealthCheckConfig.Type",
    remedy="Check the place that the redirect leads to.",
    find=find,
    fails=Example(GUIDE, SITE, _answers(301, "https://www.example.com/health")),
    passes=Example(GUIDE, SITE, _answers(200)),
    is_live=True,
)

"""SU157: asked as its check asks, the primary does not pass."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.judging import is_probe_failing, primary_observations
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where nothing answers or the status is an error, and the checkers have not looked yet: they may be let in
    where we are not, and what they find ill is said elsewhere."""
    if primary_observations(subject) or not is_probe_failing(subject) or subject.live is None:
        return
    probe = subject.live.probe
    if probe is not None:
        yield Finding(f"{probe.url}: {probe.error or f'status {probe.status}'}", "primary.check")


def _answers(status: int | None, error: str | None = None) -> Live:
    return Live(NOW, probe=Page("http://203.0.113.10:80/health", status=status, error=error))


RULE = Rule(
    id="SU157",
    title="Primary that does not pass its check",
    severity=Severity.ERROR,
    reason="A check that fails from the beginning sends all visitors to the standby as soon as the records exist.",
    source="HC-5, HC-6",
    remedy="Start the primary, open its port, or correct the check's path, port or host.",
    find=find,
    fails=Example(GUIDE, SITE, _answers(404)),
    passes=Example(GUIDE, SITE, _answers(200)),
    is_live=True,
)

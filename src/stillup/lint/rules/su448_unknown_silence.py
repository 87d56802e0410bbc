"""SU448: a silence for a rule that does not exist."""

from __future__ import annotations

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Rule, Severity

RULE = Rule(
    id="SU448",
    title="Silence for an unknown rule",
    severity=Severity.WARNING,
    reason="It silences nothing: the finding that was meant is still there, or will be taken for new.",
    source="docs/reference/lint.md",
    remedy="Correct the id; `stillup lint --rules` lists them all.",
    find=lambda _: (),  # `lint.run` sees what no single failover shows
    fails=Example(plan(end="silence: [{rule: SU999, reason: known since March}]"), SITE),
    passes=Example(
        plan(more="ttl: 300", end="silence: [{rule: SU001, reason: our resolvers are slow anyway}]"), SITE
    ),
)

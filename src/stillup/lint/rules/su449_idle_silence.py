"""SU449: a silence that silences nothing."""

from __future__ import annotations

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Rule, Severity

RULE = Rule(
    id="SU449",
    title="Silence that silences nothing",
    severity=Severity.WARNING,
    reason="What it accepted is no longer there; when it comes back, perhaps elsewhere, nobody will see it.",
    source="docs/reference/lint.md",
    remedy="Take it out of `silence`.",
    find=lambda _: (),  # `lint.run` sees what no single failover shows
    fails=Example(plan(end="silence: [{rule: SU001, reason: our resolvers are slow anyway}]"), SITE),
    passes=Example(
        plan(more="ttl: 300", end="silence: [{rule: SU001, reason: our resolvers are slow anyway}]"), SITE
    ),
)

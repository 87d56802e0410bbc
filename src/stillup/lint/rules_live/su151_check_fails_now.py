"""SU151: the health checkers find the primary ill at this moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from stillup.lint.examples import CHECK_ID
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Observation
from stillup.lint.rules_live.judging import is_seen_failing, primary_observations
from stillup.lint.rules_live.worked import GUIDE, HELD, NOW, SITE
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where more than four in five of the primary's checkers saw a failure (HC-23), with what they saw most."""
    if not is_seen_failing(subject):
        return
    seen = primary_observations(subject)
    failures = Counter(each.status for each in seen if not each.is_success)
    [(status, _)] = failures.most_common(1)
    yield Finding(
        f"{failures.total()} of {len(seen)} checkers fail, most of them with: {status}", "primary.check"
    )


_ILL = Observation("us-east-1", is_success=False, status="Failure: HTTP Status Code 404, Not Found")
_WELL = Observation("us-east-1", is_success=True, status="Success: HTTP Status Code 200, OK")

RULE = Rule(
    id="SU151",
    title="Check that fails now",
    severity=Severity.ERROR,
    reason="The primary counts as ill: visitors are at the standby, or will be as soon as the records exist.",
    source="HC-23, HC-24",
    remedy="Bring the primary back, or correct the check's path, port or string.",
    find=find,
    fails=Example(GUIDE, SITE, Live(NOW, setup=HELD, observations={CHECK_ID: (_ILL, _ILL)})),
    passes=Example(GUIDE, SITE, Live(NOW, setup=HELD, observations={CHECK_ID: (_WELL, _ILL)})),
    is_live=True,
)

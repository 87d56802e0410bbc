"""SU015: a name of S3's that serves no website."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.setups import primaries, secondaries, side, target_names, website
from stillup.lint.subject import Subject

_S3: Final = (".s3.", ".s3-", "s3.", "s3-")


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a target under amazonaws.com that is S3's, but not a website endpoint that exists."""
    for record in (*primaries(subject.setup), *secondaries(subject.setup)):
        for name in target_names(record):
            if _is_s3(name) and website(record) is None:
                yield Finding(
                    f"{name} is no website endpoint of S3",
                    f"{side(record)}.{'name' if record.alias is None else 'alias.name'}",
                )
                return


def _is_s3(name: str) -> bool:
    before, dot, after = name.partition(".amazonaws.com")
    return (
        bool(dot)
        and after in ("", ".cn")
        and (before.startswith(("s3.", "s3-")) or ".s3" in before or before == "s3")
    )


_BEHIND = "name: www.example.com.{}.amazonaws.com"

RULE = Rule(
    id="SU015",
    title="S3 name that serves no website",
    severity=Severity.ERROR,
    reason=(
        "S3's REST endpoint has no index page and no error page and answers in XML; and the older Regions are called "
        "`s3-website-REGION`, the newer ones `s3-website.REGION`."
    ),
    source="table 3.1, semantics 3.2",
    remedy="Name the Region's website endpoint, or let the plan have the `bucket`.",
    find=find,
    fails=Example(plan(primary="name: origin.example.net", standby=_BEHIND.format("s3"))),
    passes=Example(plan(primary="name: origin.example.net", standby=_BEHIND.format("s3-website-us-east-1"))),
)

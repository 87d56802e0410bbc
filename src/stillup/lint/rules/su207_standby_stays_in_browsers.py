"""SU207: browsers keep the standby's page after the primary is back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import is_page
from stillup.lint.subject import Subject

LONGEST: Final = 300
"""Seconds."""
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d+)", re.IGNORECASE)


def find(subject: Subject) -> Iterable[Finding]:
    """Found for pages that may be kept for more than five minutes."""
    typed, bucket = subject.typed, subject.setup.bucket
    if typed is not None:
        told = [typed.standby.cache_control] if typed.standby.folder is not None else []
    else:
        objects = () if bucket is None else bucket.objects.values()
        told = [each.cache_control or "" for each in objects if is_page(each.key)]
    ages = [
        int(found[1])
        for found in map(_MAX_AGE.search, told)
        if found and "no-store" not in found.string.lower()
    ]
    longest = max(ages, default=0)
    if longest > LONGEST:
        yield Finding(f"browsers may keep the standby's pages for {longest:,} s", "standby.cache-control")


RULE = Rule(
    id="SU207",
    title="Standby that stays in browsers",
    severity=Severity.WARNING,
    reason="The page lies under the primary's own address: visitors go on seeing it when the primary has long been back.",
    source="RFC 9111 §4.2",
    remedy="Leave `cache-control` out, for a minute, or say `no-store`.",
    find=find,
    fails=Example(plan(standby="folder: maintenance, cache-control: 'public, max-age=86400'"), SITE),
    passes=Example(plan(standby="folder: maintenance, cache-control: 'public, max-age=120'"), SITE),
)

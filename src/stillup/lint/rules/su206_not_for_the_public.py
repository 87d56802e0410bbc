"""SU206: the folder has what nobody should read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject

_SECRET: Final = re.compile(
    r"""(^|/)(
        \.env(\..*)? | \.git/.* | \.svn/.* | \.hg/.* | \.aws/.* | \.ssh/.* | \.htpasswd | \.htaccess | \.npmrc | \.netrc
      | id_(rsa|dsa|ecdsa|ed25519) | .*\.(pem|key|p12|pfx|kdbx|tfstate|sql|sqlite3?|dump|bak|old|orig|swp) | .*~
      | stillup.*\.ya?ml | wp-config.* | .*\.php[0-9]? | .*\.(jsp|aspx?|cgi)
    )$""",
    re.VERBOSE | re.IGNORECASE,
)


def find(subject: Subject) -> Iterable[Finding]:
    """Found once, for secrets, the plan itself, version control, backups, and programs that S3 would show as text."""
    bucket = subject.setup.bucket
    published = subject.folder or ({} if bucket is None else bucket.objects)
    keys = sorted(key for key in published if _SECRET.search(key))
    if keys:
        more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
        yield Finding(f"{keys[0]}{more} would be public", "standby.folder")


RULE = Rule(
    id="SU206",
    title="Files that are not for the public",
    severity=Severity.ERROR,
    reason="Everything in the folder is published, to be read by everybody, the whole year round; S3 runs no programs.",
    source="S3-9, S3-10",
    remedy="Keep only the pages, and what they need, in the folder.",
    find=find,
    fails=Example(plan(), {**SITE, "shop.sql": "INSERT INTO users VALUES (1);"}),
    passes=Example(plan(), {**SITE, "robots.txt": "User-agent: *\nDisallow: /\n"}),
)

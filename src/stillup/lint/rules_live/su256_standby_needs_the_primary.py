"""SU256: the standby's page wants pictures and scripts from the primary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live, Page
from stillup.lint.rules_live.worked import NOW, TYPED_ADDRESS
from stillup.lint.subject import Subject

_ATTRIBUTE: Final = re.compile(
    rb"""(?:src|href|action)\s*=\s*["']?(https?:)?//([^/"'\s>:]+)""", re.IGNORECASE
)


def find(subject: Subject) -> Iterable[Finding]:
    """Found for links to the failover's own name, where the folder's files are not at hand to be read."""
    page = None if subject.live is None else subject.live.standby
    if page is None or page.body is None or subject.folder:
        return
    hosts = [found[2].decode("ascii", "replace").lower() for found in _ATTRIBUTE.finditer(page.body)]
    count = hosts.count(subject.setup.name)
    if count:
        yield Finding(f"{page.url} links {count} times to {subject.setup.name} by its full name", "standby")


def _page(body: bytes) -> Live:
    return Live(NOW, standby=Page("http://198.51.100.7/", status=503, retry_after="60", body=body))


RULE = Rule(
    id="SU256",
    title="Standby that needs the primary",
    severity=Severity.WARNING,
    reason=(
        "Resolvers and browsers that still hold the old answer fetch these from the dead primary, and `https:` ones "
        "from a side that the standby may not have."
    ),
    source="The guide: the standby must stand alone",
    remedy="Use relative links, and copy the assets to the standby.",
    find=find,
    fails=Example(TYPED_ADDRESS, {}, _page(b'<img src="https://www.example.com/logo.png">')),
    passes=Example(TYPED_ADDRESS, {}, _page(b'<img src="logo.png">')),
    is_live=True,
)

"""SU205: a page asks for a file that is not in the folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.pages import references
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found once for each file that is wanted and missing; a reference to a folder means its index."""
    if subject.folder is None or subject.typed is None:
        return
    missing: dict[str, str] = {}
    for each in references(subject.folder):
        key = _key(each.key, each.url)
        if key is not None and not _is_there(key, subject.folder, subject.typed.standby.index):
            missing.setdefault(key, each.key)
    for key, page in missing.items():
        yield Finding(f"{page} refers to {key}, which is not in the folder", "standby.folder")


def _key(page: str, url: str) -> str | None:
    """The key that a relative URL means; None for one that leads elsewhere, and for a page's own parts."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = unquote(parts.path)
    whole = path if path.startswith("/") else join("/", dirname(page), path)
    return normpath(whole).lstrip("/") + ("/" if path.endswith("/") and whole != "/" else "")


def _is_there(key: str, folder: Mapping[str, bytes], index: str) -> bool:
    plain = key.removesuffix("/")
    return plain in ("", ".") or plain in folder or f"{plain}/{index}" in folder


_LINKED = '<!doctype html><title>Back soon</title><link rel="stylesheet" href="/css/page.css">'

RULE = Rule(
    id="SU205",
    title="File that the standby lacks",
    severity=Severity.WARNING,
    reason="It is on the primary only: on the standby the visitor gets a page without styles, or an error.",
    source="semantics 3.2",
    remedy="Put the file into the folder, or take the reference out of the page.",
    find=find,
    fails=Example(plan(), {"index.html": _LINKED}),
    passes=Example(plan(), {"index.html": _LINKED, "css/page.css": "p { color: #333 }"}),
)

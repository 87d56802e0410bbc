"""What the standby's pages ask a browser for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

_CSS_URL: Final = re.compile(r"""url\(\s*["']?([^"')]+)""", re.IGNORECASE)
_REFRESH: Final = re.compile(
    r"""\s*(\d+)(?:\.\d*)?\s*(?:[;,]\s*(?:url\s*=\s*)?["']?([^"']*))?""", re.IGNORECASE
)
_LOADING: Final = {
    ("img", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("video", "poster"),
}
_LOADED_LINKS: Final = frozenset(
    ("stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon")
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that a page refers to."""

    key: str
    """Of the page."""
    url: str
    is_loaded: bool
    """With the page, as a picture is; otherwise it is a link that a visitor may follow."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, its names in lower case."""

    key: str
    """Of the page."""
    name: str
    attributes: Mapping[str, str]


def is_page(key: str) -> bool:
    """Whether this is a page of HTML, by its name."""
    return key.lower().endswith((".html", ".htm"))


def tags(folder: Mapping[str, bytes]) -> Iterator[Tag]:
    """All start tags of all pages, in order. Broken HTML is read as browsers read it: never an error."""
    for key, octets in folder.items():
        if is_page(key):
            reader = _Reader()
            reader.feed(octets.decode("utf-8", "replace"))
            reader.close()
            for name, attributes in reader.found:
                yield Tag(key, name, attributes)


def references(folder: Mapping[str, bytes]) -> Iterator[Reference]:
    """What pages and style sheets refer to; not what a `<base>`, a canonical link or a refresh names."""
    for tag in tags(folder):
        yield from _of_tag(tag)
    for key, octets in folder.items():
        if key.lower().endswith(".css") or is_page(key):
            for found in _CSS_URL.finditer(octets.decode("utf-8", "replace")):
                yield Reference(key, found[1].strip(), is_loaded=True)


def refresh(tag: Tag) -> tuple[int, str] | None:
    """Seconds and target of `<meta http-equiv=refresh>`; the target is empty for the page itself."""
    if tag.name != "meta" or tag.attributes.get("http-equiv", "").lower() != "refresh":
        return None
    found = _REFRESH.match(tag.attributes.get("content", ""))
    return None if found is None else (int(found[1]), (found[2] or "").strip())


def _of_tag(tag: Tag) -> Iterator[Reference]:
    for attribute, value in tag.attributes.items():
        url = value.strip()
        if not url:
            continue
        if (tag.name, attribute) in _LOADING:
            yield Reference(tag.key, url, is_loaded=True)
        elif attribute == "href" and tag.name in ("a", "area"):
            yield Reference(tag.key, url, is_loaded=False)
        elif attribute == "href" and tag.name == "link":
            relations = set(tag.attributes.get("rel", "").lower().split())
            if relations & _LOADED_LINKS:
                yield Reference(tag.key, url, is_loaded=True)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in reversed(attrs)}))

"""What the standby's pages ask a browser for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from ipaddress import ip_address
from typing import Final
from urllib.parse import urljoin, urlsplit

_CSS_URL: Final = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""", re.IGNORECASE)
_CSS_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SCRIPT_URL: Final = re.compile(r"""["'`](https?://[^"'`\s]+)""", re.IGNORECASE)
_REFRESH: Final = re.compile(
    r"""\s*(\d+)(?:\.\d*)?\s*(?:[;,]\s*(?:url\s*=\s*)?["']?([^"']*))?""", re.IGNORECASE
)
_LOADING: Final = {
    ("img", "src"),
    ("input", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("script", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("video", "poster"),
}
_CANDIDATE: Final = re.compile(r"\s*([^\s,]\S*[^\s,])(?:\s+[\d.]+[wx])?\s*(?:,|$)")
"""Of a `srcset`: a URL, then perhaps how wide or dense it is."""
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
            for name, attributes in _read(octets).found:
                yield Tag(key, name, attributes)


def host_of(url: str) -> str | None:
    """The host as a plan has it: in Punycode, without a last dot, addresses in their short form."""
    try:
        host = (urlsplit(url).hostname or "").removesuffix(".")
        return str(ip_address(host)) if ":" in host else host.encode("idna").decode() or None
    except ValueError:
        return None


def references(folder: Mapping[str, bytes]) -> Iterator[Reference]:
    """What pages and style sheets refer to, and whole URLs in scripts; not what a canonical link or a refresh names.

    After a `<base>`, URLs are what they become by it.
    """
    bases: dict[str, str] = {}
    for tag in tags(folder):
        if tag.name == "base" and "href" in tag.attributes:
            bases.setdefault(tag.key, tag.attributes["href"].strip())
        for each in _of_tag(tag):
            yield _by_base(each, bases.get(tag.key))
    for key, style in _styles(folder):
        for found in _CSS_URL.finditer(_CSS_COMMENT.sub("", style)):
            yield Reference(key, found[1].strip(), is_loaded=True)
    for key, script in _scripts(folder):
        for found in _SCRIPT_URL.finditer(script):
            yield Reference(key, found[1], is_loaded=False)


def _by_base(reference: Reference, base: str | None) -> Reference:
    if base is None:
        return reference
    try:
        return replace(reference, url=urljoin(base, reference.url))
    except ValueError:
        return reference


def _styles(folder: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The style sheets, the styles within pages and those of single elements."""
    for key, octets in folder.items():
        if key.lower().endswith(".css"):
            yield key, octets.decode("utf-8", "replace")
        elif is_page(key):
            yield from ((key, style) for style in _read(octets).styles)


def _scripts(folder: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The scripts of pages and files; what search engines are told as JSON is none."""
    for key, octets in folder.items():
        if key.lower().endswith((".js", ".mjs")):
            yield key, octets.decode("utf-8", "replace")
        elif is_page(key):
            yield from ((key, script) for script in _read(octets).scripts)


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
        elif attribute == "srcset" and tag.name in ("img", "source"):
            for candidate in _CANDIDATE.finditer(url):
                yield Reference(tag.key, candidate[1], is_loaded=True)
        elif attribute == "href" and tag.name in ("a", "area"):
            yield Reference(tag.key, url, is_loaded=False)
        elif attribute == "href" and tag.name == "link":
            relations = set(tag.attributes.get("rel", "").lower().split())
            if relations & _LOADED_LINKS:
                yield Reference(tag.key, url, is_loaded=True)


def _read(octets: bytes) -> _Reader:
    reader = _Reader()
    reader.feed(octets.decode("utf-8", "replace"))
    reader.close()
    return reader


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._texts: list[str] | None = None
        """Where the text within the element goes that is being read."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in reversed(attrs)}
        self.found.append((tag, attributes))
        self._texts = None
        if tag == "style":
            self._texts = self.styles
        elif tag == "script" and "json" not in attributes.get("type", "").lower():
            self._texts = self.scripts
        if "style" in attributes:
            self.styles.append(attributes["style"])

    def handle_endtag(self, tag: str) -> None:
        self._texts = None

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

"""Paths of the website: from a request target to a key, and from a key to a Location.

Keys are opaque. `..`, `//` and `%2e` are parts of a key like any other, so no path leaves its bucket.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Sub-delimiters and the like need no escape in a path (RFC 3986 §3.3).
_PLAIN_IN_PATH: Final = "/:@!$&'()*+,;=~"
# A replacement is written by the bucket's owner as it shall appear, `#!/` and queries included.
_PLAIN_IN_REPLACEMENT: Final = _PLAIN_IN_PATH + "%?#[]"


def key_of_path(path: str) -> str | None:
    """The key that an undecoded path names: the leading slash dropped, the rest decoded exactly once.

    None for a broken escape and for octets that are not UTF-8.
    """
    if _BAD_ESCAPE.search(path):
        return None
    try:
        return unquote_to_bytes(path.removeprefix("/").encode("latin-1")).decode()
    except UnicodeError:
        return None


def path_of_key(key: str) -> str:
    """The path under which a browser finds this key again.

    A slash in front is escaped: `//host/` in a Location would be another site.
    """
    quoted = quote(key, safe=_PLAIN_IN_PATH)
    leading = len(quoted) - len(quoted.lstrip("/"))
    return "/" + "%2F" * leading + quoted[leading:]


def path_of_replacement(text: str) -> str:
    """The path for text from a routing rule: only what cannot stand in a header is escaped."""
    return "/" + quote(text, safe=_PLAIN_IN_REPLACEMENT).lstrip("/")

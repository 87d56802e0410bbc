"""Conditional requests (RFC 9110 §13) and dates as HTTP writes them (§5.6.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from enum import StrEnum
from typing import Final

from stillup.rules.ids import Instant

_DATE_FORMS: Final = (
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %d %H:%M:%S %Y",
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """The four preconditions as the caller stated them. A date that is none was never stated (§13.1.3)."""

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: Instant | None = None
    if_unmodified_since: Instant | None = None


class Verdict(StrEnum):
    """What the preconditions say; a failed one is named as S3 names it in `Condition`."""

    PROCEED = "proceed"
    IF_MATCH_FAILED = "If-Match"
    IF_UNMODIFIED_SINCE_FAILED = "If-Unmodified-Since"
    IF_NONE_MATCH_FAILED = "If-None-Match"
    IF_MODIFIED_SINCE_FAILED = "If-Modified-Since"

    @property
    def is_failure(self) -> bool:
        """Whether the answer is 412."""
        return self in (Verdict.IF_MATCH_FAILED, Verdict.IF_UNMODIFIED_SINCE_FAILED)

    @property
    def is_not_modified(self) -> bool:
        """Whether the answer is 304."""
        return self in (Verdict.IF_NONE_MATCH_FAILED, Verdict.IF_MODIFIED_SINCE_FAILED)


def judge(conditions: Conditions, *, etag: str, modified_at: Instant) -> Verdict:
    """Weigh the preconditions of a GET or HEAD in the order of RFC 9110 §13.2.2.

    | If-Match | If-Unmodified-Since | If-None-Match | If-Modified-Since | verdict                    |
    |----------|---------------------|---------------|-------------------|----------------------------|
    | differs  | any                 | any           | any               | IF_MATCH_FAILED            |
    | absent   | modified since      | any           | any               | IF_UNMODIFIED_SINCE_FAILED |
    | passed over                    | matches       | any               | IF_NONE_MATCH_FAILED       |
    | passed over                    | absent        | not modified      | IF_MODIFIED_SINCE_FAILED   |
    | everything else                                                    | PROCEED                    |

    HTTP knows whole seconds, so the fraction of `modified_at` does not count.
    """
    seconds = int(modified_at)
    if conditions.if_match is not None:
        if not names_etag(conditions.if_match, etag, weakly=False):
            return Verdict.IF_MATCH_FAILED
    elif conditions.if_unmodified_since is not None and seconds > conditions.if_unmodified_since:
        return Verdict.IF_UNMODIFIED_SINCE_FAILED
    if conditions.if_none_match is not None:
        if names_etag(conditions.if_none_match, etag, weakly=True):
            return Verdict.IF_NONE_MATCH_FAILED
    elif conditions.if_modified_since is not None and seconds <= conditions.if_modified_since:
        return Verdict.IF_MODIFIED_SINCE_FAILED
    return Verdict.PROCEED


def range_holds(if_range: str | None, *, etag: str, modified_at: Instant) -> bool:
    """Whether a Range still means the object that If-Range names, by tag or by date (RFC 9110 §13.1.5)."""
    if if_range is None:
        return True
    if (date := parse_http_date(if_range)) is not None:
        return date == int(modified_at)
    return names_etag(if_range, etag, weakly=False)


def names_etag(header: str, etag: str, *, weakly: bool) -> bool:
    """Whether `*` or one of the listed entity tags is this one. S3 takes tags without quotes, too."""
    if header.strip() == "*":
        return True
    for item in header.split(","):
        tag = item.strip()
        if tag.startswith("W/"):
            if not weakly:
                continue
            tag = tag[2:]
        if tag.strip('"') == etag:
            return True
    return False


def parse_http_date(text: str | None) -> Instant | None:
    """One of the three forms of an HTTP date; None for anything else, which is to be ignored."""
    for form in _DATE_FORMS if text is not None else ():
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return None


def render_http_date(instant: Instant) -> str:
    """The preferred form, IMF-fixdate."""
    return formatdate(int(instant), usegmt=True)

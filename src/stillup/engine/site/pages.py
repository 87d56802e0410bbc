"""Errors and answers of the website as HTTP: heads, and S3's HTML (S3-3)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final

from stillup.engine.ports import Die
from stillup.rules.buckets.bucket import StoredObject
from stillup.rules.buckets.conditional import render_http_date
from stillup.rules.buckets.website import REDIRECT_HEADER, Problem, Serve

DEFAULT_TYPE: Final = "binary/octet-stream"
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class RequestIds:
    """What names one request, as S3 writes it."""

    request: str
    host: str

    @classmethod
    def drawn(cls, die: Die) -> RequestIds:
        """Ids for one more request."""
        return cls(die.octets(8).hex().upper(), b64encode(die.octets(48)).decode())

    @property
    def headers(self) -> Headers:
        """The two headers of every answer."""
        return {"x-amz-request-id": self.request, "x-amz-id-2": self.host}


def object_headers(answer: Serve) -> Headers:
    """The head of an answer with octets of an object."""
    stored = answer.object
    headers = _validators(stored) | {
        "accept-ranges": "bytes",
        "content-type": DEFAULT_TYPE,
        **{name: value for name, value in stored.headers.items() if name != REDIRECT_HEADER},
        **{f"x-amz-meta-{name}": value for name, value in stored.metadata.items()},
        "content-length": str(answer.span.length),
    }
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        headers["content-range"] = answer.span.content_range(stored.size)
    return headers if answer.problem is None else headers | _error_headers(answer.problem)


def not_modified_headers(stored: StoredObject) -> Headers:
    """What a 304 repeats (RFC 9110 §15.4.5)."""
    return _validators(stored) | {
        name: stored.headers[name] for name in ("cache-control", "expires") if name in stored.headers
    }


def problem_page(problem: Problem, ids: RequestIds) -> tuple[Headers, bytes]:
    """An error as S3 shows it: the code, the text and the details; then what befell the error document."""
    title = f"{problem.status} {HTTPStatus(problem.status).phrase}"
    lines = [
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<h1>{title}</h1>",
        *_items(problem, ("RequestId", ids.request), ("HostId", ids.host)),
    ]
    if problem.document_problem is not None:
        lines += [
            "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>",
            *_items(problem.document_problem),
        ]
    body = "\n".join([*lines, "<hr/>", "</body>", "</html>", ""]).encode("utf-8", "replace")
    return {"content-type": "text/html; charset=utf-8", **_error_headers(problem)}, body


def _items(problem: Problem, *ids: tuple[str, str]) -> Iterator[str]:
    yield "<ul>"
    for name, value in (("Code", problem.code), ("Message", problem.message), *problem.details, *ids):
        visible = "".join(
            character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value
        )
        yield f"<li>{name}: {escape(visible)}</li>"
    yield "</ul>"


def _validators(stored: StoredObject) -> Headers:
    return {"etag": f'"{stored.etag}"', "last-modified": render_http_date(stored.modified_at)}


def _error_headers(problem: Problem) -> Headers:
    return {"x-amz-error-code": problem.code, "x-amz-error-message": problem.message, **problem.headers}

"""What a website endpoint answers: one pure decision, by the table of 3.2.

The rows, from the first that fits:

| request                                                  | answer                                   |
|----------------------------------------------------------|------------------------------------------|
| no Host                                                  | 400                                      |
| the bare endpoint                                        | 301 to https://aws.amazon.com/s3/        |
| bucket absent                                            | 404 NoSuchBucket                         |
| the endpoint of another Region                           | 400 IncorrectEndpoint                    |
| bucket is not a website                                  | 404 NoSuchWebsiteConfiguration           |
| neither GET nor HEAD (S3-1)                              | 405, Allow                               |
| path that cannot be decoded                              | 400 InvalidURI                           |
| RedirectAllRequestsTo                                    | 301                                      |
| a routing rule without an error code fits (S3-6)         | its redirect                             |
| `/` or `folder/`                                         | as for the index document below it       |
| object exists, may not be read                           | 403 AccessDenied                         |
| object exists, x-amz-website-redirect-location           | 301                                      |
| object exists, a precondition fails                      | 412                                      |
| object exists, not modified                              | 304                                      |
| object exists, range behind its end                      | 416                                      |
| object exists                                            | 200, or 206 with a range                 |
| no object `folder`, but `folder/` has an index document  | 302 to `/folder/`                        |
| nothing                                                  | 404 NoSuchKey                            |

and of the answers 4xx of a bucket that is a website:

| a routing rule with this error code fits (S3-6)          | its redirect                             |
| an error document that may be read (S3-3)                | the document, with the status of 4xx     |
| an error document that may not be read, or is missing    | the error, and that of the document (S3-4) |
| none                                                     | the error                                |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from stillup.rules.buckets.access import may_read_anonymously
from stillup.rules.buckets.bucket import Bucket, RoutingRule, StoredObject, Website
from stillup.rules.buckets.conditional import Conditions, judge, range_holds
from stillup.rules.buckets.errors import S3_ERRORS
from stillup.rules.buckets.ranges import Span, Unsatisfiable, choose_span
from stillup.rules.buckets.website_host import parse_host
from stillup.rules.buckets.website_path import key_of_path, path_of_key, path_of_replacement
from stillup.rules.iam.patterns import Context
from stillup.rules.ids import BucketName

ABOUT_S3: Final = "https://aws.amazon.com/s3/"
REDIRECT_HEADER: Final = "x-amz-website-redirect-location"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request to the website endpoint. Path and query are undecoded; `host` is None if there is no header."""

    method: str
    host: str | None
    path: str
    query: str = ""
    context: Context = field(default_factory=dict)
    """The visit's condition keys."""
    conditions: Conditions = field(default_factory=Conditions)
    range: str | None = None
    if_range: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An error, to be shown as S3's HTML; `document_problem` is what befell the custom error document."""

    code: str
    details: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    document_problem: Problem | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return S3_ERRORS[self.code][0]

    @property
    def message(self) -> str:
        """S3's text."""
        return S3_ERRORS[self.code][1]


@dataclass(frozen=True, slots=True)
class Serve:
    """Octets of an object. With a `problem` it is the error document, under the problem's status."""

    object: StoredObject
    status: int
    span: Span
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the visitor has the object already."""

    object: StoredObject


@dataclass(frozen=True, slots=True)
class Redirect:
    """To somewhere else."""

    status: int
    location: str


WebsiteResponse: TypeAlias = Serve | NotModified | Redirect | Problem


def respond(buckets: Mapping[BucketName, Bucket], visit: Visit) -> WebsiteResponse:
    """The answer to this visit: the tables above, row by row."""
    if not visit.host:
        return Problem("BadRequest", (("Header", "Host"),))
    host = parse_host(visit.host)
    if host.bucket is None:
        return Redirect(301, ABOUT_S3)
    bucket = buckets.get(host.bucket)
    if bucket is None:
        return Problem("NoSuchBucket", (("BucketName", host.bucket),))
    if host.region not in (None, bucket.region):
        return Problem("IncorrectEndpoint", (("BucketName", bucket.name), ("Region", bucket.region)))
    website = bucket.website
    if website is None:
        return Problem("NoSuchWebsiteConfiguration", (("BucketName", bucket.name),))
    key = key_of_path(visit.path)
    answer = _answer(bucket, website, visit, key)
    if isinstance(answer, Problem):
        return _soften(answer, bucket, website, visit, key or "")
    return answer


def _answer(bucket: Bucket, website: Website, visit: Visit, key: str | None) -> WebsiteResponse:
    if visit.method not in ("GET", "HEAD"):
        details = (("Method", visit.method), ("ResourceType", "OBJECT"))
        return Problem("MethodNotAllowed", details, {"allow": "GET, HEAD"})
    if key is None:
        return Problem("InvalidURI", (("URI", visit.path),))
    if website.redirect_all is not None:
        target = website.redirect_all
        query = f"?{visit.query}" if visit.query else ""
        scheme = target.protocol or "http"
        return Redirect(301, f"{scheme}://{target.host_name}{path_of_key(key)}{query}")
    for rule in website.routing_rules:
        if rule.http_error_code_returned_equals is None and _has_prefix(rule, key):
            return _redirect(rule, visit, key)
    return _look_up(bucket, website, visit, key)


def _look_up(bucket: Bucket, website: Website, visit: Visit, key: str) -> WebsiteResponse:
    suffix = website.index_suffix or ""
    wanted = key + suffix if key == "" or key.endswith("/") else key
    found = bucket.objects.get(wanted)
    if found is None:
        if wanted == key and f"{key}/{suffix}" in bucket.objects:
            return Redirect(302, path_of_key(f"{key}/"))
        return Problem("NoSuchKey", (("Key", wanted),))
    if not may_read_anonymously(bucket, wanted, visit.context):
        return Problem("AccessDenied")
    if location := found.headers.get(REDIRECT_HEADER):
        return Redirect(301, location)
    return _serve(found, visit)


def _serve(found: StoredObject, visit: Visit) -> WebsiteResponse:
    verdict = judge(visit.conditions, etag=found.etag, modified_at=found.modified_at)
    if verdict.is_failure:
        return Problem("PreconditionFailed", (("Condition", verdict),))
    if verdict.is_not_modified:
        return NotModified(found)
    fresh = range_holds(visit.if_range, etag=found.etag, modified_at=found.modified_at)
    span = choose_span(visit.range if fresh else None, found.size)
    if span is Unsatisfiable.RANGE:
        details = (("RangeRequested", visit.range or ""), ("ActualObjectSize", str(found.size)))
        return Problem("InvalidRange", details, {"content-range": f"bytes */{found.size}"})
    if span is None:
        return Serve(found, 200, Span(0, found.size))
    return Serve(found, 206, span)


def _soften(
    problem: Problem, bucket: Bucket, website: Website, visit: Visit, key: str
) -> Redirect | Serve | Problem:
    for rule in website.routing_rules:
        if rule.http_error_code_returned_equals == str(problem.status) and _has_prefix(rule, key):
            return _redirect(rule, visit, key)
    if website.error_key is None:
        return problem
    document = bucket.objects.get(website.error_key)
    if document is None:
        return replace(problem, document_problem=Problem("NoSuchKey", (("Key", website.error_key),)))
    if not may_read_anonymously(bucket, website.error_key, visit.context):
        return replace(problem, document_problem=Problem("AccessDenied"))
    return Serve(document, problem.status, Span(0, document.size), problem)


def _has_prefix(rule: RoutingRule, key: str) -> bool:
    return key.startswith(rule.key_prefix_equals or "")


def _redirect(rule: RoutingRule, visit: Visit, key: str) -> Redirect:
    """Whatever the rule does not name stays as the visitor had it, the query included."""
    if rule.replace_key_with is not None:
        path = path_of_replacement(rule.replace_key_with)
    elif rule.replace_key_prefix_with is not None:
        rest = path_of_key(key.removeprefix(rule.key_prefix_equals or "")).removeprefix("/")
        path = path_of_replacement(rule.replace_key_prefix_with) + rest
    else:
        path = path_of_key(key)
    query = f"?{visit.query}" if visit.query and "?" not in path else ""
    scheme = rule.protocol or "http"
    return Redirect(
        int(rule.http_redirect_code or 301), f"{scheme}://{rule.host_name or visit.host}{path}{query}"
    )

"""The tables of rules/buckets/website.py: a case for each row, in their order."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.buckets.bucket import (
    Bucket,
    PublicAccessBlock,
    RedirectAll,
    RoutingRule,
    StoredObject,
    Website,
)
from stillup.rules.buckets.conditional import Conditions
from stillup.rules.buckets.ranges import Span
from stillup.rules.buckets.website import (
    ABOUT_S3,
    NotModified,
    Problem,
    Redirect,
    Serve,
    Visit,
    WebsiteResponse,
    respond,
)
from stillup.rules.buckets.website_path import key_of_path, path_of_key
from stillup.rules.ids import BlobId, BucketName

NAME = BucketName("www.example.com")
SITE = Website(index_suffix="index.html", error_key="error.html")
POLICY = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{NAME}/*",
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{NAME}/secret*",
            },
        ]
    }
)


def stored(key: str, **headers: str) -> StoredObject:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return StoredObject(key, BlobId(f"blob of {key}"), 10, f"etag-{key}", 1_700_000_000.5, headers=named)


def bucket(*keys: str, website: Website | None = SITE, region: str = "us-east-1") -> Bucket:
    return Bucket(
        NAME,
        region,
        0,
        public_access_block=PublicAccessBlock(False, False, False, False),
        website=website,
        policy=POLICY,
        objects={key: stored(key) for key in keys},
    )


PAGES = bucket(
    "index.html", "photos/index.html", "photos/a b.jpg", "album", "album/index.html", "secret.html", "../x"
)


def visit(path: str = "/", subject: Bucket = PAGES, **fields: object) -> WebsiteResponse:
    plain = Visit("GET", NAME, path, context={"aws:sourceip": ("192.0.2.1",)})
    return respond({NAME: subject}, replace(plain, **fields))  # type: ignore[arg-type]


def served(answer: WebsiteResponse) -> str:
    assert isinstance(answer, Serve), answer
    assert answer.problem is None
    return answer.object.key


def problem(answer: WebsiteResponse) -> Problem:
    assert isinstance(answer, Problem), answer
    return answer


def test_a_request_without_a_host_is_400() -> None:
    assert problem(visit(host=None)).status == 400


@pytest.mark.parametrize(
    "host", ["s3-website-us-east-1.amazonaws.com", "s3-website.eu-west-3.amazonaws.com:80"]
)
def test_the_bare_endpoint_leads_to_the_page_about_s3(host: str) -> None:
    assert visit(host=host) == Redirect(301, ABOUT_S3)


def test_an_absent_bucket_is_404() -> None:
    answer = problem(visit(host="other.example.com"))
    assert (answer.status, answer.code) == (404, "NoSuchBucket")


def test_another_regions_endpoint_is_400() -> None:
    answer = problem(visit(host=f"{NAME}.s3-website.eu-west-3.amazonaws.com"))
    assert (answer.status, answer.code) == (400, "IncorrectEndpoint")


def test_a_bucket_that_is_no_website_is_404() -> None:
    answer = problem(visit(subject=bucket("index.html", website=None)))
    assert (answer.status, answer.code) == (404, "NoSuchWebsiteConfiguration")


@pytest.mark.parametrize(
    "host",
    [
        "www.example.com",
        "WWW.Example.COM",
        "www.example.com:8080",
        "www.example.com.",
        "www.example.com.:80",
        "www.example.com.s3-website-us-east-1.amazonaws.com",
        "www.example.com.s3-website.us-east-1.amazonaws.com:8080",
    ],
)
def test_the_host_names_the_bucket(host: str) -> None:
    assert served(visit(host=host)) == "index.html"


@pytest.mark.parametrize(
    "host", ["www.example.com:80@evil.example", "[::1]:80", "127.0.0.1", "\x00", "..", ":80"]
)
def test_an_odd_host_names_no_bucket(host: str) -> None:
    assert problem(visit(host=host)).code == "NoSuchBucket"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_other_methods_are_405(method: str) -> None:
    answer = problem(visit(method=method))
    assert answer.status == 405
    assert answer.headers == {"allow": "GET, HEAD"}


def test_head_is_answered_as_get_is() -> None:
    assert visit(method="HEAD") == visit()


@pytest.mark.parametrize("path", ["/%", "/%2", "/%zz", "/%ff", "/\xff", "/a%c3"])
def test_a_path_that_cannot_be_decoded_is_400(path: str) -> None:
    assert problem(visit(path)).code == "InvalidURI"


EVERYTHING = bucket(website=Website(redirect_all=RedirectAll("example.org", "https")))


def test_everything_may_be_redirected() -> None:
    assert visit("/a%20b/ü".encode().decode("latin-1"), EVERYTHING, query="q=1") == Redirect(
        301, "https://example.org/a%20b/%C3%BC?q=1"
    )
    assert visit("/", bucket(website=Website(redirect_all=RedirectAll("example.org")))) == Redirect(
        301, "http://example.org/"
    )


def rules(*routing: RoutingRule, error_key: str | None = None) -> Bucket:
    website = Website("index.html", error_key, routing_rules=routing)
    return bucket("index.html", "docs/a", "error.html", website=website)


@pytest.mark.parametrize(
    ("rule", "path", "location"),
    [
        (RoutingRule("docs/", replace_key_prefix_with="documents/"), "/docs/a", f"http://{NAME}/documents/a"),
        (RoutingRule("docs/", replace_key_prefix_with=""), "/docs/a", f"http://{NAME}/a"),
        (RoutingRule("docs/", replace_key_with="folder.html"), "/docs/a", f"http://{NAME}/folder.html"),
        (RoutingRule("docs/", replace_key_prefix_with="#!/"), "/docs/a b", f"http://{NAME}/#!/a%20b"),
        (RoutingRule("docs/", replace_key_prefix_with="x\r\ny/"), "/docs/a", f"http://{NAME}/x%0D%0Ay/a"),
        (RoutingRule("docs/", host_name="example.org"), "/docs/a", "http://example.org/docs/a"),
        (RoutingRule("docs/", protocol="https"), "/docs/a", f"https://{NAME}/docs/a"),
        (RoutingRule(host_name="example.org"), "/", "http://example.org/"),
    ],
)
def test_a_routing_rule_redirects_by_prefix(rule: RoutingRule, path: str, location: str) -> None:
    assert visit(path, rules(rule)) == Redirect(301, location)


def test_a_redirect_to_the_own_host_keeps_its_port_and_the_query() -> None:
    subject = rules(RoutingRule("docs/", replace_key_prefix_with="d/", http_redirect_code="307"))
    assert visit("/docs/a", subject, host=f"{NAME}:8080", query="q=1") == Redirect(
        307, f"http://{NAME}:8080/d/a?q=1"
    )


def test_the_first_rule_that_fits_wins() -> None:
    subject = rules(RoutingRule("docs/a", replace_key_with="1"), RoutingRule("docs/", replace_key_with="2"))
    assert visit("/docs/a", subject) == Redirect(301, f"http://{NAME}/1")
    assert visit("/docs/b", subject) == Redirect(301, f"http://{NAME}/2")
    assert served(visit("/", subject)) == "index.html"


@pytest.mark.parametrize(
    ("path", "key"), [("/", "index.html"), ("", "index.html"), ("/photos/", "photos/index.html")]
)
def test_a_folder_is_its_index_document(path: str, key: str) -> None:
    assert served(visit(path)) == key


def test_an_object_that_may_not_be_read_is_403() -> None:
    assert problem(visit("/secret.html")).code == "AccessDenied"


def test_an_object_may_redirect() -> None:
    page = stored("a", x_amz_website_redirect_location="/b")
    assert visit("/a", replace(PAGES, objects={"a": page})) == Redirect(301, "/b")


def test_a_failed_precondition_is_412() -> None:
    assert problem(visit(conditions=Conditions(if_match='"x"'))).details == (("Condition", "If-Match"),)


def test_an_unmodified_object_is_304() -> None:
    answer = visit(conditions=Conditions(if_none_match='"etag-index.html"'))
    assert answer == NotModified(PAGES.objects["index.html"])


def test_a_range_behind_the_end_is_416() -> None:
    answer = problem(visit(range="bytes=10-"))
    assert (answer.status, answer.headers) == (416, {"content-range": "bytes */10"})


def test_a_range_is_206_and_the_whole_is_200() -> None:
    page = PAGES.objects["index.html"]
    assert visit(range="bytes=2-3") == Serve(page, 206, Span(2, 2))
    assert visit(range="bytes=0-1,3-4") == Serve(page, 200, Span(0, 10))
    assert visit() == Serve(page, 200, Span(0, 10))


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        ('"etag-index.html"', 206),
        ("Tue, 14 Nov 2023 22:13:20 GMT", 206),
        ('"other"', 200),
        ('W/"etag-index.html"', 200),
        ("Tue, 14 Nov 2023 22:13:21 GMT", 200),
    ],
)
def test_a_range_of_another_object_is_not_served(if_range: str, status: int) -> None:
    answer = visit(range="bytes=2-3", if_range=if_range)
    assert isinstance(answer, Serve)
    assert answer.status == status


def test_an_object_comes_before_the_folder_of_its_name() -> None:
    assert served(visit("/album")) == "album"


def test_a_folder_without_its_slash_is_302() -> None:
    assert visit("/photos") == Redirect(302, "/photos/")


def test_a_missing_index_document_is_not_taken_for_a_folder() -> None:
    assert problem(visit("/", bucket("index.html/index.html"))).code == "NoSuchKey"


def test_a_folder_redirect_never_leads_to_another_host() -> None:
    assert visit("//evil.example", bucket("/evil.example/index.html")) == Redirect(302, "/%2Fevil.example/")


@pytest.mark.parametrize("path", ["/nothing", "/photos/x/", "/photos/b.jpg", "/%00", "/photos%2", "/PHOTOS/"])
def test_what_is_not_there_is_4xx(path: str) -> None:
    assert problem(visit(path)).status in (400, 404)


def test_a_missing_index_document_is_named() -> None:
    assert problem(visit("/x/")).details == (("Key", "x/index.html"),)


def test_a_listing_is_never_given() -> None:
    assert problem(visit("/", bucket("a"))).code == "NoSuchKey"


@pytest.mark.parametrize("path", ["/../x", "/%2e%2e/x", "/..%2Fx"])
def test_dots_are_part_of_the_key(path: str) -> None:
    assert served(visit(path)) == "../x"


def test_percent_signs_are_decoded_once() -> None:
    assert problem(visit("/%252e%252e/x")).details == (("Key", "%2e%2e/x"),)
    assert served(visit("/photos/a%20b.jpg")) == "photos/a b.jpg"


def test_a_routing_rule_redirects_by_error_code() -> None:
    subject = rules(
        RoutingRule("docs/", "404", host_name="docs.example.org"),
        RoutingRule(http_error_code_returned_equals="404", replace_key_with="sorry"),
        error_key="error.html",
    )
    assert visit("/docs/x", subject) == Redirect(301, "http://docs.example.org/docs/x")
    assert visit("/x", subject) == Redirect(301, f"http://{NAME}/sorry")
    assert served(visit("/docs/a", subject)) == "docs/a"


@pytest.mark.parametrize(("path", "status"), [("/x", 404), ("/secret.html", 403), ("/%", 400)])
def test_the_error_document_keeps_the_status(path: str, status: int) -> None:
    answer = visit(path, bucket("error.html", "secret.html"))
    assert isinstance(answer, Serve)
    assert (answer.object.key, answer.status) == ("error.html", status)
    assert answer.problem is not None
    assert answer.problem.status == status


def test_the_error_document_may_itself_be_missing() -> None:
    assert problem(visit("/x", bucket())).document_problem == Problem("NoSuchKey", (("Key", "error.html"),))


def test_the_error_document_may_itself_be_unreadable() -> None:
    subject = bucket("secret.html", website=Website("index.html", "secret.html"))
    assert problem(visit("/x", subject)).document_problem == Problem("AccessDenied")


def test_without_an_error_document_the_error_stands_alone() -> None:
    answer = problem(visit("/x", bucket(website=Website("index.html"))))
    assert answer == Problem("NoSuchKey", (("Key", "x"),))


@given(st.text(st.characters(codec="latin-1")), st.sampled_from(["GET", "HEAD", "POST"]))
def test_any_path_has_an_answer(path: str, method: str) -> None:
    answer = visit(path, method=method)
    if isinstance(answer, Redirect):
        assert answer.location.isascii()
        assert answer.location.isprintable()
        assert answer.location.startswith("/")
        assert not answer.location.startswith("//")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_every_key_has_a_path_that_leads_back_to_it(key: str) -> None:
    assert key_of_path(path_of_key(key)) == key

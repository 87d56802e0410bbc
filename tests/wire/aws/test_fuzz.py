"""Whatever comes in, the answer is a call or an AwsError, never another exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.wire.aws.interpret import parse, render_error
from stillup.wire.aws.locate import locate
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.models import service_model
from stillup.wire.aws.scope import carries_form, scope_of

LATIN = st.text(st.characters(max_codepoint=255), max_size=40)
PIECES = st.sampled_from(
    [
        "/",
        "2013-04-01",
        "hostedzone",
        "rrset",
        "healthcheck",
        "tags",
        "%2F",
        "%",
        "%FF",
        "%C3%28",
        "..",
        "b",
        "k",
        "",
    ]
)
PATHS = st.one_of(LATIN, st.lists(PIECES, max_size=8).map("/".join).map(lambda path: "/" + path))
QUERIES = st.one_of(
    LATIN,
    st.lists(
        st.sampled_from(
            ["website", "policy", "uploads", "uploadId=", "partNumber=x", "list-type=2", "max-keys=%FF", "x-id=%00",
             "X-Amz-Credential=a/b/c/d/e", "X-Amz-Credential=/////aws4_request", "Action=DescribeInstances",
             "Version=2016-11-15", "AWSAccessKeyId", "type=A", "resolverip=&", "=", "&&", "versionId", "acl"]
        ),
        max_size=5,
    ).map("&".join),
)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(
        ["host", "authorization", "x-amz-copy-source", "x-amz-meta-a", "content-type", "range", "if-modified-since",
         "x-amz-storage-class", "x-amz-expected-bucket-owner", "x-amz-object-attributes", "x-amz-content-sha256"]
    ),
    st.one_of(
        LATIN,
        st.sampled_from(
            ["bb.localhost:1", ".localhost", "AWS4-HMAC-SHA256 Credential=", "AWS4-HMAC-SHA256 Credential=a/b/c/ec2/aws4_request",
             "AWS4-HMAC-SHA256 Credential=a/b/c/route53/aws4_request", "AWS4-HMAC-SHA256 Credential=a/b/c/sts/aws4_request",
             "AWS a:b", "Thu, 99 Foo 99999 99:99:99 GMT", "[::1"]
        ),
    ),
    max_size=4,
)  # fmt: skip
METHODS = st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", ""])


def answer(request: HttpRequest, body: bytes) -> None:
    scope = scope_of(request)
    try:
        form = body if carries_form(request) else b""
        scope = scope_of(request, form)
        parse(locate(request, form, scope=scope), request, body)
    except AwsError as error:
        response = render_error(scope.service, error, request, "req-1")
        assert 400 <= response.status < 600


@given(METHODS, PATHS, QUERIES, HEADERS, st.binary(max_size=100))
@settings(max_examples=150)
@pytest.mark.slow
def test_random_requests(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> None:
    answer(HttpRequest(method, path, query, headers), body)


TAGS = st.sampled_from(
    ["ChangeResourceRecordSetsRequest", "ChangeBatch", "Changes", "Change", "Action", "ResourceRecordSet", "Name",
     "Type", "TTL", "ResourceRecords", "ResourceRecord", "Value", "AliasTarget", "x", "Grantee"]
)  # fmt: skip
TREES = st.recursive(
    st.one_of(
        st.just(""),
        st.sampled_from(["A", "CREATE", "300", "&amp;", "&#0;", "&x;", "<![CDATA[A]]>", "<!--x-->"]),
    ),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=3)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=20,
)


@given(
    TREES,
    st.sampled_from(
        [("POST", "/2013-04-01/hostedzone/Z/rrset"), ("POST", "/2013-04-01/healthcheck"), ("POST", "/bb")]
    ),
)
@settings(max_examples=100)
@pytest.mark.slow
def test_random_documents(tree: str, target: tuple[str, str]) -> None:
    for document in (tree, f"<ChangeResourceRecordSetsRequest>{tree}</ChangeResourceRecordSetsRequest>"):
        answer(HttpRequest(*target, "", {}), document.encode())


@given(
    st.sampled_from(service_model("ec2").operation_names[:300]),
    st.lists(
        st.tuples(
            st.sampled_from(["Filter", "InstanceId", "1", "2", "Name", "Value", "", "x", "DryRun"]), LATIN
        ),
        max_size=5,
    ),
)
@settings(max_examples=100)
@pytest.mark.slow
def test_random_forms(operation: str, parts: list[tuple[str, str]]) -> None:
    fields = "&".join(
        f"{'.'.join(name for name, _ in parts[:index])}={value}" for index, (_, value) in enumerate(parts)
    )
    form = f"Action={operation}&Version=2016-11-15&{fields}".encode()
    answer(HttpRequest("POST", "/", "", {}), form)


@pytest.mark.slow
def test_a_form_of_very_deep_names_is_no_harm() -> None:
    form = b"Action=DescribeInstances&Version=2016-11-15&Filter" + b".1" * 100_000 + b"=x"
    answer(HttpRequest("POST", "/", "", {}), form)


@pytest.mark.slow
def test_a_document_of_very_deep_elements_is_no_harm() -> None:
    body = b"<a>" * 100_000 + b"</a>" * 100_000
    answer(HttpRequest("POST", "/2013-04-01/hostedzone", "", {}), body)

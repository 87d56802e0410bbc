"""S3's old signature as botocore makes it, verified; and everything that was not signed so, refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.wire.aws import sigv2
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.sigv2 import SignatureV2
from tests.wire.aws.signers import KEY_ID, SECRET, signed

NOW = 1_174_000_000.0


def verify(
    request: HttpRequest, *, secret: str = SECRET, later: float | None = None, bucket: str | None = None
) -> SignatureV2:
    if sigv2.is_in_query(request.query):
        signature = sigv2.read_query(request)
        now = (signature.expires_at or 0) - 60 + (later or 0)
    else:
        signature = sigv2.read_header(request)
        now = NOW + (later or 0)
    if later is not None:
        sigv2.raise_if_untimely(signature, request, now=now)
    sigv2.raise_if_not_signed_by(secret, signature, request, bucket=bucket)
    return signature


def refusal(request: HttpRequest, **how: object) -> AwsError:
    with pytest.raises(AwsError) as caught:
        verify(request, **how)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("presigned", [None, 60])
@pytest.mark.parametrize(
    "path", ["/", "/bucket/a%20b", "/bucket?uploads", "/bucket/k?response-content-type=text%2Fplain&x=1&acl"]
)
def test_what_botocore_signs_is_accepted(path: str, presigned: int | None) -> None:
    assert verify(signed("s3", path=path, presigned=presigned, version=2)).access_key_id == KEY_ID


def test_a_bucket_may_be_signed_with_a_slash_that_its_url_does_not_have() -> None:
    request = signed("s3", path="/bucket/?website", version=2)
    verify(replace(request, path="/bucket"))
    assert refusal(replace(request, path="/other")).code == "SignatureDoesNotMatch"


def test_headers_and_type_are_bound() -> None:
    headers = {"Content-Type": "text/html", "x-amz-meta-b": "2", "X-Amz-Meta-A": "1"}
    request = signed("s3", method="PUT", path="/bucket/k", headers=headers, version=2)
    verify(request)
    for name in ("content-type", "x-amz-meta-b"):
        changed = replace(request, headers={**request.headers, name: "other"})
        assert refusal(changed).code == "SignatureDoesNotMatch"


def test_the_bucket_of_the_host_is_bound() -> None:
    request = signed("s3", path="/bucket/k", presigned=60, version=2)
    verify(replace(request, path="/k"), bucket="bucket")
    assert refusal(replace(request, path="/k"), bucket="other").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(("old", "new"), [("/k", "/l"), ("acl", "tagging"), ("Expires=", "Expires=9")])
def test_what_a_presigned_url_signs_cannot_be_changed(old: str, new: str) -> None:
    request = signed("s3", path="/bucket/k?acl", presigned=60, version=2)
    changed = replace(request, path=request.path.replace(old, new), query=request.query.replace(old, new))
    error = refusal(changed)
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert "StringToSign" in error.members
    assert SECRET not in str(error.members)


def test_a_subresource_cannot_be_added() -> None:
    request = signed("s3", method="PUT", path="/bucket", presigned=60, version=2)
    for name in ("policy", "publicAccessBlock", "website", "encryption"):
        assert refusal(replace(request, query=f"{name}&{request.query}")).code == "SignatureDoesNotMatch"


def test_a_url_expires() -> None:
    request = signed("s3", path="/bucket/k", presigned=60, version=2)
    verify(request, later=60)
    assert (refusal(request, later=61).code, refusal(request, later=61).message) == (
        "AccessDenied",
        "Request has expired",
    )


def test_clocks_may_differ_by_a_quarter_of_an_hour() -> None:
    request = HttpRequest(
        "GET", "/", "", {"date": "Thu, 15 Mar 2007 23:06:40 GMT", "authorization": "AWS a:b="}
    )
    assert refusal(request, later=900).code == "SignatureDoesNotMatch"
    assert refusal(request, later=901).code == "RequestTimeTooSkewed"
    assert refusal(replace(request, headers={"authorization": "AWS a:b="}), later=0).code == "AccessDenied"


@given(
    st.text(st.characters(max_codepoint=255), max_size=80),
    st.text(st.characters(max_codepoint=255), max_size=40),
)
def test_garbage_is_refused(text: str, date: str) -> None:
    header = HttpRequest("GET", text, text, {"authorization": f"AWS {text}", "date": date})
    query = HttpRequest("GET", text, f"AWSAccessKeyId={text}&Signature={text}&Expires={text}", {})
    for request in (header, query):
        refusal(request, later=0)

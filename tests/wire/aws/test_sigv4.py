"""Signature Version 4 as botocore signs, verified; and everything that was not signed so, refused."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.sigv4 import SignatureV4, raise_if_not_signed_by, raise_if_untimely
from stillup.wire.aws.sigv4_claim import is_in_query, read_header, read_query
from tests.wire.aws.signers import KEY_ID, SECRET, signed

BODY = b"Action=ListUsers&Version=2010-05-08"
EMPTY = hashlib.sha256().hexdigest()


def read(request: HttpRequest, service: str) -> SignatureV4:
    if is_in_query(request.query):
        return read_query(request, service=service)
    return read_header(request, service=service)


def verify(
    request: HttpRequest, service: str = "iam", *, body: bytes = b"", secret: str = SECRET, later: float = 0
) -> SignatureV4:
    signature = read(request, service)
    now = signature.signed_at + later
    raise_if_untimely(signature, service=service, now=now)
    in_head = "UNSIGNED-PAYLOAD" if signature.is_presigned else request.headers.get("x-amz-content-sha256")
    payload_hash = in_head if service == "s3" and in_head else hashlib.sha256(body).hexdigest()
    secret = {KEY_ID: secret}.get(signature.access_key_id, "the secret of another key, if there is one")
    raise_if_not_signed_by(secret, signature, request, service=service, payload_hash=payload_hash)
    return signature


def refusal(request: HttpRequest, service: str = "iam", **how: object) -> AwsError:
    with pytest.raises(AwsError) as caught:
        verify(request, service, **how)  # type: ignore[arg-type]
    return caught.value


def without(request: HttpRequest, *names: str, **more: str) -> HttpRequest:
    """The request with headers less and headers more, of which the signer knows nothing."""
    kept = {name: value for name, value in request.headers.items() if name not in names}
    return replace(
        request, headers={**kept, **{name.replace("_", "-"): value for name, value in more.items()}}
    )


def altered(request: HttpRequest, old: str, new: str) -> HttpRequest:
    """The request with something else in its Authorization header."""
    assert old in request.headers["authorization"]
    return without(request, authorization=request.headers["authorization"].replace(old, new))


PATHS = [
    "/",
    "/2013-04-01/hostedzone/Z123/rrset?name=a.example.com&type=A&maxitems=1",
    "/2013-04-01//hostedzone/./x/../Z123/",
    "/bucket/a%20b%2Bc/%C3%A9%F0%9F%98%80//x/../~tilde%28%29%27?list-type=2&prefix=a%2Fb%20c&delimiter=%2F",
    "/bucket?uploads",
    "/bucket?prefix=X-Amz-Signature",
    "/bucket?tagging=&x-id=PutBucketTagging&b=2&b=1&a",
    "/service/GraniteServiceVersion20100801/operation/ListMetrics",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("service", ["s3", "route53", "monitoring"])
@pytest.mark.parametrize("presigned", [None, 60])
def test_what_botocore_signs_is_accepted(service: str, path: str, presigned: int | None) -> None:
    request = signed(service, path=path, headers={"x-amz-meta-a": "  b   c "}, presigned=presigned)
    assert verify(request, service).access_key_id == KEY_ID


def test_a_body_is_bound_by_its_hash() -> None:
    request = signed("iam", method="POST", body=BODY)
    verify(request, body=BODY)
    assert refusal(request, body=BODY + b" ").code == "SignatureDoesNotMatch"


def test_the_words_for_a_wrong_secret_are_the_services() -> None:
    for service, code, status in (
        ("s3", "SignatureDoesNotMatch", 403),
        ("ec2", "AuthFailure", 401),
        ("sts", "SignatureDoesNotMatch", 403),
    ):
        error = refusal(signed(service), service, secret="other")
        assert (error.code, error.status) == (code, status)
    told = refusal(signed("s3", path="/b/k"), "s3", secret="other")
    assert told.members["CanonicalRequest"].startswith("GET\n/b/k\n\nhost:127.0.0.1:4566\n")
    assert told.members["StringToSign"].startswith("AWS4-HMAC-SHA256\n")
    assert set(told.members) >= {"AWSAccessKeyId", "SignatureProvided", "StringToSignBytes"}
    assert SECRET not in str(told.members)


def test_a_path_that_was_decoded_on_the_way_is_still_the_path() -> None:
    request = signed("s3", path="/bucket/a%28b%29%20c")
    verify(replace(request, path="/bucket/a(b)%20c"), "s3")
    assert refusal(replace(request, path="/bucket/a(b)/%20c"), "s3").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("service", "later", "code", "text"),
    [
        ("s3", 901, "RequestTimeTooSkewed", "The difference between"),
        ("s3", -901, "RequestTimeTooSkewed", "The difference between"),
        ("iam", 901, "SignatureDoesNotMatch", "Signature expired: "),
        ("iam", -901, "SignatureDoesNotMatch", "Signature not yet current: "),
        ("ec2", 901, "RequestExpired", "Request has expired."),
    ],
)
def test_clocks_may_differ_by_a_quarter_of_an_hour(service: str, later: int, code: str, text: str) -> None:
    request = signed(service)
    verify(request, service, later=later - 1 if later > 0 else later + 1)
    error = refusal(request, service, later=later)
    assert error.code == code
    assert error.message.startswith(text)


@pytest.mark.parametrize(("service", "code"), [("s3", "AccessDenied"), ("sts", "SignatureDoesNotMatch")])
def test_a_presigned_url_is_good_for_as_long_as_it_says(service: str, code: str) -> None:
    request = signed(service, path="/bucket/key", presigned=3600)
    verify(request, service, later=3600)
    verify(request, service, later=-900)
    assert refusal(request, service, later=3601).code == code
    assert refusal(request, service, later=-901).code == code
    if service == "s3":
        assert refusal(request, service, later=3601).message == "Request has expired"


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "x", "", "1" * 30])
def test_a_presigned_url_is_good_for_a_week_at_most(expires: str) -> None:
    request = signed("s3", presigned=60)
    request = replace(request, query=request.query.replace("X-Amz-Expires=60", f"X-Amz-Expires={expires}"))
    error = refusal(request, "s3")
    assert (error.code, error.status) == ("AuthorizationQueryParametersError", 400)


@pytest.mark.parametrize("name", ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders"])
def test_half_a_presigned_url_is_refused(name: str) -> None:
    request = signed("s3", presigned=60)
    kept = "&".join(part for part in request.query.split("&") if not part.startswith(f"X-Amz-{name}="))
    assert refusal(replace(request, query=kept), "s3").code == "AuthorizationQueryParametersError"
    doubled = replace(request, query=f"{request.query}&X-Amz-{name}=x")
    assert refusal(doubled, "s3").code == "AuthorizationQueryParametersError"


@pytest.mark.parametrize("part", ["Credential", "SignedHeaders", "Signature"])
def test_half_a_header_is_refused(part: str) -> None:
    for service, code in (("s3", "AuthorizationHeaderMalformed"), ("iam", "IncompleteSignature")):
        request = signed(service)
        header = re.sub(rf"{part}=[^,]*(, )?", "", request.headers["authorization"])
        error = refusal(without(request, authorization=header), service)
        assert (error.code, error.status) == (code, 400)
        assert part in error.message


@pytest.mark.parametrize("more", [", Credential=A/20260101/us-east-1/iam/aws4_request", ", x=y", ","])
def test_a_header_has_three_parts_and_no_more(more: str) -> None:
    for service, code in (("s3", "AuthorizationHeaderMalformed"), ("iam", "IncompleteSignature")):
        request = signed(service)
        header = request.headers["authorization"] + more
        assert refusal(without(request, authorization=header), service).code == code


def test_whatever_aws_reads_must_be_signed() -> None:
    error = refusal(without(signed("s3"), x_amz_acl="public-read"), "s3")
    assert (error.code, error.members) == ("AccessDenied", {"HeadersNotSigned": "x-amz-acl"})
    error = refusal(without(signed("iam"), x_amz_target="Other"))
    assert (error.code, error.message[:14]) == ("SignatureDoesNotMatch", "'x-amz-target'")
    assert refusal(altered(signed("iam"), "host;", "")).message.startswith("'host' must be a 'SignedHeader'")
    verify(without(signed("iam"), user_agent="curl", x_amzn_trace_id="Root=1"))


def test_the_day_of_the_scope_is_the_day_of_the_request() -> None:
    request = signed("iam")
    day = request.headers["x-amz-date"][:8]
    assert "Date in Credential scope" in refusal(altered(request, f"/{day}/", "/20200101/")).message
    request = signed("s3")
    assert refusal(altered(request, f"/{day}/", "/20200101/"), "s3").code == "AuthorizationHeaderMalformed"


def test_the_date_may_stand_in_the_date_header() -> None:
    request = without(signed("iam"), "x-amz-date", date="Tue, 27 Mar 2007 19:36:42 +0000")
    request = replace(
        request,
        headers={
            **request.headers,
            "authorization": request.headers["authorization"].replace(";x-amz-date", ""),
        },
    )
    assert "'20070327', from '20070327T193642Z'" in refusal(request).message


@pytest.mark.parametrize(
    "date", ["", "yesterday", "20230230T000000Z", "2023-01-01T00:00:00Z", "99999999T999999Z"]
)
def test_what_is_no_date_is_refused(date: str) -> None:
    assert refusal(without(signed("iam"), x_amz_date=date)).code == "IncompleteSignature"
    assert refusal(without(signed("s3"), x_amz_date=date), "s3").code == "AccessDenied"


def test_repeated_headers_are_signed_as_the_list_that_they_are() -> None:
    request = signed("iam", headers={"x-amz-list": "a,b"})
    verify(request)
    assert refusal(without(request, x_amz_list="b,a")).code == "SignatureDoesNotMatch"


def test_another_key_did_not_sign() -> None:
    request = altered(signed("s3"), KEY_ID, KEY_ID[1:])
    assert refusal(request, "s3").code == "SignatureDoesNotMatch"


@pytest.mark.slow
@settings(max_examples=150)
@given(st.data())
def test_nothing_that_was_signed_can_be_changed(data: st.DataObject) -> None:
    presigned = data.draw(st.sampled_from([None, 60]))
    request = SIGNED[presigned]
    where = data.draw(st.sampled_from(["method", "path", "query", *SIGNED_HEADERS[presigned]]))
    headers = dict(request.headers)
    old = headers[where] if where in headers else getattr(request, where)
    at = data.draw(st.integers(0, max(len(old) - 1, 0)))
    put = data.draw(st.sampled_from(["", "0", "a", "Z", "/", "%", "=", ";", "é", "&x=", ",", "AWS4"]))
    new = old[:at] + put + old[at + 1 :]
    if where in headers:
        changed = replace(request, headers={**headers, where: new})
    else:
        changed = replace(request, **{where: new})
    if new != old and not _means_the_same(old, new, where):
        refusal(changed, "s3")


def _means_the_same(old: str, new: str, where: str) -> bool:
    """An ampersand more or less in a query, a space more or less after a comma."""
    if where == "query":
        return sorted(filter(None, new.split("&"))) == sorted(filter(None, old.split("&")))
    return new.replace(" ", "") == old.replace(" ", "")


SIGNED = {
    expires: signed("s3", path="/bucket/key?versionId=1", headers={"x-amz-meta-a": "b"}, presigned=expires)
    for expires in (None, 60)
}
SIGNED_HEADERS = {
    None: ("authorization", "host", "x-amz-date", "x-amz-meta-a", "x-amz-content-sha256"),
    60: ("host", "x-amz-meta-a"),
}

octets = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60)


@given(octets, octets, st.sampled_from(["s3", "iam", "ec2"]), octets)
def test_garbage_is_refused_in_the_services_words(header: str, query: str, service: str, date: str) -> None:
    headers = {"authorization": f"AWS4-HMAC-SHA256 {header}", "x-amz-date": date, "host": "h"}
    with pytest.raises(AwsError):
        read_header(HttpRequest("GET", "/", "", headers), service=service)
    with pytest.raises(AwsError):
        read_query(HttpRequest("GET", "/", f"X-Amz-Algorithm={query}", {"host": "h"}), service=service)


@given(octets, octets, octets)
def test_a_request_of_any_octets_can_be_verified(path: str, query: str, value: str) -> None:
    request = signed("s3", headers={"x-amz-meta-a": "b"})
    request = replace(request, path=path, query=query, headers={**request.headers, "x-amz-meta-a": value})
    signature = read_header(request, service="s3")
    for service in ("s3", "iam"):
        with pytest.raises(AwsError):
            raise_if_not_signed_by("other", signature, request, service=service, payload_hash=EMPTY)

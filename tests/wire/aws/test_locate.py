"""Which operation a request is: hosts, paths, subresources, scopes."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.wire.aws.interpret import parse, render
from stillup.wire.aws.locate import locate, not_built
from stillup.wire.aws.messages import AwsError, HttpRequest, HttpResponse, Output
from stillup.wire.aws.models import operation_model, service_model
from stillup.wire.aws.scope import carries_form, scope_of
from tests.wire.aws.botocore_side import call

ZONE = "/2013-04-01/hostedzone"


def request(line: str, **headers: str) -> HttpRequest:
    method, target = line.split(" ", 1)
    path, _, query = target.partition("?")
    return HttpRequest(
        method, path, query, {name.replace("_", "-").lower(): value for name, value in headers.items()}
    )


@pytest.mark.parametrize(
    ("line", "operation"),
    [
        ("GET /", "ListBuckets"),
        ("GET /b", "ListObjects"),
        ("GET /b/", "ListObjects"),
        ("GET /b?list-type=2&prefix=x", "ListObjectsV2"),
        ("GET /b/?location", "GetBucketLocation"),
        ("GET /b?location=", "GetBucketLocation"),
        ("GET /b?uploads", "ListMultipartUploads"),
        ("GET /b?versions", "ListObjectVersions"),
        ("GET /b?lifecycle", "GetBucketLifecycleConfiguration"),
        ("GET /b?notification", "GetBucketNotificationConfiguration"),
        ("GET /b?policyStatus", "GetBucketPolicyStatus"),
        ("GET /b?analytics", "ListBucketAnalyticsConfigurations"),
        ("GET /b?analytics&id=1", "GetBucketAnalyticsConfiguration"),
        ("GET /b?nonsense", "ListObjects"),
        ("HEAD /b", "HeadBucket"),
        ("PUT /b", "CreateBucket"),
        ("PUT /b?website", "PutBucketWebsite"),
        ("PUT /b?publicAccessBlock", "PutPublicAccessBlock"),
        ("DELETE /b", "DeleteBucket"),
        ("DELETE /b?policy", "DeleteBucketPolicy"),
        ("DELETE /b?analytics", "DeleteBucketAnalyticsConfiguration"),
        ("POST /b?delete", "DeleteObjects"),
        ("GET /b/k", "GetObject"),
        ("GET /b/k?versionId=null&x-id=GetObject", "GetObject"),
        ("GET /b/k?acl", "GetObjectAcl"),
        ("GET /b/k?uploadId=1", "ListParts"),
        ("HEAD /b/k?partNumber=1", "HeadObject"),
        ("PUT /b/k", "PutObject"),
        ("PUT /b/k/", "PutObject"),
        ("PUT /b//", "PutObject"),
        ("PUT /b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("POST /b/k?uploads", "CreateMultipartUpload"),
        ("POST /b/k?uploadId=u", "CompleteMultipartUpload"),
        ("DELETE /b/k?uploadId=u", "AbortMultipartUpload"),
        ("DELETE /b/k", "DeleteObject"),
        ("DELETE /b/k?tagging", "DeleteObjectTagging"),
    ],
)
def test_s3_operations_are_told_apart_by_path_method_and_subresource(line: str, operation: str) -> None:
    assert locate(request(line)).operation.name == operation


def test_a_copy_source_makes_a_put_a_copy() -> None:
    assert locate(request("PUT /b/k", x_amz_copy_source="a/b")).operation.name == "CopyObject"
    part = request("PUT /b/k?partNumber=1&uploadId=u", x_amz_copy_source="a/b")
    assert locate(part).operation.name == "UploadPartCopy"


@pytest.mark.parametrize(
    "line", ["DELETE /b?location", "PUT /b?versions", "PUT /b/k?uploads", "POST /b", "PATCH /b/k", "TRACE /"]
)
def test_a_subresource_that_the_method_does_not_have_never_falls_through_to_another_operation(
    line: str,
) -> None:
    with pytest.raises(AwsError) as refused:
        locate(request(line))
    assert refused.value.code == "MethodNotAllowed"


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("localhost:4566", None),
        ("LOCALHOST", None),
        ("127.0.0.1:4566", None),
        ("[::1]:4566", None),
        ("www.example.com.localhost:4566", "www.example.com"),
        ("b.s3.localhost:4566", "b"),
        ("s3.localhost", None),
        ("b.engine.test", "b"),
        ("engine.test.", None),
        ("s3.amazonaws.com", None),
        ("b.s3.amazonaws.com", "b"),
        ("a.b.s3.eu-central-1.amazonaws.com:443", "a.b"),
        ("b.s3-eu-west-1.amazonaws.com", "b"),
        ("b.s3.dualstack.eu-west-1.amazonaws.com", "b"),
        ("s3.eu-west-1.amazonaws.com", None),
        ("other.example", None),
        ("..localhost", None),
        ("", None),
    ],
)
def test_a_bucket_in_the_host_is_as_one_in_the_path(host: str, bucket: str | None) -> None:
    located = locate(
        request("GET /k", host=host), endpoint_hosts=("localhost", "s3.localhost", "engine.test")
    )
    if bucket is None:
        assert located.operation.name == "ListObjects"
        assert located.labels == {"Bucket": "k"}
    else:
        assert located.operation.name == "GetObject"
        assert located.labels == {"Bucket": bucket, "Key": "k"}


@pytest.mark.parametrize(
    ("line", "operation", "zone"),
    [
        (f"GET {ZONE}/Z1", "GetHostedZone", "Z1"),
        (f"GET {ZONE}/Z1/", "GetHostedZone", "Z1"),
        (f"GET {ZONE}//hostedzone/Z1", "GetHostedZone", "Z1"),
        (f"GET {ZONE}/%2Fhostedzone%2FZ1", "GetHostedZone", "Z1"),
        (f"GET {ZONE}/hostedzone/Z1/rrset", "ListResourceRecordSets", "Z1"),
        (f"POST {ZONE}/Z1/rrset", "ChangeResourceRecordSets", "Z1"),
        (f"POST {ZONE}/Z1/rrset/", "ChangeResourceRecordSets", "Z1"),
        ("GET /2013-04-01/change//change/C1", "GetChange", "C1"),
        ("GET /2013-04-01/change/change%2FC1", "GetChange", "C1"),
    ],
)
def test_route_53_takes_ids_with_and_without_prefix(line: str, operation: str, zone: str) -> None:
    """HZ-4."""
    asked = request(line)
    located = locate(asked)
    assert located.operation.name == operation
    if asked.method == "GET":
        parsed = parse(located, asked, b"")
        assert zone in (parsed.get("Id"), parsed.get("HostedZoneId"))


def test_route_53_tags_of_one_and_of_many_are_told_apart() -> None:
    assert locate(request("POST /2013-04-01/tags/hostedzone/Z1")).operation.name == "ChangeTagsForResource"
    assert locate(request("POST /2013-04-01/tags/hostedzone")).operation.name == "ListTagsForResources"
    assert locate(request("GET /2013-04-01/tags/hostedzone/Z1")).operation.name == "ListTagsForResource"


@pytest.mark.parametrize("key", ["a/b", "a b+c", "a//b/", "/", "%2F", "é☃", "..", "a?b#c", " "])
def test_a_key_arrives_as_it_was_meant(key: str) -> None:
    asked = request(f"GET /b/{quote(key, safe='')}")
    assert parse(locate(asked), asked, b"")["Key"] == key


@pytest.mark.slow
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), st.booleans())
def test_any_key_survives_the_path(key: str, slashes: bool) -> None:
    asked = request(f"GET /b/{quote(key, safe='/' if slashes else '')}")
    assert parse(locate(asked), asked, b"")["Key"] == key


SCOPE = "AWS4-HMAC-SHA256 Credential=AKID/20300101/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=0"


def test_the_credential_scope_decides_service_and_region() -> None:
    scope = scope_of(request("POST /", authorization=SCOPE.format(service="ec2")))
    assert (scope.service, scope.region, scope.access_key_id) == ("ec2", "eu-west-1", "AKID")
    presigned = scope_of(request("GET /b/k?X-Amz-Credential=AKID%2F20300101%2Feu-west-1%2Fs3%2Faws4_request"))
    assert (presigned.service, presigned.region, presigned.access_key_id) == ("s3", "eu-west-1", "AKID")


def test_the_old_name_of_the_first_region_is_understood() -> None:
    """s3cmd signs for `US` unless it is told the bucket's location."""
    scope = SCOPE.format(service="s3").replace("eu-west-1", "US")
    assert scope_of(request("PUT /b", authorization=scope)).region == "us-east-1"


def test_without_a_scope_the_request_itself_decides() -> None:
    assert scope_of(request("GET /2013-04-01/hostedzone")).service == "route53"
    assert scope_of(request("GET /b/k?AWSAccessKeyId=AKID&Signature=x")).access_key_id == "AKID"
    assert scope_of(request("GET /b/k")).access_key_id is None
    form = b"Action=DescribeInstances&Version=2016-11-15"
    assert scope_of(request("POST /"), form).service == "ec2"
    assert locate(request("POST /"), b"Action=GetCallerIdentity&Version=2011-06-15").service == "sts"
    assert locate(request("GET /?Action=GetCallerIdentity&Version=2011-06-15")).service == "sts"


def test_only_form_services_have_their_body_read_before_they_are_located() -> None:
    assert carries_form(request("POST /", authorization=SCOPE.format(service="sts")))
    assert carries_form(request("POST /"))
    assert not carries_form(request("POST /", authorization=SCOPE.format(service="s3")))
    assert not carries_form(request("POST /b?delete"))


@pytest.mark.parametrize(
    ("line", "form", "service", "code"),
    [
        ("POST /", b"Action=Nonsense&Version=2016-11-15", "ec2", "InvalidAction"),
        ("POST /", b"Version=2016-11-15", "ec2", "MissingAction"),
        ("POST /", b"Action=Nonsense&Version=2011-06-15", "sts", "InvalidAction"),
        ("GET /2013-04-01/nonsense", b"", "route53", "UnknownOperationException"),
        ("PUT /2013-04-01/hostedzone", b"", "route53", "InvalidAction"),
        ("POST /", b"", "dynamodb", "UnknownService"),
    ],
)
def test_what_no_model_has_is_the_services_own_error(line: str, form: bytes, service: str, code: str) -> None:
    with pytest.raises(AwsError) as refused:
        locate(request(line, authorization=SCOPE.format(service=service)), form)
    assert refused.value.code == code


def test_what_is_not_built_is_refused_as_the_service_would_refuse_it() -> None:
    acceleration = not_built(locate(request("GET /b?accelerate")))
    assert (acceleration.code, acceleration.status) == ("NotImplemented", None)
    dnssec = not_built(locate(request(f"GET {ZONE}/Z1/dnssec")))
    assert dnssec.code == "AccessDenied"
    assert dnssec.message.startswith("The operation GetDNSSEC is not available for the current AWS account")


def test_every_rest_operation_is_found_by_its_own_template() -> None:
    for service in ("route53", "s3"):
        for name in service_model(service).operation_names:
            operation = operation_model(service, name)
            shape = operation.input_shape
            members = shape.members if shape else {}
            required = [members[member] for member in shape.required_members] if shape else []

            def wire(member: object) -> str:
                return member.serialization["name"]  # type: ignore[attr-defined]

            template = operation.http["requestUri"].replace("+}", "}")
            path, _, query = template.partition("?")
            for member in required:
                if member.serialization.get("location") == "uri":
                    label = member.serialization.get("name")
                    path = path.replace("{" + label + "}", "some-value")
            asked = [
                query,
                *(f"{wire(m)}=1" for m in required if m.serialization.get("location") == "querystring"),
            ]
            headers = {
                wire(m).lower(): "a/b" for m in required if m.serialization.get("location") == "header"
            }
            target = HttpRequest(
                operation.http["method"], path, "&".join(part for part in asked if part), headers
            )
            found = locate(target).operation.name
            assert found == {
                "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
                "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
                "GetBucketNotification": "GetBucketNotificationConfiguration",
                "PutBucketNotification": "PutBucketNotificationConfiguration",
                "ListDirectoryBuckets": "ListBuckets",
            }.get(name, name)


def test_botocore_s_virtual_hosted_requests_are_located() -> None:
    seen: list[dict[str, object]] = []

    def server(asked: HttpRequest, body: bytes) -> HttpResponse:
        located = locate(asked)
        seen.append({"host": asked.headers["host"], **parse(located, asked, body)})
        return render(located, Output(), "req-1")

    call("s3", "GetObject", {"Bucket": "some-bucket", "Key": "a/ b+☃"}, server, addressing="virtual")
    assert seen[0]["host"] == "some-bucket.localhost:4566"
    assert (seen[0]["Bucket"], seen[0]["Key"]) == ("some-bucket", "a/ b+☃")

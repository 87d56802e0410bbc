"""Requests that go against the model, and what each service says to them."""

from __future__ import annotations

import pytest

from stillup.wire.aws.interpret import parse
from stillup.wire.aws.locate import locate
from stillup.wire.aws.messages import AwsError, HttpRequest

NS = "https://route53.amazonaws.com/doc/2013-04-01/"


def refused(line: str, body: str | bytes = b"", **headers: str) -> AwsError:
    method, target = line.split(" ", 1)
    path, _, query = target.partition("?")
    octets = body.encode() if isinstance(body, str) else body
    request = HttpRequest(method, path, query, {k.replace("_", "-"): v for k, v in headers.items()})
    with pytest.raises(AwsError) as caught:
        parse(locate(request, octets), request, octets)
    return caught.value


def batch(record_set: str, action: str = "CREATE", namespace: str = f' xmlns="{NS}"') -> str:
    return (
        f"<ChangeResourceRecordSetsRequest{namespace}><ChangeBatch><Changes><Change><Action>{action}</Action>"
        f"<ResourceRecordSet>{record_set}</ResourceRecordSet></Change></Changes></ChangeBatch>"
        "</ChangeResourceRecordSetsRequest>"
    )


FTP = (
    "<WebsiteConfiguration><RedirectAllRequestsTo><HostName>h</HostName><Protocol>ftp</Protocol>"
    "</RedirectAllRequestsTo></WebsiteConfiguration>"
)
CHANGE = "POST /2013-04-01/hostedzone/Z1/rrset/"
NAMED = "<Name>a.example</Name><Type>A</Type>"
EXPECTED = "One of '{{\"" + NS + "\":{}}}' is expected."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            batch(NAMED + "<AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>b</DNSName></AliasTarget>"),
            "cvc-complex-type.2.4.b: The content of element 'AliasTarget' is not complete. "
            + EXPECTED.format("EvaluateTargetHealth"),
        ),
        (
            batch(NAMED + "<TTL>1</TTL><ResourceRecords/>"),
            "cvc-complex-type.2.4.b: The content of element 'ResourceRecords' is not complete. "
            + EXPECTED.format("ResourceRecord"),
        ),
        (
            batch("<Name>a.example</Name><Type>Q</Type>"),
            "cvc-enumeration-valid: Value 'Q' is not facet-valid with respect to enumeration '[SOA, A, TXT, NS, ",
        ),
        (batch(NAMED, action="MERGE"), "cvc-enumeration-valid: Value 'MERGE' is not facet-valid"),
        (
            batch(NAMED + "<TTL>soon</TTL>"),
            "cvc-datatype-valid.1.2.1: 'soon' is not a valid value for 'long'.",
        ),
        (batch(NAMED + "<TTL>-1</TTL>"), "cvc-minInclusive-valid: Value '-1' is not facet-valid"),
        (batch(NAMED + "<TTL>2147483648</TTL>"), "cvc-maxInclusive-valid: Value '2147483648'"),
        (
            batch(NAMED + f"<SetIdentifier>{'x' * 129}</SetIdentifier>"),
            (
                f"cvc-maxLength-valid: Value '{'x' * 129}' with length = '129' is not facet-valid with respect to "
                "maxLength '128'"
            ),
        ),
        (
            batch("<Colour>red</Colour>" + NAMED),
            "cvc-complex-type.2.4.a: Invalid content was found starting with element 'Colour'.",
        ),
        (
            batch(NAMED + NAMED),
            "cvc-complex-type.2.4.a: Invalid content was found starting with element 'Name'.",
        ),
        (batch(NAMED + "loose"), "cvc-complex-type.2.3: Element 'ResourceRecordSet' cannot have character"),
        (
            batch("<Name><b/></Name>"),
            "cvc-complex-type.2.4.a: Invalid content was found starting with element 'b'",
        ),
        (batch(NAMED, namespace=' xmlns="urn:x"'), "cvc-elt.1: Cannot find the declaration of element"),
        ("<Other/>", "cvc-elt.1: Cannot find the declaration of element 'Other'."),
        ("", "Premature end of file."),
        ("not xml", "syntax error"),
    ],
)
def test_route_53_says_what_its_schema_validator_would(body: str, text: str) -> None:
    """2.7, CH-5."""
    error = refused(CHANGE, body)
    assert error.code == "InvalidInput"
    assert error.message.startswith("Invalid XML ; ")
    assert text in error.message


def test_the_element_that_a_list_has_no_room_for_is_named() -> None:
    tag = "<Tag><Key>k</Key><Value>v</Value></Tag>"
    body = f"<ChangeTagsForResourceRequest><AddTags>{tag * 11}</AddTags></ChangeTagsForResourceRequest>"
    error = refused("POST /2013-04-01/tags/healthcheck/c", body)
    assert error.message == (
        "Invalid XML ; cvc-complex-type.2.4.d: Invalid content was found starting with element 'Tag'. "
        "No child element is expected at this point."
    )


def test_elements_come_in_any_order_as_the_go_sdk_sends_them() -> None:
    """CH-5, but Terraform writes alphabetically and Route 53 takes it."""
    body = batch(
        "<AliasTarget><DNSName>b</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth>"
        "<HostedZoneId>/hostedzone/Z2</HostedZoneId></AliasTarget><Name>a.example</Name><Type>A</Type>",
        namespace="",
    ).encode()
    request = HttpRequest("POST", CHANGE.removeprefix("POST "), "", {})
    parsed = parse(locate(request), request, body)
    assert parsed["HostedZoneId"] == "Z1"
    assert parsed["ChangeBatch"]["Changes"] == [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": "a.example",
                "Type": "A",
                "AliasTarget": {"HostedZoneId": "Z2", "DNSName": "b", "EvaluateTargetHealth": True},
            },
        }
    ]


BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<CreateHostedZoneRequest><Name>&b;</Name></CreateHostedZoneRequest>"
)


@pytest.mark.parametrize(
    "body",
    [
        BILLION_LAUGHS,
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><CreateHostedZoneRequest/>',
        "<!DOCTYPE CreateHostedZoneRequest><CreateHostedZoneRequest/>",
    ],
)
def test_a_document_with_a_dtd_or_entities_is_refused(body: str) -> None:
    assert refused("POST /2013-04-01/hostedzone", body).code == "InvalidInput"
    assert refused("PUT /bb?website", body).code == "MalformedXML"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            f"GET /2013-04-01/hostedzone/{'Z' * 33}",
            f"Value '{'Z' * 33}' at 'id' failed to satisfy constraint: Member must have length less than or equal to 32",
        ),
        (
            "GET /2013-04-01/hostedzone/Z1/rrset?type=QQ",
            "Value 'QQ' at 'startRecordType' failed to satisfy constraint: Member must satisfy enum value set: [SOA",
        ),
        ("GET /2013-04-01/testdnsanswer?hostedzoneid=Z1", "Value null at 'recordName'"),
        ("GET /2013-04-01/hostedzone/%FF", "Value '%FF' at 'id'"),
        ("GET /2013-04-01/hostedzone?marker=%FF", "failed to satisfy constraint: Member must be UTF-8"),
    ],
)
def test_route_53_says_of_the_rest_what_the_service_framework_says(line: str, text: str) -> None:
    error = refused(line)
    assert error.code == "InvalidInput"
    assert text in error.message


@pytest.mark.parametrize(
    ("line", "body", "code"),
    [
        ("PUT /bb?website", "", "MissingRequestBodyError"),
        ("PUT /bb?website", "<WebsiteConfiguration><Nonsense/></WebsiteConfiguration>", "MalformedXML"),
        ("PUT /bb?website", "<WebsiteConfiguration><IndexDocument/></WebsiteConfiguration>", "MalformedXML"),
        ("PUT /bb?website", "<Other/>", "MalformedXML"),
        ("PUT /bb?policy", "", "MissingRequestBodyError"),
        ("PUT /bb?policy", b"\xff", "MalformedXML"),
        (
            "PUT /bb",
            "<CreateBucketConfiguration><LocationConstraint>mars</LocationConstraint></CreateBucketConfiguration>",
            "InvalidLocationConstraint",
        ),
        ("GET /bb?max-keys=many", "", "InvalidArgument"),
        ("GET /bb?encoding-type=rot13", "", "InvalidArgument"),
        ("GET /bb/%FF", "", "InvalidURI"),
        ("GET /bb/k?attributes", "", "InvalidRequest"),
    ],
)
def test_s3_has_codes_of_its_own(line: str, body: str | bytes, code: str) -> None:
    assert refused(line, body).code == code


def test_s3_storage_classes_have_their_own_code() -> None:
    assert refused("PUT /bb/k", x_amz_storage_class="FLOPPY").code == "InvalidStorageClass"


@pytest.mark.parametrize(
    ("form", "code", "text"),
    [
        ("Action=StartInstances", "MissingParameter", "The request must contain the parameter InstanceId"),
        ("Action=DescribeInstances&Colour=red", "UnknownParameter", "The parameter Colour is not recognized"),
        (
            "Action=DescribeInstances&Filter.x.Name=a",
            "UnknownParameter",
            "The parameter Filter.x is not recognized",
        ),
        (
            "Action=DescribeInstances&MaxResults=few",
            "InvalidParameterValue",
            "Invalid value 'few' for MaxResults",
        ),
    ],
)
def test_ec2_has_codes_of_its_own(form: str, code: str, text: str) -> None:
    error = refused("POST /", form + "&Version=2016-11-15")
    assert (error.code, error.message) == (code, text)


def test_lists_of_a_form_come_in_the_order_of_their_indices() -> None:
    form = b"Action=StartInstances&Version=2016-11-15&InstanceId.10=c&InstanceId.2=b&InstanceId.1=a"
    request = HttpRequest("POST", "/", "", {})
    assert parse(locate(request, form), request, form) == {"InstanceIds": ["a", "b", "c"]}


def test_an_optional_body_may_be_absent() -> None:
    for line in ("PUT /bb", "POST /2013-04-01/hostedzone/Z1"):
        method, path = line.split(" ")
        request = HttpRequest(method, path, "", {})
        assert set(parse(locate(request), request, b"")) <= {"Bucket", "Id"}


def test_a_date_of_http_that_is_none_is_as_if_it_were_not_there() -> None:
    """RFC 9110 section 13.1.3; dates of S3's own are held against the model."""
    request = HttpRequest("GET", "/bb/k", "", {"if-modified-since": "yesterday"})
    assert parse(locate(request), request, b"") == {"Bucket": "bb", "Key": "k"}
    assert refused("PUT /bb/k", x_amz_object_lock_retain_until_date="yesterday").code == "InvalidArgument"


@pytest.mark.parametrize(
    ("line", "body", "headers", "code", "members"),
    [
        (
            "GET /b?encoding-type=gzip",
            "",
            {},
            "InvalidArgument",
            {"ArgumentName": "encoding-type", "ArgumentValue": "gzip"},
        ),
        (
            "PUT /b",
            "",
            {"x_amz_object_ownership": "Nobody"},
            "InvalidArgument",
            {"ArgumentName": "x-amz-object-ownership", "ArgumentValue": "Nobody"},
        ),
        (
            "PUT /b/k",
            "",
            {"x_amz_storage_class": "ATTIC"},
            "InvalidStorageClass",
            {"StorageClassRequested": "ATTIC"},
        ),
        (
            "PUT /b?website",
            FTP,
            {},
            "InvalidRequest",
            {},
        ),
    ],
)
def test_s3_names_the_argument_that_is_outside_its_enumeration(
    line: str, body: str, headers: dict[str, str], code: str, members: dict[str, str]
) -> None:
    error = refused(line, body, **headers)
    assert (error.code, error.members) == (code, members)


@pytest.mark.parametrize("source", ["b/k", "/b/k", "b%2Fk", "b/a%2Fb%20c?versionId=null"])
def test_a_copy_source_may_have_its_slash_encoded(source: str) -> None:
    request = HttpRequest("PUT", "/b/copy", "", {"x-amz-copy-source": source})
    assert parse(locate(request, b""), request, b"")["CopySource"] == source

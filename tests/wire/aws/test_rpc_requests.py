"""JSON and CBOR requests: what they call, what they may hold, and how the rest is refused."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import cbor2
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.wire.aws.complaints import complaint
from stillup.wire.aws.compression import MOST
from stillup.wire.aws.flaws import Flaw, Kind, Place
from stillup.wire.aws.interpret import parse, render_error
from stillup.wire.aws.locate import locate, not_built
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.models import SERVICES
from stillup.wire.aws.protocols import CBOR, JSON, QUERY, SPOKEN
from stillup.wire.aws.scope import carries_form, scope_of
from tests.wire.aws.rpc import peer_model, written

GRANITE = "GraniteServiceVersion20100801"
ALARM = {
    "AlarmName": "down",
    "ComparisonOperator": "LessThanThreshold",
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
}


def json_call(operation: str, target: str = GRANITE) -> HttpRequest:
    return HttpRequest("POST", "/", "", {"x-amz-target": f"{target}.{operation}"})


def cbor_call(operation: str) -> HttpRequest:
    path = f"/service/{GRANITE}/operation/{operation}"
    return HttpRequest("POST", path, "", {"smithy-protocol": "rpc-v2-cbor"})


def parsed(request: HttpRequest, body: bytes) -> Any:
    return parse(locate(request, body), request, body)


def refused(request: HttpRequest, body: bytes = b"") -> AwsError:
    with pytest.raises(AwsError) as caught:
        parsed(request, body)
    return caught.value


# --- what is called -------------------------------------------------------------------------------

SCOPE = "AWS4-HMAC-SHA256 Credential=AKID/20300101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"


def test_cloudwatch_is_signed_for_as_monitoring() -> None:
    request = HttpRequest("POST", "/", "", {"authorization": SCOPE.format("monitoring")})
    scope = scope_of(request)
    assert (scope.service, scope.region) == ("cloudwatch", "eu-west-1")
    located = locate(request, b"Action=DescribeAlarms&Version=2010-08-01")
    assert (located.service, located.protocol) == ("cloudwatch", QUERY)


@pytest.mark.parametrize(
    ("line", "form", "service", "operation"),
    [
        ("POST /", b"Action=DescribeAlarms&Version=2010-08-01", "cloudwatch", "DescribeAlarms"),
        ("POST /", b"Action=ListTopics&Version=2010-03-31", "sns", "ListTopics"),
        ("POST /", b"Action=ListUsers&Version=2010-05-08", "iam", "ListUsers"),
        ("POST /", b"Action=ListQueues&Version=2012-11-05", "sqs", "ListQueues"),
        ("GET /?Action=ConfirmSubscription&TopicArn=t&Token=x", b"", "sns", "ConfirmSubscription"),
        ("GET /?Action=Unsubscribe&SubscriptionArn=s", b"", "sns", "Unsubscribe"),
        ("GET /?Action=GetUser&Version=2010-05-08", b"", "iam", "GetUser"),
    ],
)
def test_without_credentials_a_form_names_its_service(
    line: str, form: bytes, service: str, operation: str
) -> None:
    method, target = line.split(" ")
    path, _, query = target.partition("?")
    request = HttpRequest(method, path, query, {})
    located = locate(request, form)
    assert (located.service, located.protocol, located.operation.name) == (service, QUERY, operation)


def test_without_credentials_a_target_names_its_service() -> None:
    queues = locate(json_call("ListQueues", "AmazonSQS"))
    assert (queues.service, queues.protocol) == ("sqs", JSON)
    alarms = locate(cbor_call("DescribeAlarms"))
    assert (alarms.service, alarms.protocol, alarms.operation.name) == ("cloudwatch", CBOR, "DescribeAlarms")
    assert not carries_form(json_call("DescribeAlarms"))
    assert not carries_form(cbor_call("DescribeAlarms"))


def test_a_path_like_that_of_cbor_is_an_object_of_s3_without_its_header() -> None:
    path = f"/service/{GRANITE}/operation/DescribeAlarms"
    assert locate(HttpRequest("GET", path, "", {})).operation.name == "GetObject"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (json_call("Nonsense"), 400),
        (json_call(""), 400),
        (cbor_call("Nonsense"), 404),
        (HttpRequest("POST", "/", "", {"smithy-protocol": "rpc-v2-cbor", "authorization": SCOPE.format("monitoring")}), 404),
        (
            HttpRequest("POST", "/", "", {"x-amz-target": "AmazonSQS.TagResource", "authorization": SCOPE.format("monitoring")}),
            400,
        ),
        (HttpRequest("GET", "/", "", {"x-amz-target": f"{GRANITE}.DescribeAlarms"}), 400),
    ],
)  # fmt: skip
def test_a_target_that_the_service_does_not_have_is_an_unknown_operation(
    request_: HttpRequest, status: int
) -> None:
    error = refused(request_)
    assert (error.code, error.status) == ("InvalidAction", status)
    scope = scope_of(request_)
    assert b"UnknownOperationException" in render_error(scope.service, error, request_, "req-1").body


def test_a_target_of_no_service_is_a_service_that_is_not_served() -> None:
    assert refused(json_call("GetItem", "DynamoDB_20120810")).code == "UnknownService"


@pytest.mark.parametrize("protocol", [JSON, CBOR, QUERY])
def test_an_operation_that_is_not_built_is_an_unknown_operation(protocol: str) -> None:
    request, body = written(peer_model("cloudwatch", "ListDashboards"), {}, protocol)
    error = not_built(locate(request, body))
    response = render_error("cloudwatch", error, request, "req-1")
    assert response.status == 400
    expected = b"InvalidAction" if protocol == QUERY else b"UnknownOperationException"
    assert expected in response.body


# --- what is held ---------------------------------------------------------------------------------


def test_json_is_read_by_the_model() -> None:
    """Epoch seconds are times, a null is nothing, a stranger is skipped, 5.0 is five."""
    body = (
        b'{"Namespace": "N", "Later": {"x": 1}, "MetricData": [{"MetricName": "m", "Timestamp": 1700000000.5,'
        b' "Value": 1, "Unit": null, "StorageResolution": 60.0}]}'
    )
    assert parsed(json_call("PutMetricData"), body) == {
        "Namespace": "N",
        "MetricData": [
            {
                "MetricName": "m",
                "Timestamp": datetime(2023, 11, 14, 22, 13, 20, 500_000, UTC),
                "Value": 1.0,
                "StorageResolution": 60,
            }
        ],
    }


def test_cbor_is_read_by_the_model_with_lengths_known_or_not() -> None:
    start = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    values = {"AlarmName": "a", "StartDate": cbor2.CBORTag(1, start.timestamp()), "MaxRecords": 5}
    for indefinite in (False, True):
        body = cbor2.dumps(values, indefinite_containers=indefinite)
        assert parsed(cbor_call("DescribeAlarmHistory"), body) == values | {"StartDate": start}
    in_pieces = b"\xbf\x7f\x65Alarm\x64Name\xff\x7f\x61a\xff\xff"
    assert parsed(cbor_call("DescribeAlarmHistory"), in_pieces) == {"AlarmName": "a"}


@pytest.mark.parametrize("call", [json_call, cbor_call])
def test_no_body_is_an_empty_one(call: Any) -> None:
    assert parsed(call("DescribeAlarms"), b"") == {}


def test_a_gzipped_body_is_unpacked_in_every_protocol() -> None:
    """botocore packs PutMetricData from 10 KiB on."""
    data = {"Namespace": "N", "MetricData": [{"MetricName": "m", "Value": 0.0}] * 3}
    for protocol in (JSON, CBOR, QUERY):
        request, body = written(peer_model("cloudwatch", "PutMetricData"), data, protocol, "monitoring")
        packed = HttpRequest(
            request.method, request.path, request.query, {**request.headers, "content-encoding": "gzip"}
        )
        assert parsed(packed, gzip.compress(body)) == data
        assert refused(packed, gzip.compress(b" " * (MOST + 1))).code == "RequestEntityTooLarge"
        assert refused(packed, gzip.compress(body)[:-9]).code == "SerializationException"
        assert refused(packed, b"not gzip").code == "SerializationException"


def test_sqs_in_a_form_has_the_names_of_its_query_reference() -> None:
    form = (
        b"Action=SendMessageBatch&Version=2012-11-05&QueueUrl=q&SendMessageBatchRequestEntry.1.Id=1"
        b"&SendMessageBatchRequestEntry.1.MessageBody=b&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n"
        b"&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=String"
        b"&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue=v"
    )
    (entry,) = parsed(HttpRequest("POST", "/", "", {}), form)["Entries"]
    assert entry["MessageAttributes"] == {"n": {"DataType": "String", "StringValue": "v"}}
    form = b"Action=SetQueueAttributes&Version=2012-11-05&QueueUrl=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5"
    assert parsed(HttpRequest("POST", "/", "", {}), form)["Attributes"] == {"DelaySeconds": "5"}


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"AlarmName": None}, "Value null at 'alarmName' failed to satisfy constraint: Member must not be null"),
        ({"ComparisonOperator": "Less"}, "Value 'Less' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [GreaterThanOrEqualToThreshold,"),
        ({"EvaluationPeriods": 0}, "Value '0' at 'evaluationPeriods' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ({"AlarmName": ""}, "Value '' at 'alarmName' failed to satisfy constraint: Member must have length greater than or equal to 1"),
        ({"AlarmActions": ["a"] * 6}, "Value '[a, a, a, a, a, a]' at 'alarmActions' failed to satisfy constraint: Member must have length less than or equal to 5"),
        ({"Dimensions": [{"Name": "n"}]}, "Value null at 'dimensions.1.member.value' failed to satisfy constraint: Member must not be null"),
    ],
)  # fmt: skip
def test_facets_are_held_in_the_words_of_the_service_framework(change: dict[str, Any], text: str) -> None:
    document = {name: value for name, value in (ALARM | change).items() if value is not None}
    for request, body in (
        (json_call("PutMetricAlarm"), msgspec.json.encode(document)),
        (cbor_call("PutMetricAlarm"), cbor2.dumps(document)),
        written(peer_model("cloudwatch", "PutMetricAlarm"), document, QUERY),
    ):
        error = refused(request, body)
        assert error.code == "ValidationError"
        assert error.message.startswith("1 validation error detected: ")
        assert text in error.message


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{", "The body is not JSON"),
        (b"\xff", "The body is not JSON"),
        (b"[" * 100_000, "The body is not JSON"),
        (b"9" * 5000, "The body is not JSON"),
        (b"[]", "Start of list found where not expected"),
        (b'{"AlarmName": 5}', "NUMBER_VALUE can not be converted to a string"),
        (b'{"AlarmName": true}', "TRUE_VALUE can not be converted to a string"),
        (b'{"AlarmName": {}}', "Start of structure or map found where not expected"),
        (b'{"AlarmName": "a", "AlarmActions": "x"}', "Expected list or null"),
        (b'{"AlarmName": "a", "EvaluationPeriods": "1"}', "STRING_VALUE can not be converted to a integer"),
        (b'{"AlarmName": "a", "EvaluationPeriods": 1.5}', "NUMBER_VALUE can not be converted to a integer"),
        (b'{"AlarmName": "a", "EvaluationPeriods": 2147483648}', "NUMBER_VALUE can not be converted"),
    ],
)
def test_json_of_another_form_is_a_serialization_exception(body: bytes, text: str) -> None:
    error = refused(json_call("PutMetricAlarm"), body)
    assert (error.code, error.status) == ("SerializationException", 400)
    assert error.message.startswith(text)


HOSTILE_CBOR = {
    "nothing more": b"\xa1",
    "an array that promises 2**64": b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    "a map that promises 2**32": b"\xba\xff\xff\xff\xff\x61a\x01",
    "a string that promises 2**36": b"\x7b\x00\x00\x00\x0f\xff\xff\xff\xff",
    "nesting": b"\x81" * 100_000,
    "nesting without lengths": b"\x9f" * 100_000,
    "nested tags": b"\xc1" * 100_000,
    "the same key twice": b"\xa2\x61a\x01\x61a\x02",
    "a number for a key": b"\xa1\x01\x02",
    "a bignum": b"\xc2\x5a\x00\x00\x00\x05aaaaa",
    "a decimal fraction": cbor2.dumps(cbor2.CBORTag(4, [10**9, 1])),
    "a regular expression": cbor2.dumps(cbor2.CBORTag(35, "(a+)+$")),
    "a reference to itself": b"\xd8\x1c\x81\xd8\x1d\x00",
    "an unknown tag": b"\xd9\xff\xff\x01",
    "no UTF-8": b"\x61\xff",
    "a reserved head": b"\x1c",
    "a break": b"\xff",
    "a simple value": b"\xa1\x69AlarmName\xf8\x20",
    "undefined for a list": b"\xa1\x69AlarmName\xf7",
}


@pytest.mark.parametrize("body", HOSTILE_CBOR.values(), ids=list(HOSTILE_CBOR))
def test_hostile_cbor_is_a_serialization_exception(body: bytes) -> None:
    assert refused(cbor_call("PutMetricAlarm"), body).code == "SerializationException"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "NaN", "-Infinity"])
def test_a_number_that_is_none_is_refused(value: Any) -> None:
    body = cbor2.dumps(ALARM | {"Threshold": value})
    assert refused(cbor_call("PutMetricAlarm"), body).code == "ValidationError"


@pytest.mark.parametrize(("value", "told"), [("NaN", "NaN"), (float("nan"), "NaN"), ("-Infinity", "-inf")])
def test_cloudwatch_says_which_datapoint_is_no_number(value: Any, told: str) -> None:
    body = {
        "Namespace": "n",
        "MetricData": [{"MetricName": "m"}, {"MetricName": "m", "Values": [1.0, value]}],
    }
    error = refused(cbor_call("PutMetricData"), cbor2.dumps(body))
    text = f"The value {told} for parameter MetricData.member.2.Values.member.2 is invalid."
    assert (error.code, error.message) == ("InvalidParameterValue", text)
    form = b"Action=PutMetricData&Version=2010-08-01&Namespace=n&MetricData.member.1.MetricName=m"
    error = refused(HttpRequest("POST", "/", "", {}), form + b"&MetricData.member.1.Value=NaN")
    assert error.message == "The value NaN for parameter MetricData.member.1.Value is invalid."


@pytest.mark.parametrize("value", [1e300, -1e300, 2**63, cbor2.CBORTag(1, 1e20)])
def test_a_time_beyond_all_years_is_refused(value: Any) -> None:
    body = cbor2.dumps({"StartDate": value})
    assert refused(cbor_call("DescribeAlarmHistory"), body).code == "ValidationError"


def test_what_is_sensitive_is_not_repeated() -> None:
    form = b"Action=CreateLoginProfile&Version=2010-05-08&UserName=u&Password=" + b"s3cret" * 50
    error = refused(HttpRequest("POST", "/", "", {}), form)
    assert "s3cret" not in error.message
    assert "at 'password' failed" in error.message


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_words_for_what_is_wrong(service: str) -> None:
    flaw = Flaw(Kind.TOO_LONG, Place.FORM, "Name", "x", "1", "Shape")
    assert complaint(service, flaw).message
    assert SPOKEN[service]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            b"Action=CreateUser&UserName=a+b",
            "userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
        ),
        (
            "Action=CreateUser&UserName=é".encode(),
            "userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
        ),
        (
            b"Action=CreateUser&UserName=a&Path=ops",
            (
                "path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / "
                "characters."
            ),
        ),
        (
            b"Action=CreatePolicy&PolicyName=p&PolicyDocument=%7B%7D&Path=/a%20b/",
            (
                "path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / "
                "characters."
            ),
        ),
        (
            b"Action=PutUserPolicy&UserName=a&PolicyName=p&PolicyDocument=%F0%9F%98%80",
            "policyDocument is invalid. It must contain only printable ASCII characters.",
        ),
    ],
)
def test_iam_says_what_a_name_a_path_and_a_policy_may_be_made_of(form: bytes, text: str) -> None:
    error = refused(HttpRequest("POST", "/", "", {}), form + b"&Version=2010-05-08")
    assert (error.code, error.message) == ("ValidationError", f"The specified value for {text}")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (b"CreateUser&UserName=" + b"a" * 65, "userName|Member must have length less than or equal to 64"),
        (
            b"TagUser&UserName=a&Tags.member.1.Key=a!&Tags.member.1.Value=",
            r"tags.1.member.key|Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+",
        ),
        (b"GetUserPolicy&UserName=a", "policyName|Member must not be null"),
    ],
)
def test_iam_repeats_no_value_that_it_refuses(form: bytes, text: str) -> None:
    place, constraint = text.split("|")
    error = refused(HttpRequest("POST", "/", "", {}), b"Action=" + form + b"&Version=2010-05-08")
    assert error.code == "ValidationError"
    assert error.message == (
        f"1 validation error detected: Value at '{place}' failed to satisfy constraint: {constraint}"
    )


def test_sqs_names_the_parameter_that_is_missing() -> None:
    error = refused(json_call("SendMessage", "AmazonSQS"), b'{"QueueUrl": "q"}')
    assert (error.code, error.message) == (
        "MissingParameter",
        "The request must contain the parameter MessageBody.",
    )


# --- whatever comes in ----------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**64), 2**64), st.floats(), st.text(max_size=8), st.binary(max_size=8)
)  # fmt: skip
NAMES = st.sampled_from([
    "AlarmName", "Metrics", "MetricStat", "Metric", "Dimensions", "Name", "Value", "Threshold", "Period", "Tags", "Key",
    "MetricData", "Timestamp", "Values", "StatisticValues", "Namespace", "StartTime", "EndTime", "MetricDataQueries", "x",
])  # fmt: skip
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
OPERATIONS = st.sampled_from(["PutMetricAlarm", "PutMetricData", "GetMetricData", "TagResource", "Nonsense"])


def answer(request: HttpRequest, body: bytes) -> None:
    try:
        parsed(request, body)
    except AwsError as error:
        assert 400 <= render_error("cloudwatch", error, request, "req-1").status < 500


@given(OPERATIONS, TREES)
@settings(max_examples=150, deadline=None)
@pytest.mark.slow
def test_any_tree_is_parsed_or_refused(operation: str, tree: Any) -> None:
    answer(cbor_call(operation), cbor2.dumps(tree))
    answer(json_call(operation), msgspec.json.encode(tree))


@given(OPERATIONS, st.binary(max_size=60))
@settings(max_examples=150, deadline=None)
@pytest.mark.slow
def test_any_octets_are_parsed_or_refused(operation: str, octets: bytes) -> None:
    answer(cbor_call(operation), octets)
    answer(json_call(operation), octets)
    answer(HttpRequest("POST", "/", "", {}), b"Version=2010-08-01&Action=%b&" % operation.encode() + octets)

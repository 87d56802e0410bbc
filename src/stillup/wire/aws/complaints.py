"""Flaws in the words of each service.

Route 53 speaks as the schema validator in front of it does (2.7) for the document, and as AWS's service
framework does for the rest. S3, EC2, SQS and the query services have codes of their own. What is no JSON or
CBOR is every service's SerializationException.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from stillup.rules.buckets.errors import S3_ERRORS
from stillup.rules.buckets.website_configuration import BAD_PROTOCOL
from stillup.wire.aws.flaws import Flaw, Kind, Place
from stillup.wire.aws.messages import AwsError


def complaint(service: str, flaw: Flaw) -> AwsError:
    """The service's error for a request that does not fit the model."""
    if flaw.kind is Kind.MALFORMED:
        return AwsError("SerializationException", flaw.limit, status=400)
    return _BY_SERVICE[service](flaw)


# --- Route 53 -------------------------------------------------------------------------------------


def _route53(flaw: Flaw) -> AwsError:
    if flaw.place is Place.BODY and flaw.kind in _SCHEMA_TEXTS:
        text = _SCHEMA_TEXTS[flaw.kind].format(f=flaw, size=len(flaw.value))
        return AwsError("InvalidInput", f"Invalid XML ; {text}")
    return AwsError("InvalidInput", _framework_text(flaw))


_SCHEMA_TEXTS: Final[Mapping[Kind, str]] = {
    Kind.NOT_XML: "{f.limit}",
    Kind.EMPTY: "Premature end of file.",
    Kind.WRONG_ROOT: "cvc-elt.1: Cannot find the declaration of element '{f.name}'.",
    Kind.UNEXPECTED: (
        "cvc-complex-type.2.4.a: Invalid content was found starting with element '{f.name}'. "
        "One of '{{{f.limit}}}' is expected."
    ),
    Kind.TOO_MANY: (
        "cvc-complex-type.2.4.d: Invalid content was found starting with element '{f.name}'. "
        "No child element is expected at this point."
    ),
    Kind.UNEXPECTED_TEXT: (
        "cvc-complex-type.2.3: Element '{f.name}' cannot have character [children], because the type's content "
        "type is element-only."
    ),
    Kind.INCOMPLETE: (
        "cvc-complex-type.2.4.b: The content of element '{f.name}' is not complete. "
        "One of '{{{f.limit}}}' is expected."
    ),
    Kind.TYPE: "cvc-datatype-valid.1.2.1: '{f.value}' is not a valid value for '{f.limit}'.",
    Kind.ENUM: (
        "cvc-enumeration-valid: Value '{f.value}' is not facet-valid with respect to enumeration '[{f.limit}]'. "
        "It must be a value from the enumeration."
    ),
    Kind.TOO_SHORT: (
        "cvc-minLength-valid: Value '{f.value}' with length = '{size}' is not facet-valid with respect to "
        "minLength '{f.limit}' for type '{f.shape}'."
    ),
    Kind.TOO_LONG: (
        "cvc-maxLength-valid: Value '{f.value}' with length = '{size}' is not facet-valid with respect to "
        "maxLength '{f.limit}' for type '{f.shape}'."
    ),
    Kind.TOO_SMALL: (
        "cvc-minInclusive-valid: Value '{f.value}' is not facet-valid with respect to minInclusive '{f.limit}' "
        "for type '{f.shape}'."
    ),
    Kind.TOO_LARGE: (
        "cvc-maxInclusive-valid: Value '{f.value}' is not facet-valid with respect to maxInclusive '{f.limit}' "
        "for type '{f.shape}'."
    ),
    Kind.PATTERN: (
        "cvc-pattern-valid: Value '{f.value}' is not facet-valid with respect to pattern '{f.limit}' for type "
        "'{f.shape}'."
    ),
}


# --- the service framework's words ----------------------------------------------------------------


def _framework_text(flaw: Flaw) -> str:
    """`1 validation error detected: …`, as most services say it."""
    return _framework_text_about(flaw, "null " if flaw.kind is Kind.INCOMPLETE else f"'{flaw.value}' ")


def _framework_text_about(flaw: Flaw, value: str) -> str:
    place = ".".join(part[:1].lower() + part[1:] for part in _plain_path(flaw.name).split("."))
    constraint = _CONSTRAINTS.get(flaw.kind, "Member must be well-formed").format(f=flaw)
    return (
        f"1 validation error detected: Value {value}at '{place}' failed to satisfy constraint: {constraint}"
    )


_FORM_INDEX: Final = re.compile(r"\.(?:member|entry)\.([0-9]+)")


def _plain_path(name: str) -> str:
    """`Tags.member.1.Key` of a form as every protocol's `Tags.1.member.Key`."""
    return _FORM_INDEX.sub(r".\1.member", name)


_CONSTRAINTS: Final[Mapping[Kind, str]] = {
    Kind.INCOMPLETE: "Member must not be null",
    Kind.TYPE: "Member must be a valid {f.limit}",
    Kind.ENUM: "Member must satisfy enum value set: [{f.limit}]",
    Kind.TOO_SHORT: "Member must have length greater than or equal to {f.limit}",
    Kind.TOO_LONG: "Member must have length less than or equal to {f.limit}",
    Kind.TOO_SMALL: "Member must have value greater than or equal to {f.limit}",
    Kind.TOO_LARGE: "Member must have value less than or equal to {f.limit}",
    Kind.PATTERN: "Member must satisfy regular expression pattern: {f.limit}",
    Kind.ENCODING: "Member must be UTF-8",
}


# --- S3 -------------------------------------------------------------------------------------------


def _s3(flaw: Flaw) -> AwsError:
    """A shape with a code of its own first, then by place."""
    if flaw.kind is Kind.ENUM and flaw.shape in _S3_ENUM_CODES:
        code, text = _S3_ENUM_CODES[flaw.shape]
        members = {"StorageClassRequested": flaw.value} if flaw.shape == "StorageClass" else {}
        return AwsError(code, text, status=400, members=members)
    if flaw.kind is Kind.EMPTY:
        return AwsError("MissingRequestBodyError", "Request Body is empty", status=400)
    if flaw.place is Place.BODY:
        return _s3_usual("MalformedXML")
    if flaw.kind is Kind.ENCODING:
        return _s3_usual("InvalidURI")
    if flaw.place is Place.URI and flaw.kind is Kind.TOO_LONG:
        return _s3_usual("KeyTooLongError")
    if flaw.kind is Kind.INCOMPLETE:
        text = f"Missing required {_S3_PLACES[flaw.place]} for this request: {flaw.limit}"
        return AwsError("InvalidRequest", text, status=400)
    members = {"ArgumentName": _S3_ARGUMENT_NAMES.get(flaw.shape, flaw.name), "ArgumentValue": flaw.value}
    return AwsError("InvalidArgument", _s3_argument_text(flaw), members=members)


def _s3_usual(code: str) -> AwsError:
    return AwsError(code, S3_ERRORS[code][1])


def _s3_argument_text(flaw: Flaw) -> str:
    if flaw.shape == "EncodingType":
        return "Invalid Encoding Method specified in Request"
    if flaw.shape == "ObjectOwnership":
        return f"Invalid x-amz-object-ownership header: {flaw.value}"
    if flaw.kind is Kind.TYPE and flaw.limit in ("integer", "long"):
        return f"Provided {flaw.name} not an integer or within integer range"
    return S3_ERRORS["InvalidArgument"][1]


_S3_ARGUMENT_NAMES: Final = {"EncodingType": "encoding-type", "ObjectOwnership": "x-amz-object-ownership"}

_S3_PLACES: Final[Mapping[Place, str]] = {
    Place.URI: "path element",
    Place.QUERY: "parameter",
    Place.HEADER: "header",
}

_S3_ENUM_CODES: Final[Mapping[str, tuple[str, str]]] = {
    "BucketLocationConstraint": ("InvalidLocationConstraint", S3_ERRORS["InvalidLocationConstraint"][1]),
    "Protocol": ("InvalidRequest", BAD_PROTOCOL),
    "StorageClass": ("InvalidStorageClass", S3_ERRORS["InvalidStorageClass"][1]),
}


# --- EC2, SQS and query ---------------------------------------------------------------------------


def _ec2(flaw: Flaw) -> AwsError:
    match flaw.kind:
        case Kind.INCOMPLETE:
            text = f"The request must contain the parameter {flaw.limit or flaw.name}"
            return AwsError("MissingParameter", text, status=400)
        case Kind.UNKNOWN:
            return AwsError("UnknownParameter", f"The parameter {flaw.name} is not recognized", status=400)
        case _:
            text = f"Invalid value '{flaw.value}' for {flaw.name}"
            return AwsError("InvalidParameterValue", text, status=400)


def _sqs(flaw: Flaw) -> AwsError:
    if flaw.kind is Kind.INCOMPLETE:
        text = f"The request must contain the parameter {flaw.name}."
        return AwsError("MissingParameter", text, status=400)
    text = f"Value {flaw.value} for parameter {flaw.name} is invalid."
    return AwsError("InvalidParameterValue", text, status=400)


def _query(flaw: Flaw) -> AwsError:
    return AwsError("ValidationError", _framework_text(flaw), status=400)


def _iam(flaw: Flaw) -> AwsError:
    """The framework's words, which tell no value here, but for names, paths and policies: what those may be made of."""
    may_be = _IAM_PATTERNS.get(flaw.limit) if flaw.kind is Kind.PATTERN else None
    if may_be is None:
        return AwsError("ValidationError", _framework_text_about(flaw, ""), status=400)
    place = flaw.name[:1].lower() + flaw.name[1:]
    text = f"The specified value for {place} is invalid. It must {may_be}"
    return AwsError("ValidationError", text, status=400)


_IAM_PATH: Final = "begin and end with / and contain only alphanumeric characters and/or / characters."
_IAM_PATTERNS: Final[Mapping[str, str]] = {
    r"[\w+=,.@-]+": "contain only alphanumeric characters and/or the following: +=,.@_-",
    r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)": _IAM_PATH,
    r"((/[A-Za-z0-9\.,\+@=_-]+)*)/": _IAM_PATH,
    r"[\u0009\u000A\u000D\u0020-\u00FF]+": "contain only printable ASCII characters.",
}
"""By the patterns of the model."""


def _cloudwatch(flaw: Flaw) -> AwsError:
    """The framework's words, but for the values of datapoints: NaN and infinities are told by their place in the form."""
    if flaw.kind is Kind.TYPE and flaw.shape == "DatapointValue":
        place = _PLAIN_INDEX.sub(r".member.\1", flaw.name)
        value = "NaN" if flaw.value.lower() == "nan" else flaw.value
        text = f"The value {value} for parameter {place} is invalid."
        return AwsError("InvalidParameterValue", text, status=400)
    return _query(flaw)


_PLAIN_INDEX: Final = re.compile(r"\.([0-9]+)\.member")


_BY_SERVICE: Final[Mapping[str, Callable[[Flaw], AwsError]]] = {
    "route53": _route53,
    "s3": _s3,
    "ec2": _ec2,
    "sts": _query,
    "cloudwatch": _cloudwatch,
    "sns": _query,
    "iam": _iam,
    "sqs": _sqs,
}

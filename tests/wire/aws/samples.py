"""Values of botocore's shapes, drawn from a seeded generator: quick where hypothesis would be slow."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

PATTERNED = {
    "CopySource": "source-bucket/some/key",
    "RenameSource": "source-bucket/some/key",
    "IPAddress": "203.0.113.10",
    "Latitude": "-12.34",
    "Longitude": "+123.45",
    "UUID": "01234567-89ab-cdef-0123-456789abcdef",
    "NonEmptyKmsKeyArnString": "arn:aws:kms:eu-central-1:123456789012:key/a-key",
    "S3RegionalOrS3ExpressBucketArnString": "arn:aws:s3:::some-bucket",
    "tokenCodeType": "123456",
    "AnomalyDetectorMetricStat": "p99.9",
    "DatasetArn": "arn:aws:cloudwatch:eu-central-1:123456789012:dataset/default",
    "DatasetId": "default",
    "DatasetIdentifier": "default",
    "KmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/abc-123",
    "ResourceArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:some",
    "Iso2CountryCode": "NO",
    "OTPCode": "123456",
    "PhoneNumberString": "+4712345678",
    "OrganizationIdType": "o-abcdefghij",
    "accountIdType": "123456789012",
    "authenticationCodeType": "123456",
    "organizationsEntityPathType": "o-abcdefghij/r-abcd/",
    "organizationsPolicyIdType": "p-abcdefgh",
    "pathPrefixType": "/a/",
    "pathType": "/a/",
    "policyPathType": "/a/",
    "policyVersionIdType": "v1",
    "privateKeyIdType": "ABCDEFGHIJ0123456789ABCD",
    "redirectUrlType": "https://example.com/a",
    "rolePathPatternType": "/a/",
}
PLAIN = "abcdefghij0123456789"
TRICKY = "aZ09 <>&\"'+%/?#\t\né☃𝄞"
DEPTH = 5


def sample(random: Random, shape: Shape, *, skip: frozenset[str] = frozenset(), depth: int = DEPTH) -> Any:
    """A value that botocore takes for the shape. Lists and strings are never empty."""
    match shape:
        case StructureShape():
            return structure(random, shape, skip=skip, depth=depth)
        case ListShape():
            fewest = max(1, shape.metadata.get("min", 1))
            count = random.randint(fewest, max(fewest, min(3, shape.metadata.get("max", 3))))
            return [sample(random, shape.member, skip=skip, depth=depth - 1) for _ in range(count)]
        case MapShape():
            keys = [_key(random, shape.key) for _ in range(2)]
            if shape.serialization.get("location") == "headers":
                return {key: _text(random, PLAIN, 1, 9) for key in keys}
            return {key: sample(random, shape.value, skip=skip, depth=depth - 1) for key in keys}
        case _:
            return _scalar(random, shape)


def structure(
    random: Random, shape: StructureShape, *, skip: frozenset[str] = frozenset(), depth: int = DEPTH
) -> dict[str, Any]:
    """All required members, the payload and half of the others, one at least; one member of a union.

    Forms cannot say that a structure is there and empty.
    """
    names = [name for name in shape.members if name not in skip]
    wanted = {*shape.required_members, shape.serialization.get("payload")}
    if shape.is_tagged_union:
        chosen = [random.choice(names)]
    else:
        chosen = [name for name in names if name in wanted or (depth > 0 and random.random() < 0.5)]
    if names and not chosen:
        chosen = [random.choice(names)]
    return {name: sample(random, shape.members[name], skip=skip, depth=depth - 1) for name in chosen}


def _key(random: Random, shape: Shape) -> str:
    if "enum" in shape.metadata:
        return _string(random, shape)
    return "k" + _text(random, PLAIN, 1, 9)


def _scalar(random: Random, shape: Shape) -> Any:
    facets = shape.metadata
    match shape.type_name:
        case "boolean":
            return random.random() < 0.5
        case "integer" | "long":
            return random.randint(facets.get("min", -1000), min(facets.get("max", 100_000), 2**31 - 1))
        case "float" | "double":
            return random.uniform(-1e6, 1e6)
        case "timestamp":
            return datetime.fromtimestamp(random.randint(0, 4_000_000_000), UTC)
        case "blob":
            return random.randbytes(20)
        case _:
            return _string(random, shape)


def _string(random: Random, shape: Shape) -> str:
    facets = shape.metadata
    if "enum" in facets:
        return str(random.choice(facets["enum"]))
    if shape.name in PATTERNED:
        return PATTERNED[shape.name]
    fewest = max(1, facets.get("min", 1))
    most = max(fewest, min(facets.get("max", 20), 20))
    in_body = shape.serialization.get("location") is None and "pattern" not in facets
    return _text(random, TRICKY if in_body and random.random() < 0.5 else PLAIN, fewest, most)


def _text(random: Random, alphabet: str, fewest: int, most: int) -> str:
    return "".join(random.choice(alphabet) for _ in range(random.randint(fewest, most)))

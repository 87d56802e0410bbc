import json

import pytest

from stillup.rules.buckets.access import is_public, may_read_anonymously
from stillup.rules.buckets.bucket import Bucket, PublicAccessBlock
from stillup.rules.buckets.policy import parse_policy
from stillup.rules.iam.patterns import Context
from stillup.rules.iam.policy import Policy
from stillup.rules.ids import BucketName

NAME = BucketName("example.com")
OPEN = PublicAccessBlock(block_public_policy=False, restrict_public_buckets=False)
ALL = "arn:aws:s3:::example.com/*"
Fields = dict[str, object]
ALLOW: Fields = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": ALL}
DENY: Fields = ALLOW | {"Effect": "Deny"}


def policy(*statements: Fields) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def bucket(*statements: Fields, block: PublicAccessBlock | None = OPEN) -> Bucket:
    text = policy(*statements) if statements else None
    return Bucket(NAME, "us-east-1", 0, public_access_block=block, policy=text)


def within(operator: str, key: str, *values: str) -> Fields:
    return {"Condition": {operator: {key: list(values)}}}


def came_from(address: str) -> Context:
    return {"aws:sourceip": (address,)}


def but_for(statement: Fields, field: str, excepted: object) -> Fields:
    """The statement with the negated field: NotAction, NotResource or NotPrincipal."""
    return {key: value for key, value in statement.items() if key != field} | {f"Not{field}": excepted}


@pytest.mark.parametrize(
    ("statement", "public"),
    [
        (ALLOW, True),
        (ALLOW | {"Principal": {"AWS": "*"}}, True),
        (ALLOW | {"Principal": {"AWS": ["123456789012", "*"]}}, True),
        (DENY, False),
        (ALLOW | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
        (ALLOW | {"Principal": {"Service": "cloudfront.amazonaws.com"}}, False),
        (but_for(ALLOW, "Principal", {"AWS": "123456789012"}), True),
        (ALLOW | within("IpAddress", "aws:SourceIp", "203.0.113.0/24"), False),
        (ALLOW | within("IpAddress", "aws:SourceIp", "0.0.0.0/0"), True),
        (ALLOW | within("IpAddress", "aws:SourceIp", "0.0.0.0/1"), True),
        (ALLOW | within("IpAddress", "aws:SourceIp", "203.0.113.0/24", "::/0"), True),
        (ALLOW | within("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), True),
        (ALLOW | within("StringEquals", "aws:SourceVpc", "vpc-91237329"), False),
        (ALLOW | within("StringLike", "aws:SourceVpc", "vpc-*"), True),
        (ALLOW | within("StringEquals", "aws:PrincipalOrgID", "o-abc"), False),
        (ALLOW | within("StringNotEquals", "aws:PrincipalOrgID", "o-abc"), True),
        (ALLOW | within("StringEqualsIfExists", "aws:PrincipalOrgID", "o-abc"), True),
        (ALLOW | within("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-abc"), True),
        (ALLOW | within("StringEquals", "aws:Referer", "https://example.com/"), True),
    ],
)
def test_public_means_granted_to_principals_that_are_not_fixed(statement: Fields, public: bool) -> None:
    parsed = parse_policy(policy(statement), NAME)
    assert isinstance(parsed, Policy)
    assert is_public(parsed) is public


ROOT_ONLY = ALLOW | {"Principal": {"AWS": "123456789012"}}
INSIDE = within("IpAddress", "aws:SourceIp", "192.0.2.0/24")
OUTSIDE = within("IpAddress", "aws:SourceIp", "198.51.100.0/24")
UNKNOWN = within("StringEquals", "aws:Referer", "https://example.com/")


@pytest.mark.parametrize(
    ("subject", "readable"),
    [
        (bucket(), False),
        (bucket(ALLOW, block=PublicAccessBlock(block_public_policy=False)), False),
        (bucket(ALLOW | INSIDE, block=PublicAccessBlock()), True),
        (bucket(ALLOW, DENY), False),
        (bucket(ALLOW, DENY | UNKNOWN), True),
        (bucket(ALLOW, DENY | INSIDE), False),
        (bucket(ALLOW, DENY | OUTSIDE), True),
        (bucket(ALLOW, DENY | within("NotIpAddress", "aws:SourceIp", "192.0.2.0/24")), True),
        (bucket(ALLOW, DENY | {"Resource": "arn:aws:s3:::example.com/private/*"}), True),
        (bucket(ALLOW, DENY | {"Resource": "arn:aws:s3:::example.com/${aws:username}/*"}), True),
        (bucket(ALLOW, DENY | {"Resource": "arn:aws-cn:s3:::example.com/*"}), False),
        (bucket(ALLOW | {"Resource": "arn:aws-cn:s3:::example.com/*"}), True),
        (bucket(ALLOW, DENY | within("NotIpAddress", "aws:VpcSourceIp", "192.0.2.0/24")), False),
        (bucket(ALLOW, DENY | within("StringNotEquals", "aws:SourceIp", "192.0.2.7")), True),
        (bucket(ALLOW, but_for(DENY, "Action", "s3:GetObject")), True),
        (bucket(ALLOW, but_for(DENY, "Action", "s3:PutObject")), False),
        (bucket(ALLOW, but_for(DENY, "Resource", ALL)), True),
        (bucket(ALLOW, but_for(DENY, "Resource", "arn:aws:s3:::example.com/b/*")), False),
        (bucket(ALLOW, but_for(DENY, "Principal", {"AWS": "123456789012"})), False),
        (bucket(ALLOW, DENY | {"Action": "s3:PutObject"}), True),
        (bucket(ALLOW, DENY | {"Principal": {"AWS": "123456789012"}}), True),
        (bucket(ALLOW), True),
        (bucket(ALLOW, block=None), True),
        (bucket(ALLOW | {"Action": "s3:*"}), True),
        (bucket(ALLOW | {"Action": "s3:get*"}), True),
        (bucket(ALLOW | {"Action": ["s3:PutObject", "s3:GetObject"]}), True),
        (bucket(ALLOW | {"Resource": "arn:aws:s3:::example.com/img/*.png"}), True),
        (bucket(ALLOW | {"Resource": "arn:aws:s3:::example.com/img/?.png"}), True),
        (bucket(ALLOW | INSIDE), True),
        (bucket(ALLOW | OUTSIDE), False),
        (bucket(ALLOW | UNKNOWN), False),
        (bucket(ALLOW | within("IpAddress", "aws:VpcSourceIp", "192.0.2.0/24")), False),
        (bucket(ALLOW | within("StringEquals", "aws:SourceIp", "192.0.2.7")), True),
        (bucket(but_for(ALLOW, "Action", "s3:PutObject")), True),
        (bucket(but_for(ALLOW, "Action", "s3:Get*")), False),
        (bucket(but_for(ALLOW, "Resource", "arn:aws:s3:::example.com/b/*")), True),
        (bucket(but_for(ALLOW, "Principal", {"AWS": "123456789012"})), True),
        (bucket(ALLOW | {"Action": "s3:PutObject"}), False),
        (bucket(ALLOW | {"Resource": "arn:aws:s3:::example.com/[i]mg/*"}), False),
        (bucket(ALLOW | {"Resource": "arn:aws:s3:::example.com/img/A.png"}), False),
        (bucket(ROOT_ONLY), False),
    ],
)
def test_what_anyone_may_read(subject: Bucket, readable: bool) -> None:
    assert may_read_anonymously(subject, "img/a.png", came_from("192.0.2.7")) is readable


def test_an_address_that_is_none_is_inside_no_range() -> None:
    assert not may_read_anonymously(bucket(ALLOW | INSIDE), "a", came_from("somewhere"))


def test_an_ipv4_address_in_ipv6s_clothes_is_itself() -> None:
    assert may_read_anonymously(bucket(ALLOW | INSIDE), "a", came_from("::ffff:192.0.2.7"))
    assert not may_read_anonymously(bucket(ALLOW | INSIDE), "a", came_from("2001:db8::1"))

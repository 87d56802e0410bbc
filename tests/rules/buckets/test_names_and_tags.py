import pytest

from stillup.rules.buckets.names import parse_bucket_name, why_not_a_key
from stillup.rules.buckets.tags import MAX_BUCKET_TAGS, MAX_OBJECT_TAGS, parse_tags
from stillup.rules.refusal import Refusal

KEY = "The TagKey you have provided is invalid"
VALUE = "The TagValue you have provided is invalid"


@pytest.mark.parametrize("name", ["abc", "www.example.com", "a-1.b-2", "0" * 63, "example.com"])
def test_a_name_by_the_rules_is_a_bucket_name(name: str) -> None:
    assert parse_bucket_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "a" * 64,
        "Www.example.com",
        "a_b",
        "-abc",
        "abc-",
        ".abc",
        "abc.",
        "a..b",
        "192.0.2.1",
        "xn--abc",
        "sthree-abc",
        "abc-s3alias",
        "abc--ol-s3",
        "amzn-s3-demo-x",
        "abc--x-s3",
        "abc.mrap",
        "ab\n",
        "äbc",
    ],
)
def test_a_name_against_the_rules_is_refused(name: str) -> None:
    refused = parse_bucket_name(name)
    assert isinstance(refused, Refusal)
    assert refused.code == "InvalidBucketName"


def test_a_key_is_measured_in_octets_of_utf_8() -> None:
    assert why_not_a_key("k" * 1024) is None
    refused = why_not_a_key("ü" * 513)
    assert refused is not None
    assert refused.code == "KeyTooLongError"


def test_tags_by_the_rules_are_kept_in_order() -> None:
    assert parse_tags([("b", "1"), ("a", "")], limit=MAX_OBJECT_TAGS) == {"b": "1", "a": ""}


@pytest.mark.parametrize(
    ("pairs", "code", "text", "details"),
    [
        ([("", "v")], "InvalidTag", KEY, [("TagKey", "")]),
        ([("k" * 129, "v")], "InvalidTag", KEY, [("TagKey", "k" * 129)]),
        ([("a,b", "v")], "InvalidTag", KEY, [("TagKey", "a,b")]),
        ([("k", "v" * 257)], "InvalidTag", VALUE, [("TagKey", "k"), ("TagValue", "v" * 257)]),
        ([("k", "a,b")], "InvalidTag", VALUE, [("TagKey", "k"), ("TagValue", "a,b")]),
        ([("aws:k", "v")], "InvalidTag", "Your TagKey cannot be prefixed with aws:", [("TagKey", "aws:k")]),
        (
            [("k", "1"), ("k", "2")],
            "InvalidTag",
            "Cannot provide multiple Tags with the same key",
            [("TagKey", "k")],
        ),
        ([(str(n), "") for n in range(11)], "BadRequest", "Object tags cannot be greater than 10", []),
    ],
)
def test_tags_against_the_rules_are_refused(
    pairs: list[tuple[str, str]], code: str, text: str, details: list[tuple[str, str]]
) -> None:
    assert parse_tags(pairs, limit=MAX_OBJECT_TAGS) == Refusal(code, (text,), tuple(details))


def test_a_tag_may_be_in_any_script() -> None:
    assert parse_tags([("Größe 1_.:/=+-@", "日本")], limit=MAX_BUCKET_TAGS) == {"Größe 1_.:/=+-@": "日本"}


def test_a_bucket_may_have_fifty_tags() -> None:
    assert isinstance(parse_tags([(str(n), "") for n in range(50)], limit=MAX_BUCKET_TAGS), dict)
    assert isinstance(parse_tags([(str(n), "") for n in range(51)], limit=MAX_BUCKET_TAGS), Refusal)

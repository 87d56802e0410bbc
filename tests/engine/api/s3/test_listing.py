from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.api.s3.driver import Driver

KEYS = ["a", "b/1", "b/2", "c d+é", "z"]


@pytest.fixture
async def filled(s3: Driver) -> Driver:
    for key in KEYS:
        await s3("PutObject", Bucket="bkt", Key=key, body=b"x")
    return s3


async def test_a_listing_repeats_what_was_asked(filled: Driver) -> None:
    page = await filled("ListObjectsV2", Bucket="bkt", Prefix="b", Delimiter="/", StartAfter="a", MaxKeys=5)
    assert {name: page[name] for name in ("Name", "Prefix", "Delimiter", "StartAfter", "MaxKeys")} == {
        "Name": "bkt",
        "Prefix": "b",
        "Delimiter": "/",
        "StartAfter": "a",
        "MaxKeys": 5,
    }
    assert (page["KeyCount"], page["IsTruncated"], page["Contents"]) == (1, False, [])
    assert page["CommonPrefixes"] == [{"Prefix": "b/"}]


async def test_an_entry_says_what_the_object_is(filled: Driver) -> None:
    entry = (await filled("ListObjectsV2", Bucket="bkt", FetchOwner=True))["Contents"][0]
    head = await filled("HeadObject", Bucket="bkt", Key="a")
    assert (entry["ETag"], entry["LastModified"], entry["Size"]) == (head["ETag"], head["LastModified"], 1)
    assert entry["StorageClass"] == "STANDARD"
    assert len(entry["Owner"]["ID"]) == 64
    assert "Owner" not in (await filled("ListObjectsV2", Bucket="bkt"))["Contents"][0]


async def test_keys_can_be_had_encoded(filled: Driver) -> None:
    page = await filled("ListObjectsV2", Bucket="bkt", EncodingType="url", Prefix="c d")
    assert page["EncodingType"] == "url"
    assert page["Contents"][0]["Key"] == "c%20d%2B%C3%A9"
    assert unquote_plus(page["Contents"][0]["Key"]) == "c d+é"
    assert page["Prefix"] == "c%20d"
    assert await filled.code("ListObjectsV2", Bucket="bkt", EncodingType="hex") == "InvalidArgument"


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("ListObjectsV2", {"ContinuationToken": ""}),
        ("ListObjectsV2", {"ContinuationToken": "ü"}),
        ("ListObjectsV2", {"ContinuationToken": "_w=="}),
        ("ListObjectsV2", {"MaxKeys": -1}),
        ("ListObjects", {"MaxKeys": 1 << 31}),
    ],
)
async def test_arguments_that_make_no_sense_are_refused(
    filled: Driver, operation: str, parameters: dict[str, object]
) -> None:
    assert await filled.code(operation, Bucket="bkt", **parameters) == "InvalidArgument"


async def test_a_token_that_is_none_is_named(filled: Driver) -> None:
    for token in ("", "!!"):
        refusal = await filled.refusal("ListObjectsV2", Bucket="bkt", ContinuationToken=token)
        assert (refusal.code, refusal.members) == ("InvalidArgument", {"ArgumentName": "continuation-token"})


async def test_a_version_marker_needs_a_key_marker(filled: Driver) -> None:
    assert await filled.code("ListObjectVersions", Bucket="bkt", VersionIdMarker="null") == "InvalidArgument"


async def test_a_page_repeats_only_what_it_heeds(filled: Driver) -> None:
    token = (await filled("ListObjectsV2", Bucket="bkt", MaxKeys=1))["NextContinuationToken"]
    page = await filled("ListObjectsV2", Bucket="bkt", ContinuationToken=token, StartAfter="x", Delimiter="")
    assert "StartAfter" not in page
    assert "Delimiter" not in page


async def test_pages_are_no_longer_than_a_thousand(filled: Driver) -> None:
    assert (await filled("ListObjects", Bucket="bkt", MaxKeys=5000))["MaxKeys"] == 1000


async def test_the_older_listing_names_the_next_marker_only_with_a_delimiter(filled: Driver) -> None:
    page = await filled("ListObjects", Bucket="bkt", MaxKeys=2, Delimiter="/")
    assert (page["IsTruncated"], page["NextMarker"], page["Marker"]) == (True, "b/", "")
    assert "NextMarker" not in await filled("ListObjects", Bucket="bkt", MaxKeys=2)


async def test_objects_without_versions_are_all_the_version_null(filled: Driver) -> None:
    page = await filled("ListObjectVersions", Bucket="bkt", MaxKeys=2)
    assert [(v["Key"], v["VersionId"], v["IsLatest"]) for v in page["Versions"]] == [
        ("a", "null", True),
        ("b/1", "null", True),
    ]
    assert (page["NextKeyMarker"], page["NextVersionIdMarker"]) == ("b/1", "null")
    rest = await filled("ListObjectVersions", Bucket="bkt", KeyMarker="b/1", VersionIdMarker="null")
    assert [v["Key"] for v in rest["Versions"]] == KEYS[2:]


@settings(deadline=None, max_examples=30)
@given(
    st.sets(st.text("ab/é", min_size=1, max_size=5), max_size=12),
    st.sampled_from(["", "/"]),
    st.integers(1, 3),
)
@pytest.mark.parametrize("operation", ["ListObjects", "ListObjectsV2", "ListObjectVersions"])
async def test_all_pages_together_are_everything_exactly_once(
    operation: str, keys: set[str], delimiter: str, limit: int
) -> None:
    s3 = Driver()
    await s3("CreateBucket", Bucket="bkt")
    for key in keys:
        await s3("PutObject", Bucket="bkt", Key=key)
    listed: list[str] = []
    prefixes: list[str] = []
    where: dict[str, str] = {}
    while True:
        page = await s3(operation, Bucket="bkt", Delimiter=delimiter, MaxKeys=limit, **where)
        listed += [entry["Key"] for entry in page.get("Contents", page.get("Versions"))]
        prefixes += [entry["Prefix"] for entry in page["CommonPrefixes"]]
        if not page["IsTruncated"]:
            break
        if operation == "ListObjectsV2":
            where = {"ContinuationToken": page["NextContinuationToken"]}
        elif operation == "ListObjects":
            where = {"Marker": page["NextMarker"] if delimiter else listed[-1]}
        else:
            # Behind a common prefix there is no version to go on from.
            version = page.get("NextVersionIdMarker", "")
            where = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": version}
    rolled = {key[: key.index("/") + 1] for key in keys if delimiter and "/" in key}
    assert prefixes == sorted(rolled)
    assert listed == sorted(key for key in keys if not (delimiter and "/" in key))

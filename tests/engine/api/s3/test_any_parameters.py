"""Whatever parameters the model allows: an answer by the model, or S3's own error; never a crash."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from botocore.model import Shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillup.engine.api.s3.operations import S3_OPERATIONS
from stillup.wire.aws.messages import AwsError
from tests.engine.api.s3.driver import MODEL, Driver

WORDS = [
    "",
    "a",
    "key",
    "a/b",
    "null",
    "*",
    '"x"',
    "bytes=0-1",
    "bkt/key",
    "COPY",
    "x=1&y",
    "ü",
    "\x00",
    "url",
    "{}",
]
KNOWN = {"Bucket": ["bkt", "none", "new"], "Key": ["key", "none", "a/b"], "UploadId": ["none"]}


def values(shape: Shape, name: str = "", depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of this shape as wire/aws would have parsed them."""
    match shape.type_name:
        case "structure":
            members = {n: values(m, n, depth + 1) for n, m in shape.members.items() if n != "Body"}
            required = {n: members.pop(n) for n in shape.required_members if n in members}
            some = st.sets(st.sampled_from(sorted(members)), max_size=3) if members else st.just(set())
            return some.flatmap(
                lambda names: st.fixed_dictionaries(required | {n: members[n] for n in names})
            )
        case "list":
            return st.lists(values(shape.member, "", depth + 1), max_size=2)
        case "map":
            return st.dictionaries(st.sampled_from(["a", "B"]), st.sampled_from(WORDS), max_size=2)
        case "integer" | "long":
            return st.sampled_from([-1, 0, 1, 2, 1000, 1 << 40])
        case "boolean":
            return st.booleans()
        case "timestamp":
            return st.sampled_from([datetime(2000, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)])
        case "blob":
            return st.binary(max_size=3)
        case _:
            shortest = shape.metadata.get("min", 0)
            words = [word for word in shape.enum or WORDS if len(word) >= shortest]
            return st.sampled_from(KNOWN.get(name, []) * 3 + words)


@cache
def parameters_of(operation: str) -> st.SearchStrategy[Any]:
    """Made once: that takes longer than most draws from it."""
    return values(MODEL.operation_model(operation).input_shape)


@pytest.mark.slow
@pytest.mark.parametrize("operation", sorted(S3_OPERATIONS))
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_any_parameters_have_an_answer(operation: str, data: st.DataObject) -> None:
    s3 = Driver()
    await s3("CreateBucket", Bucket="bkt")
    await s3("PutObject", Bucket="bkt", Key="key", body=b"contents")
    parameters = data.draw(parameters_of(operation))
    try:
        await s3.output(operation, body=b"payload", **parameters)
    except AwsError as refusal:
        assert refusal.status is not None
        assert 400 <= refusal.status < 600
        assert refusal.code != "InternalError"

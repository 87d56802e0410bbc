"""The check itself: it finds what botocore overlooks."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from tests.conformance.model_check import assert_fits, parsed_flaws, raw_flaws

ROUTE53 = ServiceModel(Loader().load_service_model("route53", "service-2"), "route53")
S3 = ServiceModel(Loader().load_service_model("s3", "service-2"), "s3")
ID = "<Id>/change/C1</Id>"


def change_flaws(body: str, status: int = 200) -> list[str]:
    response: dict[str, Any] = {
        "status_code": status,
        "body": f"<GetChangeResponse><ChangeInfo>{body}</ChangeInfo></GetChangeResponse>".encode(),
        "headers": {},
    }
    return list(raw_flaws(ROUTE53.operation_model("GetChange"), response))


def test_a_response_by_the_model_has_no_flaw() -> None:
    assert (
        change_flaws(f"{ID}<Status>PENDING</Status><SubmittedAt>2030-01-01T00:00:00.000Z</SubmittedAt>") == []
    )


def test_what_the_octets_get_wrong_is_found() -> None:
    assert change_flaws("<Nonsense/>") == ["GetChange.ChangeInfo has no member Nonsense"]
    (flaw,) = change_flaws("<SubmittedAt>yesterday</SubmittedAt>")
    assert "is no timestamp" in flaw
    assert change_flaws(ID, status=201) == ["status 201 where the model says 200"]


def test_what_the_members_get_wrong_is_found() -> None:
    operation = ROUTE53.operation_model("GetChange")
    flaws = list(parsed_flaws(operation, {"ChangeInfo": {"Id": 1, "Status": "DONE"}}))
    assert flaws == [
        "GetChange.ChangeInfo lacks SubmittedAt",
        "GetChange.ChangeInfo.Id is no string: 1",
        "GetChange.ChangeInfo.Status is none of the enum: 'DONE'",
    ]
    with pytest.raises(AssertionError, match="lacks ChangeInfo"):
        assert_fits("route53", "GetChange", {"ResponseMetadata": {}})


def test_a_streamed_body_and_the_headers_are_no_flaw() -> None:
    response = {"Body": object(), "ContentLength": 3, "Metadata": {"a": "b"}, "ETag": '"x"'}
    assert list(parsed_flaws(S3.operation_model("GetObject"), response)) == []

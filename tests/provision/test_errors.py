"""Every way in which an account refuses is told with what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore import exceptions as botocore
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from stillup.plan.setup import Check
from stillup.provision.account import Account
from stillup.provision.api_errors import API_ERRORS, why_unknown
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.read import read_setup
from stillup.provision.standing.checks import read_check
from stillup.provision.standing.unknown import Unknown
from tests.provision.live.servers import serving


def refused(
    code: str, words: str = "words", *, status: int = 400, operation: str = "PutBucketPolicy"
) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": words}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        operation,
    )


STALE = "[Tried to delete resource record set [name='x.', type='A'] but it was not found]"

REFUSALS: list[tuple[Exception, str, str]] = [
    (refused("AccessDenied", status=403), "PutBucketPolicy was denied", "stillup policy"),
    (refused("AuthorizationError", status=403), "was denied", "stillup policy"),
    (refused("ExpiredToken"), "expired", "goes on from where"),
    (refused("InvalidClientTokenId", status=403), "not accepted", "--profile"),
    (refused("SignatureDoesNotMatch", status=403), "not accepted", "--profile"),
    (refused("RequestTimeTooSkewed", status=403), "words", "clock"),
    (refused("Throttling", "Rate exceeded"), "Rate exceeded", "again"),
    (refused("PriorRequestNotComplete"), "several times", "again"),
    (refused("InternalFailure", status=500), "several times", "again"),
    (refused("NoSuchHealthCheck", status=404), "meanwhile", "again"),
    (refused("InvalidChangeBatch", STALE), "meanwhile", "again"),
    (refused("InvalidChangeBatch", "RRSet of type CNAME"), "RRSet of type CNAME", "Correct the plan"),
    (refused("InvalidInput", "Invalid port"), "Invalid port", "Correct the plan"),
    (botocore.ProfileNotFound(profile="ops"), "ops", "list-profiles"),
    (botocore.NoCredentialsError(), "no credentials", "AWS_ACCESS_KEY_ID"),
    (botocore.PartialCredentialsError(provider="env", cred_var="key"), "credentials", "AWS_ACCESS_KEY_ID"),
    (botocore.UnauthorizedSSOTokenError(), "credentials", "aws sso login"),
    (
        botocore.EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
        "http://127.0.0.1:1",
        "--endpoint-url",
    ),
    (botocore.ReadTimeoutError(endpoint_url="http://127.0.0.1:1"), "broke", "again"),
    (botocore.ConnectionClosedError(endpoint_url="http://127.0.0.1:1"), "broke", "again"),
    (ResponseParserError("not XML"), "does not speak AWS", "--endpoint-url"),
    (botocore.NoRegionError(), "region", "--region"),
    (botocore.ParamValidationError(report="too long"), "too long", "Correct the plan"),
    (botocore.DataNotFoundError(data_path="x"), "x", "again"),
]


@pytest.mark.parametrize(
    ("error", "says", "helps"), REFUSALS, ids=lambda each: getattr(each, "args", [""])[0][:40]
)
def test_every_refusal_says_what_to_do(error: Exception, says: str, helps: str) -> None:
    with pytest.raises(ProvisionFailed) as failed, explained("trying"):
        raise error
    assert says in failed.value.message
    assert helps in failed.value.remedy


UNKNOWN: list[tuple[Exception, str]] = [
    (refused("AccessDenied"), "PutBucketPolicy was refused with AccessDenied: words"),
    (refused("502", "<html>Bad Gateway"), "PutBucketPolicy was refused with 502"),
    (refused("404", ""), "PutBucketPolicy was refused with 404"),
    (refused("", ""), "somebody answered who does not speak AWS's protocols"),
    (ResponseParserError("not XML"), "somebody answered who does not speak AWS's protocols"),
    (
        botocore.EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
        'Could not connect to the endpoint URL: "http://127.0.0.1:1"',
    ),
]


@pytest.mark.parametrize(("error", "says"), UNKNOWN, ids=[says for _, says in UNKNOWN])
def test_what_is_not_known_says_why(error: Exception, says: str) -> None:
    assert isinstance(error, API_ERRORS)
    assert why_unknown(error) == says


def test_a_page_in_place_of_an_answer_leaves_one_thing_unknown(credentials: None) -> None:
    unknown = Unknown()
    with serving(body=b"<html>Welcome to our hotel") as port:
        hotel = Account(endpoint_url=f"http://127.0.0.1:{port}")
        seen = read_check(hotel, Check("primary", None, id="c1"), now=0.0, back=60.0, unknown=unknown)
    assert seen.observations is None
    assert (
        "what the checkers of c1 saw: somebody answered who does not speak AWS's protocols"
        in unknown.sentences
    )


def test_an_error_of_our_own_stays_what_it_is() -> None:
    with pytest.raises(KeyError), explained("trying"):
        raise KeyError("x")


def test_an_unknown_profile_is_told_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with pytest.raises(ProvisionFailed, match="nobody"):
        read_setup(Account(profile="nobody"), "www.example.com")

"""What goes wrong between us and the account, whose fault it is, and what to do about it.

| culprit                  | what botocore says                                            | what helps                  |
|--------------------------|---------------------------------------------------------------|-----------------------------|
| whoever runs us          | no, wrong or expired credentials; unknown profile, bad Region | credentials                 |
| whoever wrote the policy | AccessDenied, AuthorizationError                              | `stillup policy`            |
| the network              | no connection, no answer in time                              | the endpoint, the network   |
| a wrong endpoint         | an answer that is none of AWS's                               | the endpoint                |
| the account's traffic    | Throttling, PriorRequestNotComplete, after all retries        | the same command, later     |
| AWS                      | 5xx after all retries                                         | the same command, later     |
| somebody else meanwhile  | gone, or made, or changed since it was read                   | the same command            |
| us, or the plan          | any other refusal, told in AWS's words                        | the plan, or a report to us |
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from botocore import exceptions as botocore
from botocore.exceptions import ClientError

AGAIN: Final = "Run the same command again: it goes on from where this one stopped."

_DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "UnauthorizedOperation",
        "403",
        "Forbidden",
    }
)
_EXPIRED: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
_UNKNOWN_CALLER: Final = frozenset(
    {
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "AuthFailure",
        "InvalidToken",
    }
)
_BUSY: Final = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
        "PriorRequestNotComplete",
        "OperationAborted",
    }
)
_MEANWHILE: Final = frozenset(
    {"HealthCheckVersionMismatch", "NoSuchHealthCheck", "NoSuchBucket", "ResourceNotFound"}
)
_SKEWED: Final = frozenset({"RequestTimeTooSkewed"})


class ProvisionFailed(Exception):
    """Nothing more was done. `message` says what is wrong and `remedy` what to do, each in whole sentences."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


def code_of(error: ClientError) -> str:
    """The error's code, as AWS spells it."""
    return error.response.get("Error", {}).get("Code", "")


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Raise botocore's errors as ProvisionFailed. `doing` ends the sentence that begins with `While`."""
    # Imported here: it brings all of HTTP along, which those that only know our errors need not wait for.
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _refused(error, doing) from error
    except botocore.BotoCoreError as error:
        raise _unreachable(error, doing) from error
    except ResponseParserError as error:
        raise _no_api(doing) from error


def _no_api(doing: str) -> ProvisionFailed:
    return ProvisionFailed(
        f"While {doing}, somebody answered who does not speak AWS's protocols.",
        "Is `--endpoint-url` the API of an engine (`stillup serve --api`), and not its site or console?",
    )


def _refused(error: ClientError, doing: str) -> ProvisionFailed:
    code, words = code_of(error), error.response.get("Error", {}).get("Message") or str(error)
    operation = error.operation_name
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if not code:
        return _no_api(doing)
    words = f"{words.rstrip('. ')}."
    told = f"While {doing}, {operation} was refused with {code}: {words}"
    if code in _DENIED:
        return ProvisionFailed(
            f"While {doing}, {operation} was denied: {words}",
            "`stillup policy` prints the least policy for this plan; give it to whoever runs this.",
        )
    if code in _EXPIRED:
        return ProvisionFailed(f"The credentials expired while {doing}.", f"Renew them. {AGAIN}")
    if code in _UNKNOWN_CALLER:
        return ProvisionFailed(
            f"The credentials are not accepted ({code}) while {doing}.",
            "See which ones are used with `aws sts get-caller-identity`, and choose others with `--profile`. "
            f"{AGAIN}",
        )
    if code == "NoSuchHostedZone":
        return ProvisionFailed(
            told,
            "Correct `zone`, `--profile` or `--endpoint-url`; `aws route53 list-hosted-zones` tells ids.",
        )
    if code in _SKEWED:
        return ProvisionFailed(f"{operation} was refused: {words}", "Set this machine's clock.")
    if code in _BUSY or status >= 500:
        return ProvisionFailed(f"{told} It was tried several times.", AGAIN)
    if code in _MEANWHILE or (code == "InvalidChangeBatch" and _is_stale(words)):
        return ProvisionFailed(f"{told} Somebody changed it meanwhile.", AGAIN)
    return ProvisionFailed(
        told, "Correct the plan, or what the message names in the account, and run it again."
    )


def _is_stale(words: str) -> bool:
    """What Route 53 says when a record is not as it was read (2.7)."""
    return any(each in words for each in ("it was not found", "it already exists", "do not match"))


def _unreachable(error: botocore.BotoCoreError, doing: str) -> ProvisionFailed:
    """Nobody was reached, or nothing could be asked."""
    said = f"{str(error).rstrip('. ')}."
    match error:
        case botocore.ProfileNotFound():
            return ProvisionFailed(
                said,
                "`aws configure list-profiles` lists those that there are; see `--profile` and `where.profile`.",
            )
        case botocore.NoCredentialsError() | botocore.PartialCredentialsError():
            return ProvisionFailed(
                f"There are no credentials ({str(error).rstrip('. ')}).",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run `aws configure`, or name a `--profile`. "
                "An engine prints its root key when it starts for the first time.",
            )
        case botocore.TokenRetrievalError() | botocore.SSOError() | botocore.CredentialRetrievalError():
            return ProvisionFailed(
                f"The credentials could not be had: {said}", f"Sign in (`aws sso login`). {AGAIN}"
            )
        case botocore.NoRegionError() | botocore.InvalidRegionError():
            return ProvisionFailed(said, "Name a Region with `--region` or `where.region`.")
        case botocore.ConfigParseError():
            return ProvisionFailed(said, "Correct the file; `aws configure` writes such files.")
        case botocore.ParamValidationError():
            return ProvisionFailed(f"While {doing}, a value is impossible: {said}", "Correct the plan.")
        case _:
            return _broken(error, doing, said)


def _broken(error: botocore.BotoCoreError, doing: str, said: str) -> ProvisionFailed:
    """The network's share."""
    match error:
        case (
            botocore.EndpointConnectionError()
            | botocore.ConnectTimeoutError()
            | botocore.ProxyConnectionError()
        ):
            return ProvisionFailed(
                f"Nobody answers: {said}",
                "Is the engine running, is `--endpoint-url` right, is there a network? Nothing else was tried.",
            )
        case botocore.SSLError():
            return ProvisionFailed(
                said,
                "Does `--endpoint-url` begin with http:// where there is no TLS? A certificate of your own is "
                "believed once AWS_CA_BUNDLE names the file of whoever signed it.",
            )
        case botocore.HTTPClientError() | botocore.ConnectionError():
            return ProvisionFailed(
                f"While {doing}, the connection broke: {said}",
                f"{AGAIN} If it breaks each time: is `--endpoint-url` the API of an engine, and https:// where it needs TLS?",
            )
        case _:
            return ProvisionFailed(f"While {doing}: {said}", AGAIN)

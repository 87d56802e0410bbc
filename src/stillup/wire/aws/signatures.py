"""How a request says who sends it, and whether that is so.

read_signature ──▶ nobody │ SignatureV4 │ SignatureV2 ── the key's secret ──▶ verify ──▶ what verifies the chunks
"""

from __future__ import annotations

import hashlib
from typing import Final

from stillup.wire.aws import signature_errors, sigv2, sigv4, sigv4_claim
from stillup.wire.aws.messages import AwsError, HttpRequest
from stillup.wire.aws.sigv2 import SignatureV2
from stillup.wire.aws.sigv4 import UNSIGNED, SignatureV4
from stillup.wire.aws.sigv4_chunks import ChunkSignatures, chunk_signatures

_V4A: Final = "AWS4-ECDSA-P256-SHA256"


def read_signature(request: HttpRequest, service: str) -> SignatureV4 | SignatureV2 | None:
    """Who the request says that sends it; None: nobody.

    | Authorization      | query string               |                                |
    |--------------------|----------------------------|--------------------------------|
    | none               | nothing of a signature     | nobody                         |
    | any                | something of a signature   | refused: one of them is enough |
    | AWS4-HMAC-SHA256 … |                            | V4                             |
    | AWS …              |                            | V2, for S3 only                |
    | another, V4A too   |                            | refused                        |
    | none               | X-Amz-Algorithm, …         | V4, presigned                  |
    | none               | AWSAccessKeyId             | V2, presigned, for S3 only     |

    Raises AwsError in the words of the service.
    """
    header = request.headers.get("authorization")
    has_v4, has_v2 = sigv4_claim.is_in_query(request.query), sigv2.is_in_query(request.query)
    if header is None and not has_v4 and not has_v2:
        return None
    if header is not None and (has_v4 or has_v2):
        raise signature_errors.two_signatures(service)
    if has_v4:
        return sigv4_claim.read_query(request, service=service)
    scheme = "AWS" if header is None else header.partition(" ")[0]
    if scheme == sigv4.ALGORITHM:
        return sigv4_claim.read_header(request, service=service)
    if scheme == _V4A or (scheme == "AWS" and service != "s3"):
        raise signature_errors.unsupported(service, scheme)
    if scheme != "AWS":
        raise signature_errors.unknown_scheme(service)
    return sigv2.read_query(request) if header is None else sigv2.read_header(request)


def verify(
    signature: SignatureV4 | SignatureV2,
    request: HttpRequest,
    *,
    secret: str,
    service: str,
    payload: bytes,
    bucket: str | None,
    now: float,
) -> ChunkSignatures | None:
    """Raise AwsError if the signature is not this secret's, or of another time.

    S3 signs what the head says of the payload: hold the payload against that as it passes, with what is returned where
    its chunks are signed. For the others `payload` is the body. `bucket` is the one that the host names.
    """
    if isinstance(signature, SignatureV2):
        sigv2.raise_if_untimely(signature, request, now=now)
        sigv2.raise_if_not_signed_by(secret, signature, request, bucket=bucket)
        return None
    sigv4.raise_if_untimely(signature, service=service, now=now)
    is_s3 = service == "s3"
    payload_hash = _declared_hash(signature, request) if is_s3 else hashlib.sha256(payload).hexdigest()
    sigv4.raise_if_not_signed_by(secret, signature, request, service=service, payload_hash=payload_hash)
    return chunk_signatures(secret, signature, payload_hash) if is_s3 else None


def _declared_hash(signature: SignatureV4, request: HttpRequest) -> str:
    declared = request.headers.get("x-amz-content-sha256")
    if declared is not None:
        return declared
    if signature.is_presigned:
        return UNSIGNED
    text = "Missing required header for this request: x-amz-content-sha256"
    raise AwsError("InvalidRequest", text, status=400)

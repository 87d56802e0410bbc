"""The signatures of chunks: each vouches for its chunk and, by the one before it, for all that went before.

    seed (the request's) ─▶ chunk ─▶ chunk ─▶ … ─▶ the empty chunk ─▶ the trailers, where there are any

Source: "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks", and "… Including
Trailing Headers" (S3 API Reference).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from stillup.wire.aws import signature_errors
from stillup.wire.aws.messages import AwsError
from stillup.wire.aws.sigv4 import ALGORITHM, SignatureV4, signing_key

TRAILER_SIGNATURE: Final = "x-amz-trailer-signature"

_NOTHING: Final = hashlib.sha256().hexdigest()


class ChunkSignatures:
    """Verifies one payload: `update` with a chunk's octets, `end_chunk` at its end, `end` after the trailers."""

    def __init__(self, secret: str, seed: SignatureV4, *, signs_trailers: bool) -> None:
        self._key = signing_key(secret, seed.scope)
        self._seed = seed
        self._previous = seed.signature
        self._signs_trailers = signs_trailers
        self._digest = hashlib.sha256()

    def update(self, octets: bytes) -> None:
        """Take more of the chunk."""
        self._digest.update(octets)

    def end_chunk(self, signature: str) -> None:
        """All of the chunk is here. Raises AwsError if this is not its signature."""
        self._compare(signature, f"{ALGORITHM}-PAYLOAD", f"{_NOTHING}\n{self._digest.hexdigest()}")
        self._digest = hashlib.sha256()

    def end(self, trailers: Mapping[str, str]) -> None:
        """All trailers are here. Raises AwsError if they ought to be signed and are not."""
        if not self._signs_trailers:
            return
        fields = sorted((name, value) for name, value in trailers.items() if name != TRAILER_SIGNATURE)
        written = "".join(f"{name}:{value}\n" for name, value in fields)
        digest = hashlib.sha256(written.encode("latin-1")).hexdigest()
        self._compare(trailers.get(TRAILER_SIGNATURE, ""), f"{ALGORITHM}-TRAILER", digest)

    def _compare(self, signature: str, kind: str, what: str) -> None:
        text = f"{kind}\n{self._seed.timestamp}\n{self._seed.scope}\n{self._previous}\n{what}"
        computed = hmac.digest(self._key, text.encode("latin-1"), "sha256").hex()
        if not hmac.compare_digest(computed.encode(), signature.encode()):
            raise signature_errors.another_signature(
                "s3",
                key_id=self._seed.access_key_id,
                signature=signature,
                string_to_sign=text,
                canonical_request=None,
            )
        self._previous = computed


def chunk_signatures(secret: str, signature: SignatureV4, payload_hash: str) -> ChunkSignatures | None:
    """What verifies the chunks, where `x-amz-content-sha256` says that they are signed.

    Raises AwsError for a way to stream that is not known.
    """
    match payload_hash:
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
            return ChunkSignatures(secret, signature, signs_trailers=False)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
            return ChunkSignatures(secret, signature, signs_trailers=True)
        case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
            return None
    if payload_hash.startswith("STREAMING-"):
        text = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value."
        raise AwsError("InvalidArgument", text, status=400)
    return None

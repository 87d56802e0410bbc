"""Who calls: the owner of the key that signed the request, or nobody in particular.

    | open | credentials            | page of another site | caller                              |
    |------|------------------------|----------------------|-------------------------------------|
    | yes  | any or none            | no                   | root                                |
    | yes  | any or none            | yes                  | anonymous                           |
    | no   | none                   | any                  | anonymous                           |
    | no   | the root key's         | any                  | root                                |
    | no   | an active key's        | any                  | its user                            |
    | no   | any others             | any                  | refused, in the words of the service |

The API is open on loopback, with a root key that nobody chose, until the first access key is made. It must not do what
a web page asks for that the operator happens to visit: browsers send requests to loopback for any page.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stillup.engine.api.root_key import RootKey
from stillup.engine.ports import Clock, Worlds
from stillup.rules.changes import Change
from stillup.rules.iam.identity import AccessKey, Principal, PrincipalKind, User
from stillup.rules.world import World
from stillup.wire.aws import signature_errors
from stillup.wire.aws.hosts import DEFAULT_ENDPOINT_HOSTS, bucket_of_host, is_local
from stillup.wire.aws.messages import HttpRequest
from stillup.wire.aws.signatures import read_signature, verify
from stillup.wire.aws.sigv4 import SignatureV4
from stillup.wire.aws.sigv4_chunks import ChunkSignatures

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what verifies the chunks of his payload, if they are signed."""

    principal: Principal
    chunks: ChunkSignatures | None = None


class Authentication:
    """Knows the keys of the world and the root key."""

    def __init__(
        self,
        worlds: Worlds,
        clock: Clock,
        *,
        account_id: str,
        root_key: RootKey,
        is_on_loopback: bool,
        endpoint_hosts: Collection[str] = DEFAULT_ENDPOINT_HOSTS,
    ) -> None:
        self._worlds = worlds
        self._clock = clock
        self._root_key = root_key
        self._root = Principal(PrincipalKind.ROOT, account_id)
        self._anonymous = Principal(PrincipalKind.ANONYMOUS, account_id)
        self._may_be_open = is_on_loopback and not root_key.is_given
        self._endpoint_hosts = endpoint_hosts
        self._indexed: Mapping[str, User] = {}
        self._by_key: Mapping[str, tuple[User, AccessKey]] = {}

    @property
    def is_open(self) -> bool:
        """Whether everybody who reaches the listener is root."""
        return self._may_be_open and not self._worlds.current.has_had_access_keys

    def start(self) -> None:
        """Say who is let in, and say so again when that changes."""
        if self.is_open:
            _log.warning(
                "the API is open: any credentials, or none, are root's, until the first access key is made; "
                "STILLUP_ROOT_ACCESS_KEY_ID and STILLUP_ROOT_SECRET_ACCESS_KEY close it at once"
            )
            self._worlds.subscribe(self._say_when_closed)

    def identify(self, request: HttpRequest, service: str, payload: bytes) -> Caller:
        """Who sends the request. `payload` is its whole body, but for S3, which signs what the head says of it.

        Raises AwsError for a signature that is not whole, not somebody's, or not of this time.
        """
        if self.is_open:
            return Caller(self._anonymous if _is_of_another_site(request.headers) else self._root)
        signature = read_signature(request, service)
        if signature is None:
            return Caller(self._anonymous)
        found = self._find(signature.access_key_id)
        if found is None:
            raise signature_errors.unknown_key(service, signature.access_key_id)
        principal, secret = found
        if isinstance(signature, SignatureV4) and signature.token:
            raise signature_errors.unknown_token(service)
        bucket = bucket_of_host(request.headers.get("host", ""), self._endpoint_hosts)
        chunks = verify(
            signature,
            request,
            secret=secret,
            service=service,
            payload=payload,
            bucket=bucket,
            now=self._clock.wall(),
        )
        return Caller(principal, chunks)

    def _find(self, key_id: str) -> tuple[Principal, str] | None:
        """The owner of an active key, and its secret."""
        if key_id == self._root_key.id:
            return self._root, self._root_key.secret
        users = self._worlds.current.users
        if users is not self._indexed:
            self._by_key = {key.id: (user, key) for user in users.values() for key in user.access_keys}
            self._indexed = users
        user, key = self._by_key.get(key_id, (None, None))
        if user is None or key is None or not key.is_active:
            return None
        return Principal(PrincipalKind.USER, self._root.account_id, user), key.secret

    def _say_when_closed(self, world: World, changes: Sequence[Change]) -> None:
        if world.has_had_access_keys and self._may_be_open:
            self._may_be_open = False
            _log.warning(
                "the API is closed: from now on, every call needs the credentials of a user or of root"
            )


def _is_of_another_site(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that the page of another site asks (Fetch Metadata; RFC 6454 section 7).

    Or would, if the site had not given its own name this machine's address: to the browser they are then one site.
    """
    if not is_local(headers.get("host", "")):
        return True
    if headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")

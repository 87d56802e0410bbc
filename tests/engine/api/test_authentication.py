"""Who a request's sender is found to be, row by row, and the root key."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.configloader import raw_config_parse
from hypothesis import given, settings
from hypothesis import strategies as st

from stillup.engine.api.authentication import Authentication
from stillup.engine.api.root_key import FILE, RootKey, RootKeyUnusable, root_key
from stillup.rules.changes import UserPut
from stillup.rules.iam.identity import AccessKey, PrincipalKind, User
from stillup.rules.ids import Arn
from stillup.wire.aws.interpret import render_error
from stillup.wire.aws.messages import AwsError, HttpRequest
from tests.fakes import FakeClock, FakeDie, FakeWorlds
from tests.wire.aws.signers import KEY_ID, SECRET, signed

ALICE = User("alice", "AIDAALICE", Arn("arn:aws:iam::123456789012:user/alice"), 0.0)
KEY = AccessKey(KEY_ID, SECRET, 0.0)
MADE = RootKey("AKIAROOT", "root/secret")
NOBODY = HttpRequest("GET", "/", "", {"host": "127.0.0.1:4566"})


class WallClock(FakeClock):
    """Engine time and the wall's differ."""

    def __init__(self, wall: float) -> None:
        super().__init__()
        self._wall = wall

    def wall(self) -> float:
        return self._wall


def door(
    *users: User, root: RootKey = MADE, is_on_loopback: bool = True, wall: float = 0.0
) -> Authentication:
    worlds = FakeWorlds()
    for user in users:
        worlds.current = replace(
            worlds.current,
            users={**worlds.current.users, user.name: user},
            has_had_access_keys=worlds.current.has_had_access_keys or bool(user.access_keys),
        )
    return Authentication(
        worlds, WallClock(wall), account_id="123456789012", root_key=root, is_on_loopback=is_on_loopback
    )


def now() -> float:
    """The moment at which botocore signs."""
    return time.time()


def refusal(door: Authentication, request: HttpRequest, service: str = "iam") -> AwsError:
    with pytest.raises(AwsError) as caught:
        door.identify(request, service, b"")
    return caught.value


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, PrincipalKind.ROOT),
        ({"authorization": "garbage"}, PrincipalKind.ROOT),
        (signed("iam").headers, PrincipalKind.ROOT),
        ({"sec-fetch-site": "none"}, PrincipalKind.ROOT),
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:4566"}, PrincipalKind.ROOT),
        ({"origin": "https://elsewhere.example"}, PrincipalKind.ANONYMOUS),
        ({"origin": "null"}, PrincipalKind.ANONYMOUS),
        ({"sec-fetch-site": "cross-site"}, PrincipalKind.ANONYMOUS),
        ({"host": "rebound.example:4566"}, PrincipalKind.ANONYMOUS),
        ({"host": "rebound.example:4566", "origin": "http://rebound.example:4566"}, PrincipalKind.ANONYMOUS),
        ({"host": "localhost.rebound.example"}, PrincipalKind.ANONYMOUS),
        ({"host": "[::1]:4566"}, PrincipalKind.ROOT),
        ({"host": "bucket.s3.localhost:4566"}, PrincipalKind.ROOT),
        ({"host": "bucket.s3.amazonaws.com"}, PrincipalKind.ROOT),
    ],
)
def test_while_the_api_is_open_everybody_but_a_page_of_another_site_is_root(
    headers: dict[str, str], kind: PrincipalKind
) -> None:
    request = replace(NOBODY, headers={**NOBODY.headers, **headers})
    assert door(ALICE).identify(request, "iam", b"").principal.kind is kind


@pytest.mark.parametrize(
    ("closed", "why"),
    [
        (door(replace(ALICE, access_keys=(KEY,))), "there is an access key"),
        (door(root=RootKey("AKIAROOT", "root/secret", is_given=True)), "the root key was given"),
        (door(is_on_loopback=False), "others can reach it"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_closed_api_knows_nobody_without_credentials(closed: Authentication, why: str) -> None:
    assert not closed.is_open
    assert closed.identify(NOBODY, "s3", b"").principal.kind is PrincipalKind.ANONYMOUS
    assert (
        refusal(closed, replace(NOBODY, headers={"authorization": "garbage"})).code == "IncompleteSignature"
    )


def test_whoever_signs_is_the_owner_of_the_key() -> None:
    alice = replace(ALICE, access_keys=(KEY,))
    caller = door(alice, wall=now()).identify(signed("iam"), "iam", b"")
    assert caller.principal.user == alice
    root = RootKey(KEY_ID, SECRET, is_given=True)
    assert (
        door(root=root, wall=now()).identify(signed("iam"), "iam", b"").principal.kind is PrincipalKind.ROOT
    )


def test_skew_is_measured_on_the_wall_whatever_engine_time_is() -> None:
    alice = replace(ALICE, access_keys=(KEY,))
    assert refusal(door(alice, wall=now() + 1000), signed("s3"), "s3").code == "RequestTimeTooSkewed"


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("s3", "InvalidAccessKeyId", 403),
        ("iam", "InvalidClientTokenId", 403),
        ("route53", "InvalidClientTokenId", 403),
        ("ec2", "AuthFailure", 401),
    ],
)
def test_keys_that_nobody_has_or_that_are_switched_off_are_unknown(
    service: str, code: str, status: int
) -> None:
    off = replace(ALICE, access_keys=(replace(KEY, is_active=False),))
    others = replace(ALICE, access_keys=(replace(KEY, id="AKIDOTHER"),))
    for user in (off, others):
        error = refusal(door(user, wall=now()), signed(service), service)
        assert (error.code, error.status) == (code, status)


def test_keys_are_looked_up_in_the_newest_world() -> None:
    worlds = FakeWorlds()
    worlds.current = replace(worlds.current, has_had_access_keys=True)
    subject = Authentication(
        worlds, WallClock(now()), account_id="123456789012", root_key=MADE, is_on_loopback=True
    )
    assert refusal(subject, signed("iam")).code == "InvalidClientTokenId"
    worlds.current = replace(worlds.current, users={"alice": replace(ALICE, access_keys=(KEY,))})
    assert subject.identify(signed("iam"), "iam", b"").principal.kind is PrincipalKind.USER
    worlds.current = replace(worlds.current, users={})
    assert refusal(subject, signed("iam")).code == "InvalidClientTokenId"


def test_there_are_no_temporary_keys() -> None:
    subject = door(replace(ALICE, access_keys=(KEY,)), wall=now())
    request = signed("s3", headers={"x-amz-security-token": "token"})
    assert refusal(subject, request, "s3").code == "InvalidToken"
    assert (
        refusal(subject, signed("iam", headers={"x-amz-security-token": "t"})).code == "InvalidClientTokenId"
    )


def test_s3_must_be_told_what_was_signed_of_the_payload() -> None:
    subject = door(replace(ALICE, access_keys=(KEY,)), wall=now())
    request = signed("s3")
    headers = {name: value for name, value in request.headers.items() if name != "x-amz-content-sha256"}
    error = refusal(subject, replace(request, headers=headers), "s3")
    assert (error.code, error.status) == ("InvalidRequest", 400)


@pytest.mark.parametrize(
    ("headers", "query", "service", "code"),
    [
        ({"authorization": "AWS4-HMAC-SHA256 x"}, "X-Amz-Signature=1", "s3", "InvalidArgument"),
        ({"authorization": "AWS4-HMAC-SHA256 x"}, "X-Amz-Signature=1", "iam", "IncompleteSignature"),
        ({"authorization": "AWS4-ECDSA-P256-SHA256 x"}, "", "s3", "InvalidRequest"),
        ({"authorization": "AWS4-ECDSA-P256-SHA256 x"}, "", "iam", "IncompleteSignature"),
        ({}, "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256", "iam", "IncompleteSignature"),
        ({"authorization": "AWS key:c2ln"}, "", "iam", "IncompleteSignature"),
        ({}, "AWSAccessKeyId=a&Signature=b&Expires=1", "sts", "IncompleteSignature"),
        ({}, "AWSAccessKeyId=a&Signature=b", "s3", "AccessDenied"),
        ({"authorization": "Bearer hunter2"}, "", "s3", "InvalidArgument"),
        ({"authorization": ""}, "", "s3", "InvalidArgument"),
    ],
)
def test_what_is_no_signature_of_ours_is_refused(
    headers: dict[str, str], query: str, service: str, code: str
) -> None:
    error = refusal(door(is_on_loopback=False), replace(NOBODY, headers=headers, query=query), service)
    assert error.code == code
    assert "hunter2" not in f"{error} {error.members}"


_OCTETS = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
_FRAGMENTS = st.sampled_from(
    [
        "AWS4-HMAC-SHA256 ",
        "AWS ",
        f"Credential={KEY_ID}/20260101/us-east-1/s3/aws4_request, ",
        "SignedHeaders=host, ",
        "Signature=00",
        "X-Amz-Signature=",
        "&X-Amz-Credential=",
        "AWSAccessKeyId=",
        "&Expires=1&Signature=%FF",
        "%",
        "=",
    ]
)
_GARBAGE = st.lists(st.one_of(_FRAGMENTS, _OCTETS), min_size=1, max_size=6).map("".join)


@pytest.mark.slow
@settings(max_examples=50)
@given(_GARBAGE, _GARBAGE, _GARBAGE, st.sampled_from(["s3", "ec2", "iam", "route53", "cloudwatch"]))
def test_garbage_is_nobody_or_refused(header: str, query: str, path: str, service: str) -> None:
    subject = door(replace(ALICE, access_keys=(KEY,)), wall=1.8e9)
    headers = {"host": "h", "x-amz-date": "20260101T000000Z", "x-amz-content-sha256": header}
    for given_headers in ({**headers, "authorization": header}, headers):
        request = HttpRequest("GET", path, query, given_headers)
        try:
            caller = subject.identify(request, service, b"")
        except AwsError as refused:
            assert render_error(service, refused, request, "id").status in (400, 401, 403)
        else:
            assert caller.principal.kind is PrincipalKind.ANONYMOUS


async def test_the_log_says_that_the_api_is_open_and_when_that_ends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    worlds = FakeWorlds()
    subject = Authentication(
        worlds, FakeClock(), account_id="123456789012", root_key=MADE, is_on_loopback=True
    )
    subject.start()
    await worlds.commit(lambda _: UserPut(ALICE))
    assert [record.message[:17] for record in caplog.records] == ["the API is open: "]
    for _ in range(2):
        await worlds.commit(lambda _: UserPut(replace(ALICE, access_keys=(KEY,))))
    assert [record.message[:17] for record in caplog.records[1:]] == ["the API is closed"]
    assert not subject.is_open
    assert SECRET not in caplog.text
    assert MADE.secret not in caplog.text


def test_a_root_key_is_made_once_shown_once_and_kept_for_us_alone(tmp_path: Path) -> None:
    shown: list[tuple[Path, str]] = []
    made = root_key(tmp_path, FakeDie(), given=None, show=lambda *what: shown.append(what))
    again = root_key(tmp_path, FakeDie(), given=None, show=lambda *what: shown.append(what))

    assert again == made
    assert (made.id[:4], len(made.id), len(made.secret), made.is_given) == ("AKIA", 20, 40, False)
    assert shown == [(tmp_path / FILE, (tmp_path / FILE).read_text())]
    assert made.secret in shown[0][1]
    assert made.secret not in repr(made)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_clients_read_the_root_key_as_a_credentials_file_of_aws(tmp_path: Path) -> None:
    made = root_key(tmp_path, FakeDie(), given=None, show=lambda *_: None)
    profile = raw_config_parse(str(tmp_path / FILE))["default"]
    assert profile == {"aws_access_key_id": made.id, "aws_secret_access_key": made.secret}


def test_a_root_key_that_was_given_is_not_kept(tmp_path: Path) -> None:
    chosen = root_key(tmp_path, FakeDie(), given=("AKIAMINE", "chosen-by-me"), show=lambda *_: None)
    assert chosen == RootKey("AKIAMINE", "chosen-by-me", is_given=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rubbish",
        "[default]\n",
        "[other]\naws_access_key_id = a\n",
        "\udcff",
        "[default]\n= x",
        "[default]\naws_access_key_id =\naws_secret_access_key =\n",
        "[default]\naws_access_key_id = AKIAMINE\naws_secret_access_key =\n",
    ],
)
def test_a_file_that_holds_no_root_key_is_told_and_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RootKeyUnusable, match=FILE):
        root_key(tmp_path, FakeDie(), given=None, show=lambda *_: None)
    assert (tmp_path / FILE).read_bytes() == text.encode("utf-8", "surrogateescape")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(RootKeyUnusable):
        root_key(tmp_path / "missing", FakeDie(), given=None, show=lambda *_: None)

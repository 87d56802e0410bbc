"""What the drill's webhook believes, and what it makes of that."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.drill.delivery.inbox import Inbox, state_in
from stillup.drill.delivery.listener import MOST, listening
from stillup.drill.delivery.message import Certificates, NotGenuine, read_message
from stillup.drill.target import CannotDrill
from stillup.engine.notify.links import Links
from stillup.engine.notify.signing import Signer
from stillup.engine.notify.webhook import signed
from stillup.plan.address import Address
from stillup.rules.topics.message import Message, MessageType
from tests.engine.notify.people import TOPIC, confirmation, message, subscription, topic

SECRET = "b1946ac9"
PATH = f"/?drill={SECRET}"
ALARM = json.dumps({"AlarmName": "site", "NewStateValue": "ALARM", "Region": "here"})
MEMBERS = ("Type", "TopicArn", "Message", "SignatureVersion", "Signature", "SigningCertURL")
VALUES = st.sampled_from(["", "1", "2", "Notification", "AAAA", "no base64", 7, None, ["1"]])


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.open(tmp_path_factory.mktemp("data"), now=1_700_000_000.0)


@pytest.fixture
def post(signer: Signer) -> Callable[..., bytes]:
    """What an engine posts."""

    def made(sent: Message, version: str = "2") -> bytes:
        return signed(
            sent,
            subscription("bert", "http", "http://b.example/"),
            topic(attributes={"SignatureVersion": version}),
            signer=signer,
            links=Links("http://console", "http://api", "http://api/signer.pem"),
        ).encode()

    return made


@pytest.fixture
def inbox(signer: Signer) -> Inbox:
    return Inbox([TOPIC], "site", lambda _: signer.certificate, secret=SECRET)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("sent", [message(), message(subject="Grüße"), confirmation()])
def test_what_is_signed_is_believed_and_nothing_that_was_changed(
    signer: Signer, post: Callable[..., bytes], sent: Message, version: str
) -> None:
    body = post(sent, version)

    found = read_message(body, lambda _: signer.certificate)

    assert (found.type, found.topic_arn, found.token) == (sent.type, TOPIC, sent.token)
    told = json.loads(body)
    for key in ("Message", "TopicArn", "Timestamp", "MessageId", "SignatureVersion", "Signature"):
        with pytest.raises(NotGenuine):
            read_message(json.dumps({**told, key: f"{told[key]}9"}).encode(), lambda _: signer.certificate)


@given(
    st.binary() | st.dictionaries(st.sampled_from(MEMBERS), VALUES).map(lambda it: json.dumps(it).encode())
)
def test_whatever_else_is_posted_is_not_believed(body: bytes) -> None:
    with pytest.raises(NotGenuine):
        read_message(body, lambda _: b"no certificate")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/signer.pem",
        "http://sns.eu-west-1.amazonaws.com/signer.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/signer.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/signer.pem",
        "https://bucket.s3.amazonaws.com/signer.pem",
        "https://[/",
        "",
    ],
)
def test_on_aws_only_sns_has_the_certificate(url: str) -> None:
    with pytest.raises(NotGenuine):
        Certificates("https://sns.eu-west-1.amazonaws.com")(url)


def test_the_inbox_keeps_tokens_states_and_farewells(inbox: Inbox, post: Callable[..., bytes]) -> None:
    for sent in (
        confirmation(),
        message(texts={"default": ALARM}),
        confirmation(MessageType.UNSUBSCRIBE_CONFIRMATION),
    ):
        assert inbox.receive(PATH, post(sent)) == HTTPStatus.OK

    assert inbox.await_token(TOPIC, within=0) == confirmation().token
    assert inbox.await_farewells([TOPIC], within=0)
    assert inbox.states.get_nowait() == "ALARM"
    assert inbox.states.empty()


def test_what_is_not_meant_for_the_inbox_changes_nothing(
    signer: Signer, inbox: Inbox, post: Callable[..., bytes]
) -> None:
    elsewhere = Inbox(["arn:aws:sns:x:1:y"], "site", lambda _: signer.certificate, secret=SECRET)

    assert inbox.receive("/", post(confirmation())) == HTTPStatus.NOT_FOUND
    assert inbox.receive(PATH, b"{}") == HTTPStatus.FORBIDDEN
    assert elsewhere.receive(PATH, post(confirmation())) == HTTPStatus.FORBIDDEN
    assert inbox.await_token(TOPIC, within=0) is None
    assert "no message of SNS" in inbox.refused
    assert TOPIC in elsewhere.refused


def test_a_certificate_that_cannot_be_had_now_is_asked_for_again(post: Callable[..., bytes]) -> None:
    def unreachable(_: str) -> bytes:
        raise ConnectionRefusedError

    inbox = Inbox([TOPIC], "site", unreachable, secret=SECRET)

    assert inbox.receive(PATH, post(message())) == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (ALARM, "ALARM"),
        (ALARM.replace("ALARM", "OK"), "OK"),
        (ALARM.replace("site", "another"), None),
        (ALARM.replace('"ALARM"', "7"), None),
        ("The heartbeat is well", None),
        ("[" * 100_000, None),
        ("[]", None),
    ],
)
def test_only_what_the_alarm_says_is_a_state(text: str, state: str | None) -> None:
    assert state_in(text, "site") == state


def test_the_listener_takes_posts_of_a_bounded_size_while_it_lasts() -> None:
    took: list[tuple[str, bytes]] = []

    def receive(path: str, body: bytes) -> HTTPStatus:
        took.append((path, body))
        return HTTPStatus.OK

    def ask(at: Address, method: str, **headers: str) -> int:
        connection = http.client.HTTPConnection(at.host, at.port, timeout=5)
        try:
            connection.putrequest(method, "/x")
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(b"body" if headers.get("Content_Length") == "4" else None)
            return connection.getresponse().status
        finally:
            connection.close()

    with listening(Address("127.0.0.1", 0), receive) as at:
        assert ask(at, "POST", Content_Length="4") == HTTPStatus.OK
        assert ask(at, "POST") == HTTPStatus.LENGTH_REQUIRED
        assert ask(at, "POST", Content_Length=str(MOST + 1)) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert ask(at, "GET") == HTTPStatus.NOT_IMPLEMENTED
        with pytest.raises(CannotDrill, match="nobody can listen there"), listening(at, receive):
            pass
    assert took == [("/x", b"body")]
    with pytest.raises(ConnectionRefusedError):
        ask(at, "GET")

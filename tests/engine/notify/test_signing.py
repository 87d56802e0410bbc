"""The signature, as somebody else's code checks it, and the certificate at the API's listener."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from aws_sns_verifier import validate_sns_signature
from aws_sns_verifier import validator as aws_sns_verifier
from starlette.applications import Starlette

from stillup.engine.notify.certificate import serving
from stillup.engine.notify.links import Links
from stillup.engine.notify.signing import FILE, Signer
from stillup.engine.notify.webhook import signed
from stillup.rules.topics.message import Message, MessageType
from tests.engine.notify.people import confirmation, message, subscription, topic

NOW = 1_700_000_000.0


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.open(tmp_path_factory.mktemp("data"), now=NOW)


@pytest.fixture(scope="module")
def certificate_url(signer: Signer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(signer.certificate)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize(
    "sent",
    [
        message(subject="Grüße"),
        message(texts={"default": "two\nlines"}),
        confirmation(),
        confirmation(MessageType.UNSUBSCRIBE_CONFIRMATION),
    ],
    ids=["with subject", "without", "confirm", "farewell"],
)
def test_a_validator_for_sns_accepts_what_is_signed_and_nothing_else(
    sent: Message, version: str, signer: Signer, certificate_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one thing that it takes from nobody else than AWS is where the certificate comes from.
    monkeypatch.setattr(aws_sns_verifier, "_DEFAULT_CERTIFICATE_URL_REGEX", "^http://127.0.0.1:")
    links = Links("http://console", "http://api", certificate_url + signer.path)
    text = signed(
        sent,
        subscription("bert", "http", "http://b.example/"),
        topic(attributes={"SignatureVersion": version}),
        signer=signer,
        links=links,
    )
    made = {"Subject": ""} | json.loads(text)  # it insists on one
    assert made["SignatureVersion"] == version
    validate_sns_signature(made, auto_confirm_subscription=False)
    for key in ("Message", "Timestamp", "TopicArn"):
        with pytest.raises(Exception, match="Invalid signature"):
            validate_sns_signature({**made, key: made[key] + "."}, auto_confirm_subscription=False)


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = Signer.open(tmp_path, now=NOW)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE]
    again = Signer.open(tmp_path, now=NOW + 1)
    assert (again.path, again.certificate) == (first.path, first.certificate)
    (tmp_path / FILE).write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"."):
        Signer.open(tmp_path, now=NOW)


async def test_the_certificate_is_for_everybody_and_the_rest_is_the_applications(signer: Signer) -> None:
    application = serving(signer.certificate, signer.path, Starlette())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=application), base_url="http://api"
    ) as client:
        answer = await client.get(signer.path)
        assert (answer.status_code, answer.content) == (200, signer.certificate)
        assert b"PRIVATE" not in answer.content
        assert (await client.head(signer.path)).status_code == 200
        assert (await client.post(signer.path)).status_code == 404
        assert (await client.get("/other.pem")).status_code == 404

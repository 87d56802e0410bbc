"""All of notifications, from a change to a file."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from stillup.engine.clock import SystemDie
from stillup.engine.notify.duty import Notifications, NotifySettings
from stillup.engine.notify.signing import Signer
from stillup.engine.store import open_store
from stillup.rules.changes import MessagesPublished, SubscriptionPut, TopicPut
from tests.engine.notify.peers import answering, serving
from tests.engine.notify.people import NOW, alarm, subscription, topic, until
from tests.fakes import FakeClock, FakeDie


async def test_without_a_mail_server_a_mail_is_a_file_and_everything_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(tmp_path, SystemDie())
    clock = FakeClock(NOW)
    notifications = Notifications(
        NotifySettings(
            console_url="http://127.0.0.1:8053",
            api_url="http://127.0.0.1:4566/",
            mail_from="stillup@localhost",
            mail_directory=tmp_path / "mail",
        ),
        worlds=store.worlds,
        clock=clock,
        die=FakeDie(),
        outbox=store.outbox,
        signer=Signer.open(tmp_path, now=NOW),
        permits=lambda address: address == "127.0.0.1",
        well=lambda: None,
    )
    notifications.start()
    seen: list[tuple[str, bytes]] = []
    async with serving(answering("200 OK", seen=seen)) as port:
        hook = subscription("bert", "http", f"http://localhost:{port}/")
        for change in (TopicPut(topic()), SubscriptionPut(subscription()), SubscriptionPut(hook)):
            await store.worlds.commit(lambda _, made=change: made)
        await store.worlds.commit(lambda _: MessagesPublished((alarm(),)))
        await until(lambda: all(store.outbox.of(each.arn).delivered == 1 for each in (subscription(), hook)))
    (file,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == alarm().subject
    assert b'"SigningCertURL" : "http://127.0.0.1:4566/SimpleNotificationService-' in seen[0][1]
    figures = {each.name: each.value for each in notifications.figures()}
    assert figures["stillup_mail_is_kept_as_files"] == 1
    assert figures["stillup_outbox_pending"] == 0
    assert "NO MAIL IS SENT" in caplog.text
    await notifications.close()
    await store.close()

"""Endpoints of every bad kind on one topic, over real sockets, and a good one among them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import trustme

from stillup.engine.clock import SystemDie
from stillup.engine.notify.links import Links
from stillup.engine.notify.mail import Mailer
from stillup.engine.notify.mail_files import MailFiles
from stillup.engine.notify.notifier import Notifier
from stillup.engine.notify.signing import Signer
from stillup.engine.notify.web import WebClient
from stillup.engine.notify.webhook import Webhooks
from stillup.engine.store import open_store
from stillup.rules.changes import MessagesPublished
from tests.engine.notify.peers import answering, deaf, hanging, saying, server_context, serving
from tests.engine.notify.people import message, subscription, until, world
from tests.fakes import FakeClock, FakeDie, FakeWorlds

OF_EACH = 10


@pytest.mark.slow
async def test_no_delivery_waits_for_a_webhook_that_is_down_slow_or_mad(tmp_path: Path) -> None:
    async def resolve(name: str) -> Sequence[str]:
        return [name]

    client = WebClient(resolve=resolve, permits=lambda _: True)
    signer = Signer.open(tmp_path, now=0.0)
    links = Links("http://console", "http://api", "http://api/cert.pem")
    store = open_store(tmp_path, SystemDie())
    seen: list[tuple[str, bytes]] = []
    scripts = {
        "slow": hanging,
        "deaf": deaf,
        "500": answering("500 Oops"),
        "302": answering("302 Found"),
        "garbage": saying(b"\x16\x03\x01 garbage \xff" * 100),
        "good": answering("200 OK", seen=seen),
    }
    async with AsyncExitStack() as stack:
        ports = {name: await stack.enter_async_context(serving(script)) for name, script in scripts.items()}
        stranger = await stack.enter_async_context(
            serving(answering("200 OK"), server_context(trustme.CA(), "127.0.0.1"))
        )
        async with serving(hanging) as down:
            pass
        endpoints = {
            **{name: f"http://127.0.0.1:{port}/" for name, port in ports.items()},
            "down": f"http://127.0.0.1:{down}/",
            "stuck in the handshake": f"https://127.0.0.1:{ports['slow']}/",
            "a stranger": f"https://127.0.0.1:{stranger}/",
        }
        subscribers = [
            subscription(f"{name}-{number}", endpoint.partition(":")[0], endpoint + str(number))
            for name, endpoint in endpoints.items()
            for number in range(OF_EACH)
        ]
        worlds = FakeWorlds(world(*subscribers, subscription()))
        notifier = Notifier(
            worlds=worlds,
            clock=FakeClock(),
            die=FakeDie(),
            outbox=store.outbox,
            mailer=Mailer(
                post=MailFiles(tmp_path / "mail"), sender="a@b.example", signer=signer, links=links
            ),
            webhooks=Webhooks(client=client, signer=signer, links=links),
        )
        await store.worlds.commit(lambda _: MessagesPublished((message(),)))
        notifier.start()
        # All that ends, has ended, while the slow and the deaf still have their time.
        ending = {"500", "302", "garbage", "good", "down", "a stranger"}
        await until(lambda: store.outbox.counts().pending == OF_EACH * (len(endpoints) - len(ending)))
    assert len(seen) == OF_EACH
    assert len(list((tmp_path / "mail").iterdir())) == 1
    assert store.outbox.counts().dead == OF_EACH * (len(ending) - 1)
    await notifier.close()
    await store.close()

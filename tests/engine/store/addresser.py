"""Addresses one message to ten thousand and delivers it, to be killed: `python -m tests.engine.store.addresser DIR`.

The ids that were delivered are lines of DIR/delivered; a line of standard output says that there was progress.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from stillup.engine.clock import SystemDie
from stillup.engine.ports import Among, Attempted, DeliveryResult
from stillup.engine.store import open_store
from stillup.rules.changes import MessagesPublished, SubscriptionPut
from stillup.rules.ids import Arn, MessageId
from stillup.rules.topics.message import Message, MessageType
from stillup.rules.topics.topic import DeliveryProtocol, Subscription

MANY = 10_000
TOPIC = Arn("arn:aws:sns:us-east-1:123456789012:alerts")
MESSAGE = Message(MessageId("m1"), TOPIC, MessageType.NOTIFICATION, {"default": "down"}, 100.0)


def subscriber(topic: Arn, arn: Arn) -> SubscriptionPut:
    """Somebody who gets mails."""
    return SubscriptionPut(
        Subscription(
            arn, topic, DeliveryProtocol.EMAIL, "a@example.com", "1", 0.0, "token", 0.0, is_confirmed=True
        )
    )


async def address_and_deliver(directory: Path) -> None:
    """What the notifier does, without its care for anything but the order."""
    store = open_store(directory, SystemDie())
    if store.worlds.current.sequence == 0:
        await store.worlds.commit(lambda _: MessagesPublished((MESSAGE,)))
    print("open", flush=True)
    outbox = store.outbox
    for message in await outbox.unaddressed(limit=1):
        for start in range(0, MANY, 1_000):
            recipients = [(Arn(f"{TOPIC}:{number}"), "mail") for number in range(start, start + 1_000)]
            await outbox.add_deliveries(message, recipients, due=100.0)
            print("added", flush=True)
        await outbox.addressed(message)
    with (directory / "delivered").open("a") as delivered:
        while batch := await outbox.due(1e9, limit=50, among=Among()):
            delivered.writelines(f"{each.id}\n" for each in batch)
            delivered.flush()
            await outbox.record([DeliveryResult(each, Attempted.DELIVERED, 1.0) for each in batch])
            print("delivered", flush=True)


if __name__ == "__main__":
    asyncio.run(address_and_deliver(Path(sys.argv[1])))

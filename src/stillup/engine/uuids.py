"""UUIDs, as AWS gives them to requests, messages and health checks: random ones (RFC 9562 section 5.4)."""

from __future__ import annotations

from uuid import UUID

from stillup.engine.ports import Die
from stillup.rules.ids import MessageId


def new_uuid(die: Die) -> str:
    """In lower case, with hyphens."""
    return str(UUID(bytes=die.octets(16), version=4))


def new_message_id(die: Die) -> MessageId:
    """The id of a message that nobody has yet."""
    return MessageId(new_uuid(die))

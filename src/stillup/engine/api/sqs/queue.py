"""The one queue of each Region, which always exists: `stillup-dead-letters`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from stillup.engine.api.call import ApiPorts, Call
from stillup.engine.ports import DeadLetter
from stillup.rules.topics.attributes import DEAD_LETTER_QUEUE
from stillup.wire.aws.messages import AwsError

_AT_ONCE: Final = 200
"""Dead letters read in one go."""


def queue_arn(ports: ApiPorts, call: Call) -> str:
    """Of the Region that the call is for."""
    return f"arn:aws:sqs:{call.region}:{ports.settings.account_id}:{DEAD_LETTER_QUEUE}"


def api_url(call: Call) -> str:
    """Where the caller reached the API."""
    scheme = "https" if call.is_secure else "http"
    return f"{scheme}://{call.request.headers.get('host', 'localhost')}"


def queue_url(ports: ApiPorts, call: Call) -> str:
    """The queue's URL, as seen from the caller."""
    return f"{api_url(call)}/{ports.settings.account_id}/{DEAD_LETTER_QUEUE}"


def raise_if_no_queue(call: Call) -> None:
    """Raises AwsError QueueDoesNotExist unless QueueUrl, or a bare name in its place, is the queue's."""
    url = str(call.parameters["QueueUrl"])
    if url.rstrip("/").rpartition("/")[2] != DEAD_LETTER_QUEUE:
        raise no_queue()


def no_queue() -> AwsError:
    """QueueDoesNotExist."""
    return AwsError("QueueDoesNotExist", "The specified queue does not exist.")


async def letters(ports: ApiPorts, call: Call) -> AsyncIterator[DeadLetter]:
    """The dead letters of the Region, in the order of their ids, read as far as they are asked for."""
    after: str | None = None
    while True:
        read = await ports.dead_letters.list(limit=_AT_ONCE, after=after)
        for letter in read:
            if letter.subscription.split(":")[3] == call.region:
                yield letter
        if len(read) < _AT_ONCE:
            return
        after = read[-1].id

"""Having the drill itself told: subscribed while it lasts, and never for longer.

```text
listen ── Subscribe ── on record ── the token arrives, ConfirmSubscription ── … ── Unsubscribe ── the record goes
```

A subscription that was never confirmed ends by itself (SN-3); one that may be is on record before. The record of a
drill that was killed is found at the next start, and the subscription is ended.
"""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from stillup.drill.delivery.inbox import Inbox
from stillup.drill.delivery.listener import listening
from stillup.drill.delivery.message import Certificates
from stillup.drill.interrupts import Interrupts
from stillup.drill.leftovers import Record, RecordFile, leftovers
from stillup.drill.restoring import BRISK, state_file
from stillup.drill.target import CannotDrill, Target
from stillup.plan.address import Address
from stillup.provision.account import Account
from stillup.provision.api_errors import API_ERRORS
from stillup.provision.errors import code_of, explained

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

METHOD: Final = "webhook"
"""What stands in the record where others have their way of breaking."""
CONFIRMED_WITHIN: Final = 30.0
FAREWELL_WITHIN: Final = 3.0
"""Real seconds."""
_OVER: Final = frozenset({"NotFound", "NotFoundException", "InvalidParameter", "InvalidParameterException"})
"""Gone already; or never confirmed, so that it goes by itself."""


@dataclass(frozen=True, slots=True)
class ListenWish:
    """Where the webhook listens, and under which URL SNS reaches it."""

    at: Address
    url: str | None = None
    """None: `http://` and the address."""


def folder_of(state: Path) -> Path:
    """Where subscriptions are on record: apart from what is broken, since these harm nobody."""
    return state / "webhooks"


@contextmanager
def subscribed(
    wish: ListenWish,
    target: Target,
    account: Account,
    state: Path,
    *,
    interrupts: Interrupts,
    tell: Callable[[str], None],
) -> Iterator[Inbox]:
    """Told by the alarm's topics while the block lasts. Raises CannotDrill, ProvisionFailed."""
    if target.alarm is None or not target.topics:
        raise CannotDrill("--listen: the alarm tells no topic that a webhook could subscribe to")
    topics, region = [each.arn or "" for each in target.topics], target.alarm.region
    secret = uuid.uuid4().hex
    sns = account.sns(region)
    inbox = Inbox(topics, target.alarm.name, Certificates(sns.meta.endpoint_url), secret=secret)
    with listening(wish.at, inbox.receive) as address:
        url = _with_secret(wish.url or f"http://{address}/", secret)
        file, is_confirmed = None, False
        try:
            with explained("subscribing the drill's webhook"):
                with interrupts.shielded():
                    record = _record(target, account, region, _subscribe(sns, topics, url))
                    file = state_file(folder_of(state), record)()
                _confirm(account, inbox, topics, url, region=region)
            is_confirmed = True
            tell(f"the drill is itself told by the alarm, at {url}")
            yield inbox
        finally:
            with interrupts.shielded():
                is_over = file is not None and _end(account, file, tell)
                if is_over and is_confirmed:  # nobody says farewell to the others
                    inbox.await_farewells(topics, within=FAREWELL_WITHIN)


def end_forgotten(state: Path, tell: Callable[[str], None]) -> None:
    """End the subscriptions of drills that were killed. What cannot be ended now stays on record, and is told.

    Raises ValueError for records that cannot be read.
    """
    for file in leftovers(folder_of(state)):
        record = file.record
        account = Account(record.profile, record.region, record.endpoint_url, BRISK)
        if _end(account, file, tell):
            tell(f"the webhook of a drill of {record.failover} that was killed is not subscribed any more")


def _record(target: Target, account: Account, region: str, subscriptions: list[str]) -> Record:
    return Record(
        failover=target.failover.name,
        method=METHOD,
        profile=account.profile,
        region=region,
        endpoint_url=account.endpoint_url,
        began_at=time.time(),
        pid=os.getpid(),
        host=socket.gethostname(),
        memory={"subscriptions": subscriptions},
    )


def _subscribe(sns: SNSClient, topics: Iterable[str], url: str) -> list[str]:
    """The subscriptions' ARNs; not confirmed yet."""
    scheme = url.partition(":")[0]
    return [
        sns.subscribe(TopicArn=each, Protocol=scheme, Endpoint=url, ReturnSubscriptionArn=True)[
            "SubscriptionArn"
        ]
        for each in topics
    ]


def _end(account: Account, file: RecordFile, tell: Callable[[str], None]) -> bool:
    """Whether none of them is left; then the record is gone too."""
    arns = file.record.memory.get("subscriptions")
    for arn in arns if isinstance(arns, list) else []:
        try:
            account.sns(file.record.region).unsubscribe(SubscriptionArn=arn)
        except API_ERRORS as why:
            if isinstance(why, ClientError) and code_of(why) in _OVER:
                continue
            file.release()
            tell(f"the drill's webhook is still subscribed ({arn}), the next drill ends that: {why}")
            return False
    file.remove()
    return True


def _confirm(account: Account, inbox: Inbox, topics: Iterable[str], url: str, *, region: str) -> None:
    """As SubscribeURL does it, without credentials; but at the endpoint that is known, whoever posted the message."""
    anonymous = account.patience.merge(Config(signature_version=UNSIGNED))
    sns = account.session.client(
        "sns", region_name=region, endpoint_url=account.endpoint_url, config=anonymous
    )
    for topic in topics:
        token = inbox.await_token(topic, within=CONFIRMED_WITHIN)
        if token is None:
            because = f"; what came was not believed: {inbox.refused}" if inbox.refused else ""
            raise CannotDrill(
                f"--listen: SNS's request to confirm was not there within {CONFIRMED_WITHIN:.0f} s{because}."
                f" Does {url} lead here from where SNS is? --listen-url says how SNS reaches --listen"
            )
        sns.confirm_subscription(TopicArn=topic, Token=token)


def _with_secret(url: str, secret: str) -> str:
    """In the query, which every proxy passes on: nobody else subscribes that URL, and nobody guesses it."""
    return f"{url}{'&' if '?' in url else '?'}drill={secret}"

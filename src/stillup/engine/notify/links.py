"""The links in messages: to the console's pages for people, to the API for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from stillup.rules.ids import Arn
from stillup.rules.topics.topic import Subscription

CONFIRM: Final = "/confirm-subscription"
UNSUBSCRIBE: Final = "/unsubscribe"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the console and the API are, as seen by those who get messages."""

    console_url: str
    api_url: str
    signing_cert_url: str

    def confirm_page(self, topic_arn: Arn, token: str) -> str:
        """Opening it does nothing; its button confirms, or brings back."""
        return self._page(CONFIRM, {"topic": topic_arn, "token": token})

    def unsubscribe_page(self, subscription: Subscription) -> str | None:
        """Opening it does nothing; its button ends the subscription. None: that takes credentials (SN-4)."""
        if subscription.needs_authentication_to_unsubscribe:
            return None
        return self._page(UNSUBSCRIBE, {"subscription": subscription.arn, "token": subscription.token})

    def _page(self, path: str, query: dict[str, str]) -> str:
        return f"{self.console_url.rstrip('/')}{path}?{urlencode(query, safe=':')}"

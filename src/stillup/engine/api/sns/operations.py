"""Every SNS operation that the engine knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stillup.engine.api.call import Operation
from stillup.engine.api.sns.publish import PUBLISH_OPERATIONS
from stillup.engine.api.sns.subscriptions import SUBSCRIPTION_OPERATIONS
from stillup.engine.api.sns.tags import TAG_OPERATIONS
from stillup.engine.api.sns.topics import TOPIC_OPERATIONS

SNS_OPERATIONS: Final[Mapping[str, Operation]] = {
    **TOPIC_OPERATIONS,
    **SUBSCRIPTION_OPERATIONS,
    **PUBLISH_OPERATIONS,
    **TAG_OPERATIONS,
}

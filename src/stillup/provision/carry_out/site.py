"""Where one failover's steps are carried out, and what is learnt on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stillup.plan.references import is_reference, resolve
from stillup.plan.setup import Setup, Topic
from stillup.provision.account import Account
from stillup.provision.errors import AGAIN, ProvisionFailed


@dataclass(frozen=True, slots=True)
class Ground:
    """What the plan of one failover was made from: what is asked for, what was there, and the files' contents by key."""

    desired: Setup
    actual: Setup
    contents: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """One failover while its steps are carried out. `ids` are by address, as in references."""

    account: Account
    ground: Ground
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def zone_id(self) -> str:
        """Of the zone that was read."""
        return self.ground.actual.zone.id or ""

    def resolved(self, text: str) -> str:
        """The text with ids in place of references. Raises ProvisionFailed for one that no step has made."""
        known = resolve(text, self.ids)
        if is_reference(known):
            raise ProvisionFailed(f"{known} of {self.ground.actual.name} has no id yet.", AGAIN)
        return known

    def topic(self) -> tuple[str, str]:
        """ARN and Region of the topic that people are subscribed to: the one just made, or that was there."""
        wanted = self.ground.desired.topics[0]
        made = self.ids.get("topic")
        if made is not None:
            return made, wanted.region
        for each in self.ground.actual.topics:
            if each.arn is not None and _is_same(each, wanted):
                return each.arn, each.region
        raise ProvisionFailed(f"The topic {wanted.name} is not there.", AGAIN)


def _is_same(one: Topic, other: Topic) -> bool:
    return (one.name, one.region) == (other.name, other.region)

"""Where one failover's steps are carried out, and what is learnt on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stillup.plan.references import is_reference, reference, resolve
from stillup.plan.setup import Setup
from stillup.provision.account import Account
from stillup.provision.errors import AGAIN, ProvisionFailed
from stillup.provision.folder import File


@dataclass(frozen=True, slots=True)
class Ground:
    """What the plan of one failover was made from: what is asked for, what was there, and the files by key."""

    desired: Setup
    actual: Setup
    files: Mapping[str, File] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """One failover while its steps are carried out."""

    account: Account
    ground: Ground
    ids: dict[str, str] = field(default_factory=dict)
    """Of what was made, by address, as in references."""
    topics: dict[tuple[str, str], str] = field(default_factory=dict)
    """ARNs of the topics that were made, by name and Region; failovers may share one."""

    @property
    def zone_id(self) -> str:
        """Of the zone that was read."""
        return self.ground.actual.zone.id or ""

    def resolved(self, text: str) -> str:
        """The text with ids in place of references. Raises ProvisionFailed for one that no step has made."""
        known = resolve(text, self.ids)
        if known == reference("topic"):
            return self.topic()
        if is_reference(known):
            raise ProvisionFailed(f"{known} of {self.ground.actual.name} has no id yet.", AGAIN)
        return known

    def topic(self) -> str:
        """ARN of the topic that people are subscribed to: one just made, or that was there. Raises ProvisionFailed."""
        (wanted,) = self.ground.desired.topics
        there = {each.place: each.arn for each in self.ground.actual.topics}
        arn = self.topics.get(wanted.place) or there.get(wanted.place)
        if arn is None:
            raise ProvisionFailed(f"The topic {wanted.name} is not there.", AGAIN)
        return arn

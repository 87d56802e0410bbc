"""What only a person can do after a plan was carried out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stillup.plan.setup import Zone
from stillup.provision.carry_out import Ground


def what_next(grounds: Iterable[Ground], *, is_first: bool) -> tuple[str, ...]:
    """Sentences, each once. `is_first` where records were made: then the delegation is worth a look."""
    return tuple(dict.fromkeys(_sentences(grounds, is_first=is_first)))


def _sentences(grounds: Iterable[Ground], *, is_first: bool) -> Iterator[str]:
    for ground in grounds:
        for endpoint in _unconfirmed(ground):
            yield (
                f"{endpoint} has been asked for consent, and is told nothing before it is given: "
                "open the link in the message within two days."
            )
        zone = ground.actual.zone
        if is_first and zone.name_servers and not zone.is_private:
            yield _delegation(zone)


def _unconfirmed(ground: Ground) -> Iterator[str]:
    """Those of the plan whose subscription was not confirmed when it was read."""
    for wanted in ground.desired.topics:
        confirmed = {
            each.endpoint.lower()
            for found in ground.actual.topics
            if found.place == wanted.place
            for each in found.subscriptions
            if each.is_confirmed
        }
        if wanted.is_kept:
            yield from (
                each.endpoint for each in wanted.subscriptions if each.endpoint.lower() not in confirmed
            )


def _delegation(zone: Zone) -> str:
    return f"The registrar of {zone.name} must name these servers: {', '.join(zone.name_servers)}."

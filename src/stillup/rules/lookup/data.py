"""The data of a name and type: a choice from its record sets, and from those that aliases lead to.

Where chance decides, and aliases lead on from what it may pick, the choices make a tree whose ends may meet:

    www ──1/4──▶ values                       each end's share is the product of the shares on the way to it,
     └───3/4──▶ alias ──▶ fleet ──1/2──▶ values   added up over all ways, so that a query needs one throw
                            └────1/2──▶ values    of the die, however deep the tree is
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from math import gcd, lcm
from typing import Final, NamedTuple, TypeAlias

from stillup.rules.lookup.view import View
from stillup.rules.names import DomainName
from stillup.rules.records import AliasTarget, RecordSet, RecordType
from stillup.rules.resolution import Reason, RRset
from stillup.rules.routing import Choice
from stillup.rules.zones.s3_endpoints import website_endpoint

ROTATIONS: Final = 8
"""In how many orders the values of one record set are served at most. Each of up to eight values leads as often
as any other; of more, only which one leads is less than random, for all of them are in every answer."""
DRAWS: Final = 100
"""How many draws orders of values may make where chance also decides between record sets. Beyond that, each
record set is served in one order: which of them answers matters more."""


class Draw(NamedTuple):
    """One list of RDATA, with its TTL."""

    ttl: int
    rdata: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """`draws` are equally right, and picked by `weights`, or, where there are none, equally often; no draw means
    that there is nothing."""

    draws: tuple[Draw, ...] = ()
    weights: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def as_rrsets(self, name: DomainName, record_type: RecordType) -> tuple[RRset, ...]:
        """Each draw, owned by this name (AL-2: an alias answers under the name that was asked for)."""
        return tuple(RRset(name, record_type.code, draw.ttl, draw.rdata) for draw in self.draws)


_End: TypeAlias = tuple[RecordSet, ...]
"""Record sets that answer together."""
_WHOLE: Final = Fraction(1)
_NOTHING: Final = Fraction(0)
_Choices: TypeAlias = dict[DomainName, Choice]


def data_of(view: View, name: DomainName, record_type: RecordType) -> Data:
    """The data that a name itself owns, following its aliases.

    | the name and type                     | data                                      |
    |---------------------------------------|-------------------------------------------|
    | are not in the zone                   | nothing                                   |
    | are chosen to be values               | those values, with their TTL              |
    | are chosen to be an alias, in the zone| the data of its target, this table again  |
    | … somewhere behind which is a circle  | nothing: a circle has no values           |
    | … to an S3 website endpoint           | the site's addresses, with their TTL      |
    | … to anything else outside the zone   | nothing: this engine does not hold it     |
    | are left to chance, between several   | the data of each that has any             |
    """
    choices = _choices_from(view, name, record_type)
    reasons = tuple(choice.reason for choice in choices.values())
    ends = _ends(view, name, choices)
    if len(ends) == 1:
        return Data(_draws(view, ends[0][0], record_type, ROTATIONS), reasons=reasons)
    rotations = max(1, min(ROTATIONS, DRAWS // max(1, len(ends))))
    shares: dict[Draw, Fraction] = {}
    for end, share in ends:
        draws = _draws(view, end, record_type, rotations)
        for draw in draws:
            shares[draw] = shares.get(draw, _NOTHING) + share / len(draws)
    return Data(tuple(shares), _as_weights(tuple(shares.values())), reasons)


def _choices_from(view: View, name: DomainName, record_type: RecordType) -> _Choices:
    """The choice at this name and at each that aliases may lead to from there, nearest first."""
    choices: _Choices = {}
    to_visit = [name]
    for owner in to_visit:
        if owner not in choices and (group := view.group(owner, record_type)):
            choices[owner] = choice = view.choose(group)
            to_visit.extend(_targets(view, choice))
    return choices


def _ends(view: View, name: DomainName, choices: _Choices) -> list[tuple[_End, Fraction]]:
    """The ends of the tree, and how often each is reached; none if the tree has a circle."""
    if all(len(choice.draws) == 1 for choice in choices.values()):  # nothing is left to chance, as is usual
        last = [choice.draws[0] for choice in choices.values()][-1:]
        return [(end, _WHOLE) for end in last if _target(view, end) is None]
    sorter = TopologicalSorter({owner: tuple(_targets(view, choice)) for owner, choice in choices.items()})
    try:
        targets_first = tuple(sorter.static_order())
    except CycleError:
        return []
    arriving = {name: _WHOLE}
    ends: list[tuple[_End, Fraction]] = []
    for owner in reversed(targets_first):
        for end, part in _parts(choices[owner]) if owner in choices else ():
            share = arriving[owner] * part
            target = _target(view, end)
            if target is None:
                ends.append((end, share))
            else:
                arriving[target] = arriving.get(target, _NOTHING) + share
    return ends


def _parts(choice: Choice) -> Iterator[tuple[_End, Fraction]]:
    weights = choice.weights or (1,) * len(choice.draws)
    whole = sum(weights)
    return ((end, Fraction(weight, whole)) for end, weight in zip(choice.draws, weights, strict=True))


def _targets(view: View, choice: Choice) -> Iterator[DomainName]:
    return (target for end in choice.draws if (target := _target(view, end)) is not None)


def _target(view: View, end: _End) -> DomainName | None:
    """Where in the zone an alias leads on to; multivalue, the only policy of several, has none (2.3)."""
    alias = end[0].alias
    return None if alias is None or alias.zone_id != view.zone_id else alias.dns_name


def _draws(view: View, end: _End, record_type: RecordType, rotations: int) -> tuple[Draw, ...]:
    """The data of an end; all records of one answer have one TTL (RFC 2181 §5.2)."""
    alias = end[0].alias
    if alias is not None:
        return _rotations(view.site.ttl, _addresses(view, alias, record_type), rotations)
    ttl = min(record_set.ttl or 0 for record_set in end)
    values = tuple(dict.fromkeys(value.wire for record_set in end for value in record_set.records))
    return _rotations(ttl, values, rotations) if len(end) == 1 else (Draw(ttl, values),)


def _addresses(view: View, alias: AliasTarget, record_type: RecordType) -> tuple[bytes, ...]:
    return () if website_endpoint(alias.dns_name) is None else view.site.rdata(record_type)


def _rotations(ttl: int, values: Sequence[bytes], at_most: int) -> tuple[Draw, ...]:
    """The values in some orders, with other values first each time; no values, no order."""
    stride = max(1, -(-len(values) // at_most))
    return tuple(Draw(ttl, (*values[start:], *values[:start])) for start in range(0, len(values), stride))


def _as_weights(shares: Sequence[Fraction]) -> tuple[int, ...]:
    """The same proportions in the smallest whole numbers; none if all are equal."""
    if len(set(shares)) <= 1:
        return ()
    denominator = lcm(*(share.denominator for share in shares))
    whole = [share.numerator * (denominator // share.denominator) for share in shares]
    divisor = gcd(*whole)
    return tuple(each // divisor for each in whole)

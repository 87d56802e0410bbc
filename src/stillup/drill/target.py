"""What is drilled: one failover as it stands in the account, and where it can be seen from outside."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from stillup.drill.browser import Place
from stillup.drill.sides import Sides
from stillup.plan.address import Address
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.setup import Alarm, Check, Record, Setup, Topic
from stillup.provision.lookup import DNS_PORT, Answer, lookup

PATIENCE: Final = 3.0
"""Seconds for a question to a name server."""


class CannotDrill(Exception):
    """Nothing was broken. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """One failover."""

    failover: Failover
    setup: Setup
    """As the account holds it."""
    rdtype: str
    """`A`, or `AAAA` where the primary has no other addresses."""
    sides: Sides
    check: Check | None
    """The primary's."""
    alarm: Alarm | None
    """The first on that check."""
    authorities: tuple[Address, ...]
    resolvers: tuple[Address, ...]
    place: Place

    def tells(self, *, is_primary: bool) -> bool:
        """Whether the alarm tells anybody that it is over, or that it has gone off."""
        alarm = self.alarm
        return (
            alarm is not None
            and alarm.actions_enabled
            and bool(alarm.ok_actions if is_primary else alarm.alarm_actions)
        )

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Those that the alarm tells of its going off, or of its end. They are in its Region."""
        if self.alarm is None or not self.alarm.actions_enabled:
            return ()
        told = {*self.alarm.alarm_actions, *self.alarm.ok_actions}
        return tuple(each for each in self.setup.topics if each.arn in told)

    def ask(self, *, timeout: float) -> Answer | None:
        """What a visitor learns: of the first resolver, else of the first authoritative server that answers."""
        for server in self.resolvers[:1] or self.authorities:
            answer = lookup(
                server, self.failover.name, self.rdtype, timeout=timeout, recurse=bool(self.resolvers)
            )
            if answer is not None:
                return self._with_addresses(answer)
        return None

    def _with_addresses(self, answer: Answer) -> Answer:
        """A name in another zone is looked up as this machine does it."""
        if answer.addresses or not answer.names:
            return answer
        return Answer(answer.rcode, addresses_of(answer.names[-1], self.rdtype), answer.names, answer.ttl)


def target_of(failover: Failover, where: Where, setup: Setup, *, resolvers: Sequence[Address] = ()) -> Target:
    """Puts it together; asks the authoritative servers where only they know the primary's addresses.

    Raises CannotDrill where the account does not hold what a drill needs.
    """
    primaries = [each for each in setup.records if each.failover == "PRIMARY"]
    if not primaries or not any(each.failover == "SECONDARY" for each in setup.records):
        raise CannotDrill(
            f"{failover.name} has no failover records in this account: `stillup apply` makes them"
        )
    types = {each.type for each in primaries}
    rdtype = "AAAA" if types == {"AAAA"} else "A"
    authorities = _authorities(where, setup)
    check = next((setup.checks.get(each.check) for each in primaries if each.check), None)
    alarms = [each for each in setup.alarms if check and check.id in each.dimensions.values()]
    return Target(
        failover=failover,
        setup=setup,
        rdtype=rdtype,
        sides=Sides(_primary_values(failover.name, primaries, authorities, rdtype)),
        check=check,
        alarm=alarms[0] if alarms else None,
        authorities=authorities,
        resolvers=tuple(resolvers),
        place=_place(failover),
    )


def addresses_of(host: str, rdtype: str = "A") -> tuple[str, ...]:
    """As this machine resolves it."""
    family = socket.AF_INET6 if rdtype == "AAAA" else socket.AF_INET
    try:
        found = socket.getaddrinfo(host, None, family, socket.SOCK_DGRAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def parse_server(text: str) -> Address:
    """`IP` or `IP:PORT`, `[IP6]:PORT`. Raises CannotDrill."""
    try:
        address = Address.parse(text, usual_port=DNS_PORT)
        ip_address(address.host)
    except ValueError:
        raise CannotDrill(f"{text!r} is no server: write IP or IP:PORT") from None
    return address


def _authorities(where: Where, setup: Setup) -> tuple[Address, ...]:
    if where.dns:
        return tuple(parse_server(each) for each in where.dns)
    if where.endpoint_url is not None:
        raise CannotDrill(
            "where.endpoint-url names an engine, and nothing says where its DNS is:"
            " write `dns: [ADDR:PORT]` under `where`"
        )
    found = [Address(each, DNS_PORT) for name in setup.zone.name_servers for each in addresses_of(name)]
    if not found:
        raise CannotDrill(
            f"none of the name servers of {setup.zone.name} ({', '.join(setup.zone.name_servers)}) has an address"
            " here: is there a network?"
        )
    return tuple(found)


def _primary_values(
    name: str, primaries: Sequence[Record], authorities: Sequence[Address], rdtype: str
) -> frozenset[str]:
    values = {value.lower().removesuffix(".") for each in primaries for value in each.values}
    if values:
        return frozenset(values)
    # An alias: its addresses are AWS's affair, so what answers now, while all is well, is taken for the primary.
    answers = [lookup(each, name, rdtype, timeout=PATIENCE) for each in authorities]
    return frozenset(value for each in answers if each is not None for value in each.values)


def _place(failover: Failover) -> Place:
    try:
        return Place.parse(failover.drill.visit or f"http://{failover.name}/")
    except ValueError as wrong:
        raise CannotDrill(f"drill.visit: {wrong}") from None

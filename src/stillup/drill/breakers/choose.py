"""Which way of breaking is meant, for a drill that begins, and for one that left something behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from botocore.config import Config

from stillup.drill.breakers.breaker import Breaker, BreakFailed, Memory, Remember
from stillup.drill.breakers.command import Command
from stillup.drill.breakers.instances import Instances
from stillup.drill.breakers.invert import Invert
from stillup.drill.breakers.proxy import FaultProxy, Mode, Proxy
from stillup.drill.leftovers import Record
from stillup.drill.target import Target
from stillup.plan.address import Address
from stillup.provision.account import Account

METHODS: Final = ("invert", "instances", "command", "proxy")


@dataclass(frozen=True, slots=True)
class ProxyWish:
    """Where the fault proxy listens, where it leads to, and how it is to misbehave."""

    listen: Address | None = None
    to: Address | None = None
    mode: Mode = Mode.REFUSE


def breaker_for(method: str, target: Target, account: Account, proxy: ProxyWish) -> Breaker:
    """The way of breaking, ready; a proxy already passes. Raises BreakFailed, and botocore's errors."""
    match method:
        case "invert":
            if target.check is None or target.check.id is None:
                raise BreakFailed("the primary's record names no health check that could be inverted")
            return Invert.of(account.route53, target.check.id)
        case "instances":
            return Instances.of(account.ec2(), target.failover.primary.instances)
        case "command":
            rehearsal = target.failover.drill
            return Command.of(rehearsal.break_command, rehearsal.restore_command)
        case "proxy":
            if proxy.listen is None or proxy.to is None:
                raise BreakFailed("the proxy needs --proxy-listen ADDR:PORT and --proxy-to ADDR:PORT")
            made = Proxy(FaultProxy(proxy.listen, proxy.to), proxy.mode)
            made.proxy.open()
            return made
        case _:
            raise BreakFailed(f"there is no method {method!r}: choose one of {', '.join(METHODS)}")


def breaker_from(record: Record, patience: Config) -> Breaker:
    """The one that a dead driller used, as far as it is needed to restore. Raises ValueError for a record like none."""
    account = Account(record.profile, record.region, record.endpoint_url, patience)
    try:
        match record.method:
            case "invert":
                return Invert.from_memory(account.route53, record.memory)
            case "instances":
                return Instances.from_memory(account.ec2(), record.memory)
            case "command":
                return Command.from_memory(record.memory)
            case "proxy":
                return _Gone()
    except KeyError as missing:
        raise ValueError(f"the restore record lacks {missing}") from None
    raise ValueError(f"the restore record speaks of a method {record.method!r}, which there is not")


class _Gone:
    """A proxy that ended with its process."""

    method: ClassVar[str] = "proxy"
    what_happens = ""

    def memory(self) -> Memory:
        """Nothing."""
        return {}

    def break_(self, remember: Remember) -> None:
        """Never asked for."""

    def restore(self) -> None:
        """Nothing is left of it."""

    def close(self) -> None:
        """Holds nothing."""

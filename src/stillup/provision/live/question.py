"""What is asked about, and how questions are asked all at once without any of them holding up the rest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, TypeVar
from urllib.parse import urlsplit

from dns.exception import DNSException

from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.setup import Check, Record, Setup
from stillup.provision.account import Account
from stillup.provision.api_errors import API_ERRORS, why_unknown
from stillup.provision.errors import ProvisionFailed
from stillup.provision.lookup import Unanswered

PATIENCE: Final = 20.0
"""Seconds for all questions together; each has limits of its own that are shorter."""

T = TypeVar("T")


class NotAsked(Exception):
    """Nothing can be known here; the text says why. Without a text it is no loss."""


@dataclass(frozen=True, slots=True)
class Question:
    """One failover of one account."""

    account: Account
    setup: Setup
    """As the plan asks for it, or as it is."""
    actual: Setup | None
    """As it is, where that could be read."""
    typed: Failover | None
    where: Where | None
    now: float

    @property
    def is_engine(self) -> bool:
        """Whether the API is somebody else's than AWS's."""
        host = urlsplit(self.account.endpoint_url or "").hostname or ""
        return bool(host) and not host.endswith((".amazonaws.com", ".amazonaws.com.cn"))

    def records(self, role: str) -> tuple[Record, ...]:
        """The failover records of this role."""
        return tuple(each for each in self.setup.records if each.failover == role)

    def primary_check(self) -> Check | None:
        """The check that the primary's records name, as the plan has it."""
        return _check_of_primary(self.setup)

    def actual_check(self) -> Check | None:
        """The check that the primary's records name in the account."""
        return None if self.actual is None else _check_of_primary(self.actual)

    def addresses(self, role: str) -> tuple[str, ...]:
        """The addresses of the records of this role."""
        values = (value for each in self.records(role) if each.type in ("A", "AAAA") for value in each.values)
        return tuple(dict.fromkeys(values))

    def public_addresses(self) -> tuple[str, ...]:
        """The primary's IPv4 addresses that EC2 may know. On an engine all of them."""
        found = (each for each in self.addresses("PRIMARY") if ":" not in each)
        return tuple(each for each in found if self.is_engine or ip_address(each).is_global)


def _check_of_primary(setup: Setup) -> Check | None:
    named = (each.check for each in setup.records if each.failover == "PRIMARY")
    return next((setup.checks[key] for key in named if key is not None and key in setup.checks), None)


@dataclass(slots=True)
class Asking:
    """Questions under way, and what could not be known."""

    question: Question
    pool: ThreadPoolExecutor
    unknown: list[str] = field(default_factory=list)

    def ask(self, what: str, source: Callable[[Question], T]) -> Callable[[], T | None]:
        """Begin to ask; the result waits for the answer, which is None where there is none."""
        future = self.pool.submit(source, self.question)
        return lambda: self._answer(what, future)

    def _answer(self, what: str, future: Future[T]) -> T | None:
        try:
            return future.result(PATIENCE)
        except NotAsked as reason:
            why = str(reason)
        except API_ERRORS as error:
            why = why_unknown(error)
        except ProvisionFailed as error:
            why = error.message
        except (DNSException, Unanswered, OSError, TooLate) as error:
            why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if why:
            self.unknown.append(f"{what}: {why}")
        return None

"""Looking at failovers as they are now, for `status`, `watch` and `why`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stillup.cli.output import fail

if TYPE_CHECKING:
    from stillup.cli.loading import Loaded
    from stillup.plan.chain.link import Chain
    from stillup.plan.setup import Setup
    from stillup.provision.account import Account
    from stillup.provision.standing import Outlook


_SETUP_LASTS: Final = 60.0
"""Seconds."""


@dataclass
class Looked:
    """One failover that is looked at again and again. The set-up itself is read anew once a minute."""

    account: Account
    name: str
    zone: str | None
    outlook: Outlook
    _setup: Setup | None = field(default=None, repr=False)
    _read_at: float = 0.0

    def chain(self) -> Chain:
        """As it is now. Raises ProvisionFailed where the account does not tell."""
        from stillup.plan.chain.chain import tell
        from stillup.provision.standing import read_standing

        return tell(read_standing(self.account, self._fresh_setup(), self.outlook, now=time.time()))

    def chain_or_end(self) -> Chain:
        """The same; ends the program with a message where the account does not tell."""
        from stillup.provision.errors import ProvisionFailed

        try:
            return self.chain()
        except ProvisionFailed as failed:
            fail(f"{failed.message} {failed.remedy}")

    def _fresh_setup(self) -> Setup:
        from stillup.provision.discover import find_failover

        if self._setup is None or time.time() - self._read_at > _SETUP_LASTS:
            self._setup = find_failover(self.account, self.name, zone=self.zone)[-1]
            self._read_at = time.time()
        return self._setup


def looked_at(loaded: Loaded) -> list[Looked]:
    """The failovers of a plan file."""
    from stillup.provision.standing import Outlook

    return [
        Looked(
            loaded.account,
            each.name,
            each.zone,
            Outlook(servers=loaded.where.dns, visit=each.drill.visit),
        )
        for each in loaded.failovers
    ]

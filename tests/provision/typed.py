"""One failover as somebody types it, with the verbs that act on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.make import Wish
from stillup.plan.step import Step
from stillup.provision.account import Account
from stillup.provision.carry_out import carry_out
from stillup.provision.planning import Drawn, draw_up
from stillup.provision.progress import Event


@dataclass
class Typed:
    """`www` in a zone of its own, with everything that a plan may have."""

    account: Account
    zone_id: str
    zone: str
    base: Path
    changes: dict[str, Any] = field(default_factory=dict)
    """By top-level key of the failover, what is typed in its place."""

    @classmethod
    def new(cls, account: Account, base: Path) -> Typed:
        """With a zone that is made, and a folder that is written."""
        zone = f"z{uuid.uuid4().hex[:10]}.example"
        made = account.route53.create_hosted_zone(Name=zone, CallerReference=zone)
        site = base / "site"
        site.mkdir()
        (site / "index.html").write_text("<h1>Back soon</h1>")
        (site / "style.css").write_text("body { margin: 3em }")
        return cls(account, made["HostedZone"]["Id"].removeprefix("/hostedzone/"), zone, base)

    @property
    def name(self) -> str:
        """The failover's, unless something else is typed."""
        return f"www.{self.zone}"

    def primary(self, **check: Any) -> dict[str, Any]:
        """One that is well: what answers for the account itself."""
        port = urlsplit(self.account.endpoint_url or "").port
        return {"address": "127.0.0.1", "check": {"type": "tcp", "port": port, **check}}

    @property
    def failover(self) -> Failover:
        """As it would be read from a plan file."""
        typed = {
            "name": self.name,
            "zone": self.zone,
            "primary": self.primary(),
            "standby": {"folder": "site"},
            "alert": {"emails": ["oncall@example.com"]},
        }
        return Failover.model_validate({**typed, **self.changes})

    def draw(self, **options: bool) -> Drawn:
        """The plan, as things are."""
        return draw_up(self.account, [self.failover], Where(), base=self.base, wish=Wish(**options))

    def carry_out(self, drawn: Drawn) -> list[Event]:
        """Do it all."""
        return list(carry_out(drawn.plan, drawn.grounds, self.account))

    def apply(self, **options: bool) -> tuple[Step, ...]:
        """Plan and carry out; what was done."""
        drawn = self.draw(**options)
        self.carry_out(drawn)
        return drawn.plan.steps

    def destroy(self) -> tuple[Step, ...]:
        """Plan the end and carry it out."""
        return self.apply(destroy=True)


def told(steps: tuple[Step, ...]) -> list[str]:
    """`update check/primary` and the like, for comparing."""
    return [f"{step.action} {step.address}" for step in steps]

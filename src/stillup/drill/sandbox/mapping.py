"""A plan as it is within the sandbox. No I/O.

| in the plan                         | in the sandbox                                                           |
|-------------------------------------|--------------------------------------------------------------------------|
| the primary, whatever it is         | a stand-in at 127.0.0.2, stopped and started as an instance              |
| its check                           | the same, at the stand-in's port; without TLS, which the stand-in has not |
| a check that is kept elsewhere      | an HTTP check with the defaults                                          |
| a standby folder                    | the same, published by the engine at 127.0.0.3                           |
| any other standby                   | a page that stands in for it                                             |
| emails                              | the same, kept as files                                                  |
| webhooks, a topic kept elsewhere    | left out: they are real                                                  |
| TTL, thresholds, tags, budget       | the same                                                                 |
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from stillup.drill.loopback import PRIMARY_ADDRESS
from stillup.plan.file.alert import Alert
from stillup.plan.file.plan_file import Failover
from stillup.plan.file.rehearsal import Rehearsal
from stillup.plan.file.targets import Check, Primary, Standby

INSTANCE: Final = "i-00000000000000001"
"""The stand-in."""
STANDBY_FOLDER: Final = "standby"
"""Of the page that stands in for a standby that is no folder; within the sandbox's own folder."""
_TLS_LESS: Final = {"https": "http"}


def mapped(failover: Failover, *, port: int, zone: str) -> Failover:
    """The failover, with nothing in it that is real. `port` is the stand-in's, and the backup site's."""
    changes: dict[str, object] = {
        "zone": zone,
        "primary": Primary.model_construct(
            address=ip_address(PRIMARY_ADDRESS),
            check=_check(failover.primary.check, failover.name, port),
            instances=(INSTANCE,),
        ),
        "standby": _standby(failover),
        "alert": _alert(failover.alert),
        "drill": Rehearsal.model_construct(
            method=failover.drill.method, visit=f"http://{failover.name}:{port}/"
        ),
    }
    return failover.model_copy(update=changes)


def left_out(failover: Failover) -> Iterator[str]:
    """What the sandbox cannot show of it, in sentences."""
    check, alert = failover.primary.check, failover.alert
    if check is not None and (check.type == "https" or check.verify_tls):
        yield "TLS is left out: the stand-in for the primary speaks plain HTTP."
    if check is not None and check.existing:
        yield f"Health check {check.existing} is kept elsewhere; a plain HTTP check stands in for it."
    if failover.standby.folder is None:
        yield "The standby is no folder; a page stands in for it."
    if alert is not None and alert.webhooks:
        yield "Webhooks are left out, since they are real."


def zone_of(failover: Failover) -> str:
    """The zone's name; where the plan gives its id, the name's parent."""
    zone = failover.zone.lower().removesuffix(".")
    if failover.name == zone or failover.name.endswith(f".{zone}"):
        return zone
    name: str = failover.name
    return name.partition(".")[2] if name.count(".") > 1 else name


def _check(check: Check | None, host: str, port: int) -> Check | None:
    if check is None:
        return None
    if check.existing is not None:
        return Check.model_construct(port=port, host=host)
    changes: dict[str, object] = {
        "port": port,
        "address": None,
        "type": _TLS_LESS.get(check.type, check.type),
        "verify_tls": None,
        "sni": None,
        "regions": (),
        "disabled": False,
        "inverted": False,
    }
    return check.model_copy(update=changes)


def _standby(failover: Failover) -> Standby:
    standby = failover.standby
    return Standby.model_construct(
        folder=standby.folder or STANDBY_FOLDER,
        index=standby.index if standby.folder else "index.html",
        error=standby.error if standby.folder else None,
        cache_control=standby.cache_control,
    )


def _alert(alert: Alert | None) -> Alert | None:
    if alert is None:
        return None
    is_elsewhere = alert.topic is not None and alert.topic.startswith("arn:")
    return alert.model_copy(update={"webhooks": (), "topic": None if is_elsewhere else alert.topic})

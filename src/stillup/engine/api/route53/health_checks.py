"""Route 53's operations on health checks (HC-42 … HC-48)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from stillup.engine.api.call import ApiPorts, ApiSettings, Call, Operation, committed_or_raise
from stillup.engine.api.route53.health_check_members import parse_settings, render_health_check
from stillup.engine.api.route53.paging import page_size
from stillup.engine.uuids import new_uuid
from stillup.rules.changes import HealthCheckPut
from stillup.rules.health import lifecycle
from stillup.rules.health.addresses import ProbePolicy
from stillup.rules.health.check import HealthCheck
from stillup.rules.health.settings import Resettable
from stillup.rules.ids import HealthCheckId
from stillup.rules.refusal import Refusal
from stillup.rules.world import World
from stillup.wire.aws.messages import AwsError, Output

PAGE: Final = 100
"""Health checks of one page, at most (HC-48)."""


async def create_health_check(ports: ApiPorts, call: Call) -> Output:
    """CreateHealthCheck: 201 with the new check, or with the one that the same request made (HC-43)."""
    reference = call.parameters["CallerReference"]
    config = call.parameters["HealthCheckConfig"]
    check_id = HealthCheckId(new_uuid(ports.die))

    def decide(world: World) -> HealthCheckPut | Refusal | None:
        decided = lifecycle.create(
            world,
            check_id=check_id,
            caller_reference=reference,
            kind=config["Type"],
            settings=parse_settings(config),
            policy=_policy(ports.settings),
        )
        return None if isinstance(decided, HealthCheck) else decided

    committed = committed_or_raise(await ports.worlds.commit(decide))
    check = lifecycle.find_by_reference(committed.world, reference)
    assert check is not None  # noqa: S101 — it was there before, or the commit put it there
    return Output({"HealthCheck": render_health_check(check), "Location": _location(call, check)})


async def get_health_check(ports: ApiPorts, call: Call) -> Output:
    """GetHealthCheck."""
    return Output({"HealthCheck": render_health_check(found(ports, call))})


async def list_health_checks(ports: ApiPorts, call: Call) -> Output:
    """ListHealthChecks, ordered by id; the marker is the first id of the next page (HC-48)."""
    marker = call.parameters.get("Marker") or ""
    size = page_size(call.parameters.get("MaxItems"), PAGE)
    checks = ports.worlds.current.health_checks
    ids = sorted(check_id for check_id in checks if check_id >= marker)
    following = {"NextMarker": ids[size]} if len(ids) > size else {}
    return Output(
        {
            "HealthChecks": [render_health_check(checks[check_id]) for check_id in ids[:size]],
            "Marker": marker,
            "IsTruncated": len(ids) > size,
            "MaxItems": str(size),
            **following,
        }
    )


async def get_health_check_count(ports: ApiPorts, call: Call) -> Output:
    """GetHealthCheckCount."""
    return Output({"HealthCheckCount": len(ports.worlds.current.health_checks)})


async def update_health_check(ports: ApiPorts, call: Call) -> Output:
    """UpdateHealthCheck: a patch (HC-20), guarded by HealthCheckVersion where it is given (HC-21)."""
    check_id = HealthCheckId(call.parameters["HealthCheckId"])
    reset = _resettable(call.parameters.get("ResetElements") or [])

    def decide(world: World) -> HealthCheckPut | Refusal:
        return lifecycle.update(
            world,
            check_id,
            parse_settings(call.parameters),
            version=call.parameters.get("HealthCheckVersion"),
            reset=reset,
            policy=_policy(ports.settings),
        )

    committed = committed_or_raise(await ports.worlds.commit(decide))
    return Output({"HealthCheck": render_health_check(committed.world.health_checks[check_id])})


async def delete_health_check(ports: ApiPorts, call: Call) -> Output:
    """DeleteHealthCheck; records that use the check are no obstacle (HC-44)."""
    check_id = HealthCheckId(call.parameters["HealthCheckId"])
    committed_or_raise(await ports.worlds.commit(partial(lifecycle.delete, check_id=check_id)))
    return Output()


HEALTH_CHECK_OPERATIONS: Final[Mapping[str, Operation]] = {
    "CreateHealthCheck": create_health_check,
    "GetHealthCheck": get_health_check,
    "ListHealthChecks": list_health_checks,
    "GetHealthCheckCount": get_health_check_count,
    "UpdateHealthCheck": update_health_check,
    "DeleteHealthCheck": delete_health_check,
}


def found(ports: ApiPorts, call: Call) -> HealthCheck:
    """The check that the call names. Raises AwsError NoSuchHealthCheck."""
    check = lifecycle.find(ports.worlds.current, HealthCheckId(call.parameters["HealthCheckId"]))
    if isinstance(check, Refusal):
        raise AwsError(check.code, check.message)
    return check


def _policy(settings: ApiSettings) -> ProbePolicy:
    return ProbePolicy.from_text(allow=settings.probe_allow, deny=settings.probe_deny)


def _location(call: Call, check: HealthCheck) -> str:
    host = call.request.headers.get("host", "route53.amazonaws.com")
    return f"http://{host}/2013-04-01/healthcheck/{check.id}"


def _resettable(names: list[str]) -> frozenset[Resettable]:
    unknown = [name for name in names if name not in set(Resettable)]
    if unknown:
        raise AwsError(
            "InvalidInput", f"Invalid parameter : elements that cannot be reset: {', '.join(unknown)}."
        )
    return frozenset(map(Resettable, names))

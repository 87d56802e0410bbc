"""Hostile traffic at every port, some seconds of it in the whole run, a minute with `make soak`: nothing is lost, memory stays flat, nothing is logged as a bug."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import boto3
import pytest

from stillup.drill.engine_process import EngineProcess
from stillup.drill.visitor import ask
from tests.drills import hostile

SECONDS = float(os.environ.get("STILLUP_SOAK_SECONDS", "5"))
SEED = int(os.environ.get("STILLUP_SOAK_SEED", "20"))
MOST_GROWTH = 48 * 2**20
"""Octets of resident memory between a third of the soak and its end: noise of the allocator, not a leak."""
CHECKS = {
    "HTTP": {},
    "HTTPS": {},
    "HTTP_STR_MATCH": {"SearchString": "all is well"},
    "HTTPS_STR_MATCH": {"SearchString": "all is well"},
    "TCP": {},
}


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _set_up(endpoint_url: str, primary_port: int) -> None:
    route53 = boto3.client(
        "route53",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="soak",
        aws_secret_access_key="soak",
    )
    for kind, extra in CHECKS.items():
        check = route53.create_health_check(
            CallerReference=kind,
            HealthCheckConfig={"Type": kind, "IPAddress": "127.0.0.1", "Port": primary_port, **extra},
        )
        route53.change_tags_for_resource(
            ResourceType="healthcheck",
            ResourceId=check["HealthCheck"]["Id"],
            AddTags=[
                {"Key": "stillup:interval", "Value": "100ms"},
                {"Key": "stillup:timeout", "Value": "200ms"},
            ],
        )
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="soak")["HostedZone"]["Id"]
    record = {
        "Name": "www.example.com",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.7"}],
    }
    route53.change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )


async def _attack(engine: EngineProcess) -> tuple[int, int]:
    """Resident memory at a third of the time, and at the end."""
    loop = asyncio.get_running_loop()
    listeners = engine.listeners
    names = ["www.example.com", "example.com", "nothing.example.com", "a.b.c.example.com", "example.net"]
    async with hostile.hostile_primary(random.Random(SEED)) as port:
        await asyncio.to_thread(_set_up, listeners.endpoint_url, port)
        until = loop.time() + SECONDS
        attackers = [
            hostile.odd_datagrams(random.Random(SEED + 1), listeners.dns, names, until),
            hostile.odd_messages(random.Random(SEED + 2), listeners.dns, names, until),
            hostile.odd_requests(random.Random(SEED + 3), listeners.api, until),
            hostile.odd_visits(random.Random(SEED + 4), listeners.site, until),
            hostile.odd_visits(random.Random(SEED + 5), listeners.console, until),
        ]
        tasks = [asyncio.create_task(attacker) for attacker in attackers]
        await asyncio.wait(tasks, timeout=SECONDS / 3)
        warm = _resident(engine.pid)
        for task in tasks:
            await task
        return warm, _resident(engine.pid)


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 60)
async def test_a_minute_of_hostile_traffic_changes_nothing(tmp_path: Path) -> None:
    addresses = [word for flag in ("--dns", "--api", "--site", "--console") for word in (flag, "127.0.0.1:0")]
    log = tmp_path / "engine.log"
    with EngineProcess([*addresses, "--data", str(tmp_path / "data")], log=log) as engine:
        warm, end = await _attack(engine)

        assert ask(engine.listeners.dns, "www.example.com") == "192.0.2.7"
        assert end - warm < MOST_GROWTH
    assert "traceback" not in log.read_text().lower()
    assert '"level": "error"' not in log.read_text()

"""octoDNS's Route 53 provider: a sync, and a second one that plans nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import dns.message
import dns.name
import dns.query
import pytest

from tests.conformance.conftest import Subject

ZONE = "octodns.example."
CONFIG = f"""
providers:
  config: {{class: octodns.provider.yaml.YamlProvider, directory: ./zones, enforce_order: false}}
  route53: {{class: octodns_route53.Route53Provider, access_key_id: octodns, secret_access_key: octodns}}
zones:
  {ZONE}: {{sources: [config], targets: [route53]}}
"""
RECORDS = """
'':
  - {type: A, ttl: 300, values: [192.0.2.1, 192.0.2.2]}
  - {type: MX, ttl: 300, values: [{exchange: mail.octodns.example., preference: 10}]}
  - {type: TXT, ttl: 300, values: ['v=spf1 -all', 'a\\; b']}
  - {type: CAA, ttl: 300, values: [{flags: 0, tag: issue, value: ca.example.net}]}
'*.wild': {type: CNAME, ttl: 300, value: www.octodns.example.}
_sip._tcp: {type: SRV, ttl: 300, values: [{port: 5060, priority: 1, target: sip.octodns.example., weight: 2}]}
sub: {type: NS, ttl: 300, values: [ns1.elsewhere.example., ns2.elsewhere.example.]}
www: {type: A, ttl: 60, values: [192.0.2.10]}
"""
DYNAMIC_ZONE = "dynamic.example."
DYNAMIC = """
www:
  type: A
  ttl: 60
  value: 192.0.2.99
  dynamic:
    pools:
      primary:
        fallback: backup
        values:
          - {value: 127.0.0.1, weight: 1}
          - {value: 192.0.2.11, weight: 3, status: up}
          - {value: 192.0.2.12, weight: 5, status: down}
      backup: {values: [{value: 192.0.2.20, status: up}]}
    rules:
      - pool: primary
  octodns:
    healthcheck: {port: PORT, protocol: TCP}
"""
"""octoDNS makes no check where the status is up, and a disabled, inverted one where it is down."""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with octoDNS's configuration and one zone."""
    (tmp_path / "zones").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "zones" / f"{ZONE}yaml").write_text(RECORDS)
    return tmp_path


def sync(work: Path, endpoint_url: str) -> str:
    """Plan and carry out; what octoDNS logged and printed."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "octodns-sync"), "--config-file", "config.yaml", "--doit"],
        cwd=work,
        env={"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": endpoint_url, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture
def endpoint() -> Iterator[int]:
    """The port on 127.0.0.1 where the checked value of the dynamic record listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _addresses(subject: Subject, name: str) -> set[str]:
    """What a hundred queries are answered with; each answer is one address."""
    query = dns.message.make_query(name, "A")
    found = set()
    for _ in range(100):
        reply = dns.query.udp(query, subject.dns.host, port=subject.dns.port, timeout=5)
        [rrset] = reply.answer
        [address] = rrset
        assert (rrset.name, rrset.ttl) == (dns.name.from_text(name), 60)
        found.add(address.to_text())
    return found


@pytest.mark.slow
def test_a_second_sync_plans_nothing_and_a_third_only_what_was_changed(work: Path, subject: Subject) -> None:
    assert "Creates=" in sync(work, subject.endpoint_url)

    assert "No changes were planned" in sync(work, subject.endpoint_url)

    zone = work / "zones" / f"{ZONE}yaml"
    zone.write_text(zone.read_text().replace("192.0.2.10", "192.0.2.11"))

    assert "Creates=0, Updates=1, Deletes=0" in sync(work, subject.endpoint_url)
    client = boto3.client(
        "route53",
        endpoint_url=subject.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="check",
        aws_secret_access_key="check",
    )
    zones = client.list_hosted_zones_by_name(DNSName=ZONE)["HostedZones"]
    sets = client.list_resource_record_sets(
        HostedZoneId=zones[0]["Id"], StartRecordName=f"www.{ZONE}", StartRecordType="A", MaxItems="1"
    )
    assert sets["ResourceRecordSets"][0]["ResourceRecords"] == [{"Value": "192.0.2.11"}]


@pytest.mark.slow
def test_a_dynamic_record_is_synced_and_a_second_sync_plans_nothing(
    work: Path, subject: Subject, endpoint: int
) -> None:
    """Weighted values behind failover aliases behind a geolocation rule for everywhere, all at once."""
    (work / "config.yaml").write_text(CONFIG.replace(ZONE, DYNAMIC_ZONE))
    zone = work / "zones" / f"{DYNAMIC_ZONE}yaml"
    records = DYNAMIC.replace("PORT", str(endpoint))
    zone.write_text(records)
    assert "Creates=1" in sync(work, subject.endpoint_url)
    assert "No changes were planned" in sync(work, subject.endpoint_url)
    assert _addresses(subject, f"www.{DYNAMIC_ZONE}") == {"127.0.0.1", "192.0.2.11"}

    zone.write_text(
        records.replace("weight: 1}", "weight: 1, status: down}").replace(
            "weight: 3, status: up", "weight: 3, status: down"
        )
    )
    assert "Updates=1" in sync(work, subject.endpoint_url)
    assert "No changes were planned" in sync(work, subject.endpoint_url)
    assert _addresses(subject, f"www.{DYNAMIC_ZONE}") == {"192.0.2.20"}

    zone.write_text("www: {type: A, ttl: 60, value: 192.0.2.1}\n")
    assert "Updates=1" in sync(work, subject.endpoint_url)
    assert "No changes were planned" in sync(work, subject.endpoint_url)
    assert _addresses(subject, f"www.{DYNAMIC_ZONE}") == {"192.0.2.1"}

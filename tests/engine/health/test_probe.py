"""From a health check to its probe (table 1.3)."""

from __future__ import annotations

import pytest

from stillup.engine.health.probe import TlsTerms, host_of, probe_of
from stillup.rules.health.check import HealthCheckConfig, HealthCheckType
from stillup.rules.health.refinements import refinements_of
from tests.engine.health.peers import check, probe_for

HTTP, HTTPS = HealthCheckType.HTTP, HealthCheckType.HTTPS


@pytest.mark.parametrize(
    ("kind", "port", "fqdn", "address", "host"),
    [
        (HTTP, 80, "www.example.com", "192.0.2.1", "www.example.com"),
        (HTTP, None, "www.example.com", None, "www.example.com"),
        (HTTPS, 443, "www.example.com", None, "www.example.com"),
        (HTTPS, None, "www.example.com", None, "www.example.com"),
        (HTTP, 443, "www.example.com", None, "www.example.com:443"),
        (HTTPS, 80, "www.example.com", None, "www.example.com:80"),
        (HTTP, 8080, "www.example.com", None, "www.example.com:8080"),
        (HTTP, 80, None, "192.0.2.1", "192.0.2.1"),
        (HTTP, 8080, None, "192.0.2.1", "192.0.2.1:8080"),
        (HTTP, 80, None, "2001:db8::1", "[2001:db8::1]"),
        (HTTP, 8080, None, "2001:db8::1", "[2001:db8::1]:8080"),
    ],
)
def test_the_host_header_follows_the_table(
    kind: HealthCheckType, port: int | None, fqdn: str | None, address: str | None, host: str
) -> None:
    assert host_of(HealthCheckConfig(type=kind, port=port, fqdn=fqdn, ip_address=address)) == host


@pytest.mark.parametrize(
    ("kind", "connect", "status", "body"),
    [(HTTP, 4.0, 2.0, 2.0), (HTTPS, 4.0, 2.0, 2.0), (HealthCheckType.TCP, 10.0, None, None)],
)
def test_the_time_outs_are_those_of_the_table(
    kind: HealthCheckType, connect: float, status: float | None, body: float | None
) -> None:
    probe = probe_for(80, kind)
    assert probe.connect_timeout == connect
    assert (probe.http and probe.http.status_timeout) == status
    assert (probe.http and probe.http.body_timeout) == body


def test_the_timeout_tag_sets_every_phase() -> None:
    probe = probe_for(80, tags={"stillup:timeout": "500ms"})
    assert probe.http is not None
    assert (probe.connect_timeout, probe.http.status_timeout, probe.http.body_timeout) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("config", "tags", "terms"),
    [
        ({"fqdn": "a.example"}, {}, TlsTerms("a.example", verify=False)),
        ({"fqdn": "a.example."}, {}, TlsTerms("a.example", verify=False)),
        ({"fqdn": "a.example", "enable_sni": False}, {}, TlsTerms(None, verify=False)),
        ({}, {}, TlsTerms(None, verify=False)),
        ({}, {"stillup:verify-tls": "true"}, TlsTerms("127.0.0.1", verify=True)),
        ({"fqdn": "a.example", "enable_sni": False}, {"stillup:verify-tls": "true"}, TlsTerms("a.example", verify=True)),
    ],
)  # fmt: skip
def test_sni_and_verification_follow_the_check(
    config: dict[str, object], tags: dict[str, str], terms: TlsTerms
) -> None:
    checked = check(HTTPS, tags=tags, **config)
    assert probe_of(checked, refinements_of(checked)).tls == terms


@pytest.mark.parametrize(("address", "resolves"), [("192.0.2.1", False), (None, True)])
def test_a_name_is_resolved_only_where_there_is_no_address(address: str | None, resolves: bool) -> None:
    probe = probe_for(80, ip_address=address, fqdn="www.example.com")
    assert (probe.address is None) is resolves

"""octoDNS's dynamic records, as `import` finds them: geolocation over failover aliases over weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.conftest import Subject
from tests.conformance.importing import import_and_plan
from tests.conformance.test_octodns import CONFIG, sync

pytestmark = pytest.mark.slow

ZONE = "octoimport.example."
RECORDS = """
www:
  type: A
  ttl: 60
  value: 192.0.2.99
  dynamic:
    pools:
      primary:
        fallback: backup
        values: [{value: 192.0.2.10}]
      backup: {values: [{value: 192.0.2.20, status: up}]}
    rules:
      - pool: primary
  octodns:
    healthcheck: {port: 9, protocol: TCP}
"""


def test_a_dynamic_record_is_followed_to_its_failover(
    tmp_path: Path, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan says the failover of octoDNS's pools, by its own name; planning it changes nothing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "octodns")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "octodns")
    (tmp_path / "zones").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG.replace("octodns.example.", ZONE))
    (tmp_path / "zones" / f"{ZONE}yaml").write_text(RECORDS)
    sync(tmp_path, subject.endpoint_url)

    found, planned = import_and_plan(subject.endpoint_url, "www.octoimport.example")

    failover = found.description.failover
    assert found.along == ("www.octoimport.example",)
    assert failover.name == "_octodns-primary-pool.www.octoimport.example"
    assert failover.primary.alias is not None
    assert failover.primary.alias.name == "_octodns-primary-value.www.octoimport.example"
    assert failover.standby.alias is not None
    assert any("_octodns-primary-value" in each for each in found.description.unsaid)
    assert (planned.steps, planned.refusals) == ((), ())

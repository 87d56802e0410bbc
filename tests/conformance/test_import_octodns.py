"""octoDNS's dynamic records, as `import` finds them: geolocation over failover aliases over weights."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from stillup.plan.desired import desired
from stillup.plan.difference import difference
from stillup.plan.file.plan_file import Where
from stillup.provision.account import Account
from stillup.provision.discover import discover
from stillup.provision.read import read_setup
from tests.conformance.conftest import Subject
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
    where = Where.model_validate({"endpoint-url": subject.endpoint_url})
    account = Account(endpoint_url=subject.endpoint_url)

    found = discover(account, "www.octoimport.example", where, now=time.time())

    failover = found.description.failover
    assert found.along == ("www.octoimport.example",)
    assert failover.name == "_octodns-primary-pool.www.octoimport.example"
    assert failover.primary.alias is not None
    assert failover.primary.alias.name == "_octodns-primary-value.www.octoimport.example"
    assert failover.standby.alias is not None
    wanted = desired(failover, where)
    actual = read_setup(account, failover.name, zone=failover.zone, wanted=wanted)
    planned = difference(wanted, actual)
    assert (planned.steps, planned.refusals) == ((), ())

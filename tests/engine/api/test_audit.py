"""The audit log as a file: whole lines, rotation, a disk that takes nothing."""

from __future__ import annotations

import json
import logging
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stillup.engine.api.audit import AuditEntry, AuditLog
from stillup.wire.aws.scope import Scope


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "audit.log"


@pytest.fixture
def audit(path: Path) -> Iterator[AuditLog]:
    """A log at work."""
    log = AuditLog(path)
    log.start()
    yield log
    log.close()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for the writer's thread."""
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_lines_come_whole_in_order_and_for_us_alone(path: Path) -> None:
    log = AuditLog(path)
    log.start()
    for number in range(5000):
        log.write(f"line {number}")
    log.close()
    assert lines(path) == [f"line {number}" for number in range(5000)]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_goes_on_where_another_ended(path: Path) -> None:
    for _ in range(2):
        log = AuditLog(path)
        log.start()
        log.write("again")
        log.close()
    assert lines(path) == ["again", "again"]


@pytest.mark.parametrize("how", ["renamed", "removed"])
def test_a_log_that_is_rotated_away_is_opened_anew(audit: AuditLog, path: Path, how: str) -> None:
    audit.write("before")
    until(lambda: lines(path) == ["before"])
    path.rename(path.with_suffix(".1")) if how == "renamed" else path.unlink()
    audit.write("after")
    until(lambda: lines(path) == ["after"])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_takes_nothing_costs_lines_and_is_told_once(
    audit: AuditLog, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    audit.write("before")
    until(lambda: lines(path) == ["before"])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
        for _ in range(2):
            audit.write("lost" * 10)
        until(lambda: len(caplog.records) > 0)
        audit.write("lost, too")
    finally:
        audit.write("a barrier that may be lost")
        until(lambda: audit._lines.qsize() == 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    audit.write("after")
    until(lambda: lines(path)[-1] == "after")

    assert lines(path)[0] == "before"
    assert all(line in ("before", "after", "a barrier that may be lost") for line in lines(path))
    until(lambda: len(caplog.records) == 2)
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]
    assert caplog.records[0].message.startswith("the audit log cannot be written")


def test_a_log_that_cannot_be_opened_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        AuditLog(tmp_path / "missing" / "audit.log").start()


def test_a_line_says_what_is_known_and_both_times_where_they_differ() -> None:
    entry = AuditEntry("id", "192.0.2.1", Scope("route53", "us-east-1", "A" * 500), action="ListHostedZones")
    line = json.loads(entry.line(at=0.0, wall=3600.0, status=403, error="AccessDenied"))
    assert line == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "wall": "1970-01-01T01:00:00.000+00:00",
        "request_id": "id",
        "principal": None,
        "access_key_id": "A" * 200,
        "source_ip": "192.0.2.1",
        "service": "route53",
        "action": "ListHostedZones",
        "resources": [],
        "region": "us-east-1",
        "status": 403,
        "error": "AccessDenied",
    }
    assert "wall" not in json.loads(entry.line(at=0.0, wall=0.5, status=200, error=None))

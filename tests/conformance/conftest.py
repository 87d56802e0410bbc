"""The subject of the conformance tests: an AWS endpoint with a DNS server, met from outside only.

`STILLUP_SUBJECT_API=URL STILLUP_SUBJECT_DNS=ADDR:PORT` names a running one; without them an engine is started.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from stillup.drill.engine_process import Address, EngineProcess


@dataclass(frozen=True)
class Subject:
    """Where the subject answers."""

    endpoint_url: str
    dns: Address
    site: Address | None


@pytest.fixture(scope="session")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    """The subject, one for the whole run: tests make what they need under names of their own."""
    if url := os.environ.get("STILLUP_SUBJECT_API"):
        yield Subject(url, Address.parse(os.environ["STILLUP_SUBJECT_DNS"]), None)
        return
    work = tmp_path_factory.mktemp("engine")
    listeners = ("--dns", "--api", "--site", "--console")
    arguments = [word for flag in listeners for word in (flag, "127.0.0.1:0")]
    log = work / "engine.log"
    with EngineProcess([*arguments, "--data", str(work / "data")], log=log) as engine:
        yield Subject(engine.listeners.endpoint_url, engine.listeners.dns, engine.listeners.site)
    logged = log.read_text()
    assert "Traceback" not in logged, f"the engine logged an unhandled exception:\n{logged[-5000:]}"

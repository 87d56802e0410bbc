"""`stillup apply` as a process of its own, which ends when somebody else wants it to."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.provision.typed import Typed


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    code: int
    steps: int
    """That it told of."""
    stderr: str


def write_plan(typed: Typed) -> Path:
    """The usual failover as a plan file."""
    port = typed.primary()["check"]["port"]
    path = typed.base / "stillup.yaml"
    path.write_text(
        f"""
version: 1
where: {{endpoint-url: "{typed.account.endpoint_url}"}}
failovers:
  - name: {typed.name}
    zone: {typed.zone}
    primary: {{address: 127.0.0.1, check: {{type: tcp, port: {port}}}}}
    standby: {{folder: site}}
    alert: {{emails: [oncall@example.com]}}
"""
    )
    return path


def run(verb: str, plan: Path, *arguments: str, end: tuple[signal.Signals, int] | None = None) -> Ended:
    """Run it to its end, or send it a signal when it has told of so many steps."""
    command = [sys.executable, "-m", "stillup", verb, str(plan), *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        told = []
        for line in process.stderr:
            told.append(line)
            if end is not None and sum("  done  " in each for each in told) >= end[1]:
                process.send_signal(end[0])
                end = None
    return Ended(process.returncode, sum("  done  " in each for each in told), "".join(told))

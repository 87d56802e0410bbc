"""Terraform's AWS provider: apply, an empty second plan, change, destroy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue

import dns.message
import dns.query
import pytest

from stillup.drill.engine_process import EngineProcess
from tests.conformance.conftest import Subject
from tests.conformance.importing import import_and_plan

PLUGINS = os.environ.get("STILLUP_TERRAFORM_PLUGINS")
STACKS = Path(__file__).parent / "terraform"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        shutil.which("terraform") is None or not PLUGINS,
        reason="needs terraform, and STILLUP_TERRAFORM_PLUGINS: a folder with its AWS provider",
    ),
]


class Terraform:
    """The terraform command in a folder of its own, with one of the stacks."""

    def __init__(
        self, work: Path, endpoint_url: str, *, stack: str, variables: Mapping[str, str] | None = None
    ) -> None:
        self._work = work
        shutil.copy(STACKS / stack, work)
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(work),
            "TF_VAR_endpoint": endpoint_url,
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            **{f"TF_VAR_{name}": value for name, value in (variables or {}).items()},
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a verb; whatever it answers."""
        return subprocess.run(
            ["terraform", words[0], "-no-color", *words[1:]],
            cwd=self._work,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def succeed(self, *words: str) -> str:
        """Run a verb that must succeed; what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, f"terraform {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def plan_nothing(self, *options: str) -> None:
        """Plan, and find that all is as the stack says."""
        planned = self.run("plan", "-detailed-exitcode", *options)
        assert planned.returncode == 0, f"the plan is not empty:\n{planned.stdout}\n{planned.stderr}"


def test_a_stack_is_applied_planned_empty_imported_and_destroyed(
    tmp_path: Path, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = Terraform(tmp_path, subject.endpoint_url, stack="guide.tf")
    terraform.succeed("init", f"-plugin-dir={PLUGINS}")

    terraform.succeed("apply", "-auto-approve")
    outputs = json.loads(terraform.succeed("output", "-json"))
    assert outputs["account"]["value"] == "123456789012"
    assert outputs["website"]["value"] == "www.terraform.example.s3-website-us-east-1.amazonaws.com"
    query = dns.message.make_query("text.terraform.example", "TXT")
    answer = dns.query.udp(query, subject.dns.host, port=subject.dns.port, timeout=5).answer
    assert '"a \\"quoted\\" word"' in answer[0].to_text()

    terraform.plan_nothing()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "terraform")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "terraform")
    found, planned = import_and_plan(subject.endpoint_url, "www.terraform.example")
    assert found.description.failover.standby.bucket == "www.terraform.example"
    assert found.description.unsaid == ()
    assert (planned.steps, planned.refusals) == ((), ())
    terraform.succeed("destroy", "-auto-approve")


@pytest.mark.parametrize("stack", ["changing.tf", "alarms.tf"])
def test_what_is_changed_in_place_is_read_back_changed(tmp_path: Path, subject: Subject, stack: str) -> None:
    terraform = Terraform(tmp_path, subject.endpoint_url, stack=stack)
    terraform.succeed("init", f"-plugin-dir={PLUGINS}")
    for step in ("-var=changed=false", "-var=changed=true"):
        applied = terraform.succeed("apply", "-auto-approve", step)
        assert "0 destroyed" in applied
        terraform.plan_nothing(step)
    terraform.succeed("destroy", "-auto-approve")


class Webhook(BaseHTTPRequestHandler):
    """Takes every message, and visits the link that confirms its subscription."""

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
        if message["Type"] == "SubscriptionConfirmation":
            with urllib.request.urlopen(message["SubscribeURL"], timeout=10) as confirmed:
                self.server.heard.put(confirmed.status)  # type: ignore[attr-defined]

    def log_message(self, format: str, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def webhook() -> Iterator[tuple[str, SimpleQueue[int]]]:
    """Where it listens, and the answers to its confirmations."""
    heard: SimpleQueue[int] = SimpleQueue()
    with ThreadingHTTPServer(("127.0.0.1", 0), Webhook) as server:
        server.heard = heard  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
        server.shutdown()
        thread.join()


def test_a_topic_and_its_subscriptions_are_changed_in_place(
    tmp_path: Path, subject: Subject, webhook: tuple[str, SimpleQueue[int]]
) -> None:
    url, heard = webhook
    terraform = Terraform(
        tmp_path, subject.endpoint_url, stack="notifications.tf", variables={"webhook": url}
    )
    terraform.succeed("init", f"-plugin-dir={PLUGINS}")
    for step in ("-var=changed=false", "-var=changed=true"):
        assert "0 destroyed" in terraform.succeed("apply", "-auto-approve", step)
        terraform.plan_nothing(step)
    assert heard.get_nowait() == 200
    terraform.succeed("destroy", "-auto-approve")


def test_a_user_with_a_key_and_policies_is_changed_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an engine of its own with root keys: the first access key locks everybody else out."""
    key_id, secret = "AKIATERRAFORMTERRAFO", "terraform" * 4
    monkeypatch.setenv("STILLUP_ROOT_ACCESS_KEY_ID", key_id)
    monkeypatch.setenv("STILLUP_ROOT_SECRET_ACCESS_KEY", secret)
    listeners = ("--dns", "--api", "--site", "--console")
    arguments = [word for flag in listeners for word in (flag, "127.0.0.1:0")]
    with EngineProcess([*arguments, "--data", str(tmp_path / "data")], log=tmp_path / "engine.log") as engine:
        work = tmp_path / "terraform"
        work.mkdir()
        terraform = Terraform(
            work,
            engine.listeners.endpoint_url,
            stack="identity.tf",
            variables={"access_key": key_id, "secret_key": secret},
        )
        terraform.succeed("init", f"-plugin-dir={PLUGINS}")
        for changed in ("false", "true"):
            step = f"-var=changed={changed}"
            assert "0 destroyed" in terraform.succeed("apply", "-auto-approve", step)
            assert json.loads(terraform.succeed("output", "-json"))["may_all"]["value"] is (changed == "true")
            terraform.plan_nothing(step)
        terraform.succeed("destroy", "-auto-approve")

"""SU404: the way back needs Route 53's control plane."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject

_CONTROL_PLANE: Final = re.compile(
    r"\broute53\s+(change-|create-|update-|delete-)|change[-_]resource[-_]record[-_]sets|ChangeResourceRecordSets",
    re.IGNORECASE,
)


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a command of the drill that changes Route 53's configuration."""
    if subject.typed is None:
        return
    drill = subject.typed.drill
    for key, command in (("break-command", drill.break_command), ("restore-command", drill.restore_command)):
        if command is not None and _CONTROL_PLANE.search(command):
            yield Finding("the command changes Route 53's configuration", f"drill.{key}")
            return


RULE = Rule(
    id="SU404",
    title="Control plane in the way of recovery",
    severity=Severity.WARNING,
    reason=(
        "Health checks and DNS answers go on while the API, which lives in us-east-1, is down; a recovery that edits "
        "records waits for it. And a drill that edits them does not try what will happen."
    ),
    source="AWS Fault Isolation Boundaries (static stability); HC-29",
    remedy="Let the check decide; break the primary itself, or use `method: invert`.",
    find=find,
    fails=Example(
        plan(
            more="drill: {method: command, break-command: 'ssh web systemctl stop nginx', restore-command: 'aws route53 "
            "change-resource-record-sets --cli-input-json file://back.json'}"
        ),
        SITE,
    ),
    passes=Example(
        plan(
            more="drill: {method: command, break-command: 'ssh web systemctl stop nginx', restore-command: 'ssh web "
            "systemctl start nginx'}"
        ),
        SITE,
    ),
)

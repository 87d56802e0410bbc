"""SU406: commands that no drill runs."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a command beside another method than `command`."""
    if subject.typed is None or subject.typed.drill.method == "command":
        return
    drill = subject.typed.drill
    given = {"break-command": drill.break_command, "restore-command": drill.restore_command}
    key = next((key for key, command in given.items() if command is not None), None)
    if key is not None:
        yield Finding(f"{key} is not run: the drill's method is {drill.method}", f"drill.{key}")


RULE = Rule(
    id="SU406",
    title="Command that is not run",
    severity=Severity.WARNING,
    reason="One believes that the drill breaks the primary, and it only turns the check's meaning round.",
    source="docs: drill",
    remedy="Add `method: command`, or take the commands out.",
    find=find,
    fails=Example(plan(more="drill: {break-command: 'ssh web systemctl stop nginx'}"), SITE),
    passes=Example(plan(more="drill: {method: invert}"), SITE),
)

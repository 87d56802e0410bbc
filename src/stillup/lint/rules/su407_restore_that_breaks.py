"""SU407: the drill's command that restores is the one that breaks."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.examples import plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject


def find(subject: Subject) -> Iterable[Finding]:
    """Found where both are the same text."""
    drill = None if subject.typed is None else subject.typed.drill
    if drill is not None and drill.break_command and drill.break_command == drill.restore_command:
        yield Finding("restore-command is the same as break-command", "drill.restore-command")


_COMMANDS = "drill: {{method: command, break-command: 'ssh web systemctl stop nginx', restore-command: '{}'}}"

RULE = Rule(
    id="SU407",
    title="Restore that breaks again",
    severity=Severity.ERROR,
    reason="The drill ends with the primary broken, and visitors stay with the standby.",
    source="docs: drill",
    remedy="Give the command that undoes `break-command`.",
    find=find,
    fails=Example(
        plan(more=_COMMANDS.format("ssh web systemctl stop nginx"), standby="address: 198.51.100.20")
    ),
    passes=Example(
        plan(more=_COMMANDS.format("ssh web systemctl start nginx"), standby="address: 198.51.100.20")
    ),
)

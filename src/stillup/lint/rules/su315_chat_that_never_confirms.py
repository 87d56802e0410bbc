"""SU315: a chat's webhook does not understand SNS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from stillup.lint.examples import SITE, plan
from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.subject import Subject

CHATS: Final = (
    "hooks.slack.com",
    "discord.com",
    "discordapp.com",
    "webhook.office.com",
    "outlook.office.com",
    "chat.googleapis.com",
    "api.telegram.org",
)


def find(subject: Subject) -> Iterable[Finding]:
    """Found for a webhook at one of the chats."""
    for topic in subject.setup.topics:
        for each in topic.subscriptions:
            host = urlsplit(each.endpoint).hostname or ""
            if each.protocol == "https" and any(host == chat or host.endswith(f".{chat}") for chat in CHATS):
                yield Finding(f"{host} does not confirm SNS subscriptions", "alert.webhooks")


RULE = Rule(
    id="SU315",
    title="Webhook that never confirms",
    severity=Severity.ERROR,
    reason="SNS sends a confirmation first, and nothing until its link was opened; a chat takes it for a malformed message.",
    source="SN-3, SN-7",
    remedy="Put Amazon Q Developer in chat applications, or a small relay, between; or have the chat take mails.",
    find=find,
    fails=Example(plan(alert="webhooks: ['https://hooks.slack.com/services/T000/B000/XXXX']"), SITE),
    passes=Example(plan(alert="webhooks: ['https://relay.example.net/slack']"), SITE),
)

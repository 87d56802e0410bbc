"""SU252: the account forbids what the bucket allows."""

from __future__ import annotations

from collections.abc import Iterable

from stillup.lint.finding import Example, Finding, Rule, Severity
from stillup.lint.live import Live
from stillup.lint.rules_live.judging import is_website_standby
from stillup.lint.rules_live.worked import GUIDE, NOW, SITE
from stillup.lint.subject import Subject
from stillup.plan.setup import PublicAccessBlock


def find(subject: Subject) -> Iterable[Finding]:
    """Found where Block Public Access of the account refuses public policies, or ignores them, and a bucket is served."""
    block = None if subject.live is None else subject.live.account_block
    if block is None or not is_website_standby(subject):
        return
    switches = {
        "BlockPublicPolicy": block.block_public_policy,
        "RestrictPublicBuckets": block.restrict_public_buckets,
    }
    if any(switches.values()):
        on = " and ".join(name for name, is_on in switches.items() if is_on)
        yield Finding(
            f"{on} of the account's Block Public Access: no bucket of it can be a website", "standby"
        )


def _blocks(*, is_blocking: bool) -> Live:
    block = PublicAccessBlock(
        block_public_acls=True,
        ignore_public_acls=True,
        block_public_policy=is_blocking,
        restrict_public_buckets=is_blocking,
    )
    return Live(NOW, account_block=block)


RULE = Rule(
    id="SU252",
    title="Account that blocks public buckets",
    severity=Severity.ERROR,
    reason="The stricter of the bucket's and the account's settings holds: visitors get 403 from the standby.",
    source="S3-8",
    remedy=(
        "Turn BlockPublicPolicy and RestrictPublicBuckets off for the account, or put CloudFront before a private "
        "bucket."
    ),
    find=find,
    fails=Example(GUIDE, SITE, _blocks(is_blocking=True)),
    passes=Example(GUIDE, SITE, _blocks(is_blocking=False)),
    is_live=True,
)

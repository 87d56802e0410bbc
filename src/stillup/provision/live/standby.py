"""The standby as visitors will see it."""

from __future__ import annotations

from urllib.parse import urlsplit

from stillup.lint.live import Page
from stillup.plan.describe import website_bucket, website_region
from stillup.plan.desired.site import bare_endpoint
from stillup.provision.live.question import NotAsked, Question
from stillup.provision.web import Target, fetch


def read_standby(question: Question) -> Page:
    """Its front page, or the page that the plan's rehearsal visits. Raises NotAsked where it cannot be visited."""
    for record in question.records("SECONDARY"):
        bucket = website_bucket(record)
        if bucket is not None:
            return fetch(_website(question, bucket, website_region(record) or "us-east-1"))
        host = record.alias.dns_name if record.alias is not None else record.values[0].removesuffix(".")
        return fetch(_visited(question, host))
    raise NotAsked


def _website(question: Question, bucket: str, region: str) -> Target:
    if question.is_engine:
        raise NotAsked("the address of the engine's website endpoint is not told by its API")
    if question.actual is None or question.actual.bucket is None:
        raise NotAsked
    return Target("http", bucket, 80, address=bare_endpoint(region))


def _visited(question: Question, host: str) -> Target:
    typed = question.typed.drill.visit if question.typed is not None else None
    if typed is not None:
        parts = urlsplit(typed)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return Target(parts.scheme, question.setup.name, port, parts.path or "/", address=host)
    check = question.primary_check()
    is_https = check is not None and check.config is not None and check.config.type.startswith("HTTPS")
    scheme, port = ("https", 443) if is_https else ("http", 80)
    return Target(scheme, question.setup.name, port, address=host)

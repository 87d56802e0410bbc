"""The primary as its health check sees it, and as visitors over HTTPS do."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from stillup.lint.live import Page
from stillup.plan.setup import CheckConfig
from stillup.provision.live.question import NotAsked, Question
from stillup.provision.web import Target, connect, fetch, target_of


def read_probe(question: Question) -> Page:
    """What the check would see from here, with what is behind a redirect. Raises NotAsked."""
    check = question.primary_check()
    config = check.config if check is not None else None
    if config is None or config.disabled or config.inverted:
        raise NotAsked
    target = _target(config)
    if config.type == "TCP":
        return _connected(target)
    page = fetch(target)
    if page.location is None or page.status is None or not 300 <= page.status < 400:
        return page
    return replace(page, behind=_behind(question, page.location))


def read_https(question: Question) -> Page:
    """The front page over HTTPS; raises NotAsked where nobody answers there, which is no fault."""
    target = https_target(question)
    page = fetch(target)
    if page.status is None:
        raise NotAsked
    return page


def https_target(question: Question) -> Target:
    """Where visitors over HTTPS come in. Raises NotAsked where the primary is not known by address or name."""
    check = question.primary_check()
    config = check.config if check is not None else None
    port = config.port if config is not None and config.type.startswith("HTTPS") else None
    for address in question.addresses("PRIMARY"):
        return Target("https", question.setup.name, port or 443, address=address)
    for record in question.records("PRIMARY"):
        host = record.alias.dns_name if record.alias is not None else record.values[0].removesuffix(".")
        return Target("https", question.setup.name, port or 443, address=host)
    raise NotAsked


def _target(config: CheckConfig) -> Target:
    is_tls = config.type.startswith("HTTPS")
    host = config.fqdn or config.ip_address
    if host is None:
        raise NotAsked
    return Target(
        scheme="https" if is_tls else "http",
        host=host,
        port=config.port or (443 if is_tls else 80),
        path=config.resource_path or "/",
        address=config.ip_address,
        has_sni=config.enable_sni is not False,
    )


def _connected(target: Target) -> Page:
    """For a TCP check a connection is all; raises NotAsked where there is one, since there is no page to judge."""
    try:
        connect(replace(target, scheme="http")).close()
    except OSError as error:
        return Page(f"tcp://{target.address or target.host}:{target.port}", error=str(error))
    raise NotAsked


def _behind(question: Question, location: str) -> Page | None:
    """What answers where a redirect leads: at the primary, where that is its own name."""
    addresses = question.addresses("PRIMARY")
    is_own = urlsplit(location).hostname == question.setup.name and addresses
    try:
        return fetch(target_of(location, address=addresses[0] if is_own else None))
    except ValueError:
        return Page(location, error="no http URL")

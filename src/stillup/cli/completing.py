"""What a shell is offered when the tab key is pressed. Never raises: no offer is better than a traceback at a prompt."""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import typer

Offer = tuple[str, str]
"""A word, and what it means."""

_PLAN_ENDINGS: Final = (".yaml", ".yml")


def plan_files(incomplete: str) -> list[str]:
    """YAML files, and the folders that lead to more of them."""
    return _paths(incomplete, lambda path: path.suffix in _PLAN_ENDINGS)


def folders(incomplete: str) -> list[str]:
    """Folders."""
    return _paths(incomplete, lambda path: False)


def failover_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """The failovers of the plan file that is named so far, or of the one that lies here."""
    from stillup.cli.options import DEFAULT_PLAN
    from stillup.plan.file.read import Document, read_plan

    path = Path(ctx.params.get("plan") or DEFAULT_PLAN)
    try:
        document = read_plan(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, UnicodeDecodeError):
        return []
    names = [each.name for each in document.plan.failovers] if isinstance(document, Document) else []
    return [name for name in names if name.startswith(incomplete)]


def profiles(incomplete: str) -> list[str]:
    """Those of the AWS configuration, as `aws configure list-profiles` has them."""
    home = Path.home() / ".aws"
    found = set()
    for variable, usual in (("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")):
        sections = configparser.RawConfigParser(strict=False)
        try:
            sections.read(os.environ.get(variable) or home / usual, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        names = (name for name in sections.sections() if not name.startswith(("sso-session ", "services ")))
        found |= {name.removeprefix("profile ") for name in names}
    return sorted(name for name in found if name.startswith(incomplete))


def regions(incomplete: str) -> list[Offer]:
    """AWS's Regions, with where they are."""
    from stillup.rules.regions import display_name
    from stillup.rules.zones.s3_endpoints import ENDPOINT_NAMES

    return _matching(((region, display_name(region)) for region in sorted(ENDPOINT_NAMES)), incomplete)


def lint_rules(incomplete: str) -> list[Offer]:
    """Ids of rules, with their titles."""
    from stillup.lint.catalogue import RULES

    return _matching(((rule.id, rule.title) for rule in RULES), incomplete.upper())


def _matching(offers: Iterable[Offer], incomplete: str) -> list[Offer]:
    return [(word, about) for word, about in offers if word.startswith(incomplete)]


def _paths(incomplete: str, is_meant: Callable[[Path], bool]) -> list[str]:
    head, _, tail = incomplete.rpartition("/")
    base = f"{head}/" if "/" in incomplete else ""
    try:
        entries = sorted(Path(base or ".").expanduser().iterdir())
    except OSError:
        return []
    return [
        f"{base}{entry.name}{'/' if entry.is_dir() else ''}"
        for entry in entries
        if entry.name.startswith(tail)
        and (tail.startswith(".") or not entry.name.startswith("."))
        and (entry.is_dir() or is_meant(entry))
    ]

"""What `stillup import` writes and tells."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import typer

from stillup.cli.output import fail, print_json, refuse_to_overwrite, say, write_file
from stillup.lint.catalogue import RULES
from stillup.lint.run import Report, lint
from stillup.lint.subject import Subject
from stillup.plan.describe import NotDescribable
from stillup.plan.file.plan_file import Where
from stillup.plan.file.render import render_plan
from stillup.provision.account import Account
from stillup.provision.discover import Discovered, discover
from stillup.provision.errors import ProvisionFailed


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    name: str
    zone: str | None
    output: Path | None
    download: Path | None
    dns: tuple[str, ...]
    profile: str | None
    region: str | None
    endpoint_url: str | None

    @property
    def where(self) -> Where:
        """For the plan, so that it can be used without these flags."""
        given = {
            "profile": self.profile,
            "region": self.region,
            "endpoint-url": self.endpoint_url,
            "dns": self.dns,
        }
        return Where.model_validate({key: value for key, value in given.items() if value})

    @property
    def folder_name(self) -> str | None:
        """The download folder as the plan file names it, relative to itself."""
        if self.download is None:
            return None
        beside = self.output.parent if self.output is not None else Path()
        return Path(os.path.relpath(self.download, beside)).as_posix()


def tell(wanted: Wanted, *, force: bool, as_json: bool) -> None:
    """Find the failover, write its plan, and say the rest on standard error; all of it as JSON if so asked."""
    _refuse_to_overwrite(wanted, force=force)
    found = _found(wanted)
    findings = _findings(found, wanted.where)
    text = render_plan(found.description.plan)
    if wanted.output is not None:
        write_file(wanted.output, text)
    if as_json:
        print_json(_as_json(found, findings))
        return
    if wanted.output is None:
        typer.echo(text, nl=False)
    _say(found, findings, wanted)


def _refuse_to_overwrite(wanted: Wanted, *, force: bool) -> None:
    if wanted.output is not None:
        refuse_to_overwrite(wanted.output, force=force)
    folder = wanted.download
    if (
        not force
        and folder is not None
        and folder.exists()
        and (not folder.is_dir() or any(folder.iterdir()))
    ):
        fail(f"{folder} is there already and not empty: name another folder, or pass --force to add to it")


def _found(wanted: Wanted) -> Discovered:
    where = wanted.where
    account = Account(where.profile, where.region, where.endpoint_url)
    try:
        return discover(
            account,
            wanted.name,
            where,
            now=time.time(),  # noqa: TID251  verbs are where a clock is read
            zone=wanted.zone,
            folder=wanted.download,
            folder_name=wanted.folder_name,
        )
    except ProvisionFailed as failed:
        fail(f"{failed.message} {failed.remedy}")
    except NotDescribable as failed:
        fail(f"{failed} `stillup init` writes a new plan.")


def _findings(found: Discovered, where: Where) -> tuple[Report, ...]:
    return lint(Subject(found.setup, found.description.failover, where, None, found.live), RULES)


def _say(found: Discovered, findings: tuple[Report, ...], wanted: Wanted) -> None:
    if found.along:
        _list("Aliases lead on", [f"{' → '.join(found.along)} → {found.setup.name}, which is the failover"])
    if wanted.output is not None:
        say(f"stillup: wrote {wanted.output}")
    _list("What the plan does not say:", found.description.unsaid)
    _list("Not saved, since these are no file names:", found.left_out)
    _list(
        f"Found by lint: {len(findings) or 'nothing'}",
        [
            f"{each.rule.id} {each.rule.severity}: {each.finding.text}\n    {each.rule.remedy}"
            for each in findings
        ],
    )
    _list("Not known:", found.live.unknown)


def _list(heading: str, lines: tuple[str, ...] | list[str]) -> None:
    if lines or heading.startswith("Found"):
        say(heading)
    for line in lines:
        say(f"  - {line}")


def _as_json(found: Discovered, findings: tuple[Report, ...]) -> dict[str, object]:
    return {
        "name": found.setup.name,
        "along": list(found.along),
        "plan": found.description.plan.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "unsaid": list(found.description.unsaid),
        "left_out": list(found.left_out),
        "findings": [
            {
                "rule": each.rule.id,
                "severity": each.rule.severity.value,
                "text": each.finding.text,
                "path": each.finding.path,
                "remedy": each.rule.remedy,
            }
            for each in findings
        ],
        "unknown": list(found.live.unknown),
    }

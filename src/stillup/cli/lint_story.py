"""What `stillup lint` looks at, and what it tells."""

from __future__ import annotations

import time
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import version
from typing import Any

import typer

from stillup.cli.loading import Loaded
from stillup.cli.output import WRONG_USE, fail, print_json, say
from stillup.lint.catalogue import RULES, STATIC_RULES
from stillup.lint.finding import Rule, Severity
from stillup.lint.live import Live
from stillup.lint.render import data, github, sarif, text
from stillup.lint.render.located import Located, count, locate
from stillup.lint.run import lint_file
from stillup.lint.subject import Subject
from stillup.plan.desired import desired
from stillup.plan.file.plan_file import Failover
from stillup.plan.setup import Setup
from stillup.provision.errors import ProvisionFailed
from stillup.provision.folder import EmptyFolder, Folder, read_folder


@dataclass(frozen=True, slots=True)
class Found:
    """What lint found in a plan file."""

    located: tuple[Located, ...]
    rules: tuple[Rule, ...]
    """Those that were asked."""
    failovers: int
    unknown: tuple[str, ...]
    """What `--live` could not learn."""

    def as_text(self) -> str:
        """For people."""
        return text.as_text(self.located, failovers=self.failovers, rules=len(self.rules))

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return data.as_data(self.located, unknown=self.unknown)

    def as_sarif(self) -> dict[str, Any]:
        """For code scanning."""
        return sarif.as_sarif(self.located, RULES, version=version("stillup"))

    def as_annotations(self) -> str:
        """For GitHub's workflows."""
        return github.as_annotations(self.located)

    def reaches(self, least: str) -> bool:
        """Whether something of at least this severity is found; `never` is beyond all."""
        order = [severity.value for severity in Severity]
        severities = order[: order.index(least) + 1] if least in order else []
        return any(count(self.located, Severity(each)) for each in severities)


def look(loaded: Loaded, *, live: bool) -> Found:
    """Every rule on every failover that is meant. Folders are read, and with `live` the account and the network.

    Ends the program with 1 where the account lets nobody in: then nothing of it would be known, and nothing found.
    """
    if live:
        _ask_who_we_are(loaded)
    subjects = [_subject(loaded, failover, live=live) for failover in loaded.failovers]
    unknown = tuple(
        dict.fromkeys(each for subject in subjects if subject.live for each in subject.live.unknown)
    )
    for each in unknown:
        say(f"stillup: not known: {each}")
    is_whole = len(loaded.failovers) == len(loaded.document.plan.failovers)
    reports = lint_file(subjects, RULES, loaded.document.plan.silence, are_all=is_whole)
    return Found(
        located=locate(reports, loaded.document),
        rules=RULES if live else STATIC_RULES,
        failovers=len(subjects),
        unknown=unknown,
    )


def list_rules(*, as_json: bool) -> None:
    """Print the catalogue."""
    if as_json:
        print_json([data.rule_as_data(rule) for rule in RULES])
    else:
        typer.echo(text.as_list(RULES), nl=False)


def explain(wanted: str, *, as_json: bool) -> None:
    """Print all about a rule; ends with 2 where there is none of that id."""
    rule = next((rule for rule in RULES if rule.id == wanted.upper()), None)
    if rule is None:
        close = get_close_matches(wanted.upper(), [rule.id for rule in RULES], n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        fail(f"there is no rule {wanted}: {hint}`stillup lint --rules` lists them", code=WRONG_USE)
    if as_json:
        print_json(data.rule_as_data(rule))
    else:
        typer.echo(text.as_explanation(rule), nl=False)


def _subject(loaded: Loaded, failover: Failover, *, live: bool) -> Subject:
    folder = _folder(loaded, failover)
    setup = desired(failover, loaded.where, files=None if folder is None else folder.stored)
    return Subject(
        setup=setup,
        typed=failover,
        where=loaded.where,
        folder=None if folder is None else {key: file.read() for key, file in folder.files.items()},
        live=_live(loaded, failover, setup) if live else None,
    )


def _folder(loaded: Loaded, failover: Failover) -> Folder | None:
    """The standby's files; one that is not there is as good as empty, and a rule tells of it."""
    if failover.standby.folder is None:
        return None
    path = loaded.folder / failover.standby.folder
    if not path.exists():
        return Folder({})
    try:
        return read_folder(path)
    except EmptyFolder:
        return Folder({})
    except ProvisionFailed as failed:
        fail(f"{failed.message} {failed.remedy}")


def _ask_who_we_are(loaded: Loaded) -> None:
    from stillup.provision.errors import explained
    from stillup.provision.read.caller import read_caller

    try:
        with explained("reading who is calling"):
            read_caller(loaded.account)
    except ProvisionFailed as failed:
        fail(f"{failed.message} {failed.remedy}")


def _live(loaded: Loaded, failover: Failover, setup: Setup) -> Live:
    from stillup.provision.live import read_live

    now = time.time()  # noqa: TID251  verbs are where a clock is read
    return read_live(loaded.account, setup, now=now, typed=failover, where=loaded.where)

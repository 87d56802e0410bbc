"""The plan file that a verb is given, with its flags: read, merged, and complained about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from stillup.cli.options import DEFAULT_PLAN
from stillup.cli.output import ERROR, WRONG_USE, fail, say

if TYPE_CHECKING:
    from stillup.plan.file.plan_file import Failover, Where
    from stillup.plan.file.read import Document, PlanError
    from stillup.provision.account import Account


@dataclass(frozen=True)
class Loaded:
    """A plan file that reads, and what of it is meant."""

    document: Document
    failovers: tuple[Failover, ...]
    """Those that `--only` names; all without it."""
    where: Where
    """The file's, with the flags over it."""
    folder: Path
    """That the plan file lies in: what its own paths are relative to."""

    @cached_property
    def account(self) -> Account:
        """The account or engine. Made when first asked for, since boto3 takes a third of a second to import."""
        from stillup.provision.account import Account

        return Account(self.where.profile, self.where.region, self.where.endpoint_url)


def load(
    path: Path = DEFAULT_PLAN,
    *,
    only: Sequence[str] | None = None,
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
) -> Loaded:
    """Read a plan file; `-` is standard input. Flags win over what the file says under `where`.

    Ends the program: with 1 where the file is not there or does not read, having said all that is wrong with it on
    standard error, one line each as `stillup.yaml:7:5: …`; with 2 where `only` names what the file has not.
    """
    from stillup.plan.file.read import Document, read_plan

    document = read_plan(_text(path), source=str(path))
    if not isinstance(document, Document):
        _refuse(path, document)
    flags = {"profile": profile, "region": region, "endpoint_url": endpoint_url}
    given = {key: value for key, value in flags.items() if value is not None}
    return Loaded(
        document=document,
        failovers=_chosen(document, only or ()),
        where=document.plan.where.model_copy(update=given),
        folder=Path() if str(path) == "-" else path.parent,
    )


def _text(path: Path) -> str:
    try:
        octets = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return octets.decode("utf-8-sig")
    except FileNotFoundError:
        fail(f"there is no {path}: `stillup init` writes one, or name the plan file that is meant")
    except IsADirectoryError:
        fail(f"{path} is a folder: name the plan file in it, such as {path / DEFAULT_PLAN}")
    except UnicodeDecodeError as wrong:
        fail(f"{path} is no text in UTF-8: octet {wrong.start + 1} cannot be read; save it as UTF-8")
    except OSError as wrong:
        fail(f"{path} cannot be read: {wrong.strerror}")


def _refuse(path: Path, errors: Sequence[PlanError]) -> NoReturn:
    for each in errors:
        say(f"{path}:{each}")
    raise typer.Exit(ERROR)


def _chosen(document: Document, only: Sequence[str]) -> tuple[Failover, ...]:
    names = [each.name for each in document.plan.failovers]
    wanted = [name.lower().removesuffix(".") for name in only]
    for name in wanted:
        if name not in names:
            fail(f"no failover {name} in {document.source}; it has {', '.join(names)}", code=WRONG_USE)
    return tuple(each for each in document.plan.failovers if not wanted or each.name in wanted)

"""The verbs, in the order in which a newcomer meets them."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from io import TextIOWrapper
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from stillup.cli import (
    apply,
    demo,
    destroy,
    drill,
    import_,
    init,
    lint,
    plan,
    policy,
    replay,
    schema,
    serve,
    status,
    watch,
    why,
)
from stillup.cli.output import say

SECTIONS: Final = {
    "See it work": (("demo", demo.run, "Watch a primary die and come back, on this machine"),),
    "Describe a failover": (
        ("init", init.run, "Write a first plan file"),
        ("import", import_.run, "Write the plan file of a failover that exists"),
        ("lint", lint.run, "Find what is wrong with a plan, or with what is live"),
        ("schema", schema.run, "Print the plan file's JSON Schema, for editors"),
    ),
    "Set it up": (
        ("policy", policy.run, "Print the least IAM policy that the plan needs"),
        ("plan", plan.run, "Show what there is to do; change nothing"),
        ("apply", apply.run, "Do it, and wait until it is in force"),
        ("destroy", destroy.run, "Remove what apply made"),
    ),
    "Know that it works": (
        ("drill", drill.run, "Break the primary on purpose, time the failover"),
        ("status", status.run, "Tell what visitors get now, and since when"),
        ("watch", watch.run, "The same, live"),
        ("why", why.run, "Tell why visitors get what they get"),
        ("replay", replay.run, "Judge recorded observations by another plan"),
    ),
    "Be the Route 53 yourself": (
        ("serve", serve.run, "Run the engine: DNS, health checks, site, alarms, API"),
    ),
}
"""The verbs with their one-liners, as `stillup --help` lists them."""


VERBS: Final = {verb: (run, one_liner) for verbs in SECTIONS.values() for verb, run, one_liner in verbs}


class _Commands(Mapping[str, Any]):
    """The verb's command, built when it is asked for: to build them all takes longer than most verbs do."""

    def __getitem__(self, verb: str) -> Any:
        return _command(verb)

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


@cache
def _command(verb: str) -> Any:
    run, one_liner = VERBS[verb]
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(verb, short_help=one_liner)(run)
    return typer.main.get_command(alone)


class _Verbs(TyperGroup):
    """Lists the verbs by what they are for."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": _Commands()})

    def list_commands(self, ctx: Any) -> list[str]:
        """Every verb, in the order of the sections."""
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        """The verb. Of Ctrl-C it tells itself where it does something that must be gone on with."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("stillup: Interrupted.")
            raise
        except typer.BadParameter as wrong:
            wrong.message = _reworded(wrong)
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One list for each section, all with the same margin."""
        margin = max(map(len, self.commands))
        for title, verbs in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(verb.ljust(margin), one_liner) for verb, _, one_liner in verbs])


def _reworded(wrong: typer.BadParameter) -> str:
    """What is wrong with a value, in the words of a plan file's errors: typer's are pydantic's."""
    from pydantic import ValidationError

    from stillup.plan.file.wording import in_plain_english

    cause = wrong.__cause__
    return (
        "; ".join(map(in_plain_english, cause.errors()))
        if isinstance(cause, ValidationError)
        else wrong.message
    )


app = typer.Typer(
    name="stillup",
    cls=_Verbs,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        # Imported here: it takes a while, and only this option needs it.
        from importlib.metadata import version

        typer.echo(f"stillup {version('stillup')}")
        raise typer.Exit


@app.callback()
def verbs(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print it, and end.")
    ] = False,
) -> None:
    """Your primary goes down at 2 AM. You are still up.

    One plan file describes a failover; these verbs set it up, check it, rehearse it, explain it and remove it, on AWS
    and on an engine of your own. `stillup VERB --help` tells all about one of them.
    """


def main() -> None:
    """Run the verb that the arguments name. Exit codes: 0 done, 1 an error, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # What a terminal cannot show, such as an arrow in Latin 1, is told by its number; JSON stays JSON.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="stillup")
    except OSError as wrong:
        # Of files and connections verbs tell themselves; this is standard output on a disk that is full.
        if wrong.errno != errno.ENOSPC:
            raise
        sys.exit(f"stillup: the output cannot be written: {wrong.strerror}")

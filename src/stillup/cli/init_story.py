"""What `stillup init` asks, says and writes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typer

from stillup.cli.output import WRONG_USE, fail, print_json, refuse_to_overwrite, say, write_file
from stillup.plan.file.outline import Answers, Blame, outline, usual_zone
from stillup.plan.file.plan_file import PlanFile
from stillup.plan.file.render import render_plan

_FLAGS: Final = {"emails": "--email", "webhooks": "--webhook"}
_SOUND: Final = Answers(name="www.example.com", primary=("203.0.113.10",), standby="maintenance")
"""Stands for the answers that are still to come, while one is looked at."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the flags say."""

    name: str | None
    zone: str | None
    primary: tuple[str, ...]
    type: str | None
    port: int | None
    path: str | None
    interval: str | None
    standby: str | None
    ttl: int | None
    emails: tuple[str, ...]
    webhooks: tuple[str, ...]
    budget: str | None
    profile: str | None
    region: str | None
    endpoint_url: str | None


def write(given: Given, output: Path, *, force: bool, as_json: bool) -> None:
    """Ask for what is missing, then write the plan file and, where there is none, the standby's page."""
    is_file = str(output) != "-"
    if is_file:
        refuse_to_overwrite(output, force=force)
    answers = _complete(given)
    folder = Path(answers.standby)
    plan = _planned(replace(answers, standby=_seen_from(output.parent, folder) if is_file else str(folder)))
    text = render_plan(plan)
    pages = _make_page(folder, plan.failovers[0].name)
    if is_file:
        write_file(output, text)
    if as_json:
        print_json(
            {"plan": str(output) if is_file else None, "text": text, "made": [str(each) for each in pages]}
        )
    elif not is_file:
        typer.echo(text, nl=False)
    for page in pages:
        say(f"Made {page}: a page that says sorry; put your own words in.")
    if is_file:
        shown = "" if output.name == "stillup.yaml" and output.parent == Path() else f" {output}"
        say(f"Wrote {output}. Next: `stillup lint{shown}`, then `stillup plan{shown}`.")


def _complete(given: Given) -> Answers:
    """What the flags say, and what is answered where they say too little."""
    told = {key: each for key, each in asdict(given).items() if each not in (None, ())}
    missing = [key for key in ("name", "primary", "standby") if key not in told]
    if missing:
        if not sys.stdin.isatty():
            flags = ", ".join(map(_flag, missing))
            fail(
                f"there is no terminal to ask at: pass {flags} (`stillup init --help` tells all)",
                code=WRONG_USE,
            )
        told |= _ask(told)
    return Answers(**told)


def _ask(told: dict[str, Any]) -> dict[str, Any]:
    """The questions, in the order of the plan file; each is asked until its answer makes sense."""
    answers = dict(told)

    def ask(key: str, question: str, default: str | None = None, *, many: bool = False) -> None:
        if key in told:
            return
        answer = typer.prompt(
            question,
            default=default,
            show_default=bool(default),
            value_proc=_judge(answers, key, many=many),
            err=True,
        )
        if answer:
            answers[key] = answer

    ask("name", "Name that visitors type, such as www.example.com")
    ask("zone", "Hosted zone that it is in, by name or id", usual_zone(answers["name"]))
    ask("primary", "Address or name of the primary server", many=True)
    ask("type", "Check it by http, https or tcp", "http")
    if answers.get("type") != "tcp":
        ask("path", "Path that answers 2xx or 3xx while all is well", "/health")
    ask("standby", "Folder with the standby site", "maintenance")
    ask("emails", "E-mail address to tell (empty: nobody)", "", many=True)
    return {key: each for key, each in answers.items() if key not in told}


def _judge(answers: dict[str, Any], key: str, *, many: bool) -> Callable[[str], Any]:
    """Takes an answer, or has the question asked again with what is wrong."""

    def judge(text: str) -> Any:
        value: Any = tuple(text.replace(",", " ").split()) if many else text.strip()
        if not value:
            return value
        made = outline(replace(_SOUND, **answers, **{key: value}))
        # A name outside of its zone is the zone's fault where the name was told first.
        blamed = (key, "name") if key == "zone" else (key,)
        wrong = [] if isinstance(made, PlanFile) else [each for each in made if each.answer in blamed]
        if wrong:
            raise typer.BadParameter("; ".join(each.message for each in wrong))
        return value

    return judge


def _planned(answers: Answers) -> PlanFile:
    made = outline(answers)
    if isinstance(made, PlanFile):
        return made
    for each in made:
        say(f"stillup init: {_flag(each.answer)}: {_about(each)}")
    raise typer.Exit(WRONG_USE)


def _about(blame: Blame) -> str:
    return blame.message.replace(
        "say which with `bucket` beside it", "write the plan by hand, with a `bucket`"
    )


def _flag(answer: str) -> str:
    return _FLAGS.get(answer, f"--{answer.replace('_', '-')}")


def _seen_from(base: Path, folder: Path) -> str:
    """The folder as a plan file in `base` names it."""
    if folder.is_absolute():
        return str(folder)
    return Path(os.path.relpath(folder, base)).as_posix()


def _make_page(folder: Path, name: str) -> tuple[Path, ...]:
    """A page in a folder that is not there; one that is there is left as it is."""
    if folder.exists():
        if not folder.is_dir():
            fail(f"{folder} is no folder: name the one with the standby's index.html", code=WRONG_USE)
        return ()
    template = files("stillup.cli").joinpath("maintenance.html").read_text(encoding="utf-8")
    page = folder / "index.html"
    try:
        folder.mkdir(parents=True)
        page.write_text(template.replace("{{ name }}", name), encoding="utf-8")
    except OSError as wrong:
        fail(f"{page} cannot be made: {wrong.strerror}")
    return (page,)

"""What `plan`, `apply` and `destroy` have in common: drawing a plan up, showing it, carrying it out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from stillup.cli.output import ERROR, INTERRUPTED, fail, print_json, say

if TYPE_CHECKING:
    from stillup.cli.loading import Loaded
    from stillup.plan.make import Wish
    from stillup.plan.step import Plan
    from stillup.provision.planning import Drawn
    from stillup.provision.progress import Event


def drawn_up(loaded: Loaded, wish: Wish) -> Drawn:
    """The plan, from what is typed and what there is. Ends with 1 where that fails."""
    from stillup.provision.planning import draw_up

    with failures_told():
        drawn = draw_up(
            loaded.account,
            loaded.failovers,
            loaded.where,
            base=loaded.folder,
            wish=wish,
            beside=loaded.document.plan.failovers,
        )
    for sentence in drawn.left_out:
        say(sentence)
    return drawn


def show_or_refuse(drawn: Drawn, *, as_json: bool) -> None:
    """The plan is shown before it is carried out; for programs only where it is refused, which ends with 1."""
    if not as_json:
        show(drawn.plan)
    elif drawn.plan.refusals:
        print_json(result(drawn, applied=False))
    if drawn.plan.refusals:
        raise typer.Exit(ERROR)


def show(plan: Plan) -> None:
    """The plan as text, coloured on a terminal."""
    from stillup.cli.console import out
    from stillup.plan.render import Tone, lines

    styles = {
        Tone.HEADING: "bold",
        Tone.CREATE: "green",
        Tone.CHANGE: "yellow",
        Tone.DELETE: "red",
        Tone.WARNING: "magenta",
        Tone.REFUSED: "bold red",
    }
    for line in lines(plan):
        out.print(line.text, style=styles.get(line.tone), markup=False)


def carried_out(loaded: Loaded, drawn: Drawn) -> None:
    """Do it, telling each step on standard error. Ends with 1 where that fails or is interrupted."""
    from stillup.provision.carry_out import carry_out

    with failures_told():
        for event in carry_out(drawn.plan, drawn.grounds, loaded.account):
            _tell(event)


@contextmanager
def failures_told() -> Iterator[None]:
    """End with 1, or with 130 for Ctrl-C, saying what went wrong and what to do, where the account or a person ends it."""
    from stillup.provision.errors import AGAIN, ProvisionFailed

    try:
        yield
    except ProvisionFailed as failed:
        fail(f"{failed.message} {failed.remedy}")
    except KeyboardInterrupt:
        fail(f"Interrupted. {AGAIN}", code=INTERRUPTED)


def result(drawn: Drawn, **more: Any) -> dict[str, Any]:
    """The plan for programs, with what became of it."""
    from stillup.plan.render import as_json

    return {**as_json(drawn.plan), **more}


def _tell(event: Event) -> None:
    from stillup.provision.progress import Done, Waiting

    match event:
        case Done(step):
            say(f"  done  {step.failover}: {step.action} {step.address}")
        case Waiting(failover, text):
            say(f"  wait  {failover}: {text}")
        case _:
            pass

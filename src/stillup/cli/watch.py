"""`stillup watch`: what visitors get, all the time."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stillup.cli.options import (
    DEFAULT_PLAN,
    EndpointOption,
    JsonOption,
    OnlyOption,
    PlanArgument,
    ProfileOption,
    RegionOption,
)
from stillup.cli.output import say

if TYPE_CHECKING:
    from stillup.cli.seeing import Looked
    from stillup.plan.chain.changes import Change
    from stillup.plan.chain.link import Chain

_SHOWN: Final = 12
"""Lines of the log on the screen."""
_Show = Callable[[Sequence["Chain"], Sequence["Change"]], None]


def run(
    plan: PlanArgument = DEFAULT_PLAN,
    only: OnlyOption = None,
    every: Annotated[
        float, typer.Option(min=0.2, metavar="SECONDS", help="From one look to the next.")
    ] = 5.0,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what `status` tells, again and again, and below it what changed. Ctrl-C ends it, with exit code 0.

    Without a terminal it prints one line for each change; with --json, each as JSON.
    """
    from stillup.cli.console import out
    from stillup.cli.loading import load
    from stillup.cli.seeing import looked_at

    loaded = load(plan, only=only, profile=profile, region=region, endpoint_url=endpoint_url)
    looked = looked_at(loaded)
    try:
        if as_json or not out.is_terminal:
            _watch(looked, every, _print_json if as_json else _print_line)
        else:
            _watch_live(looked, every)
    except KeyboardInterrupt:
        raise typer.Exit from None


def _watch(looked: Sequence[Looked], every: float, show: _Show) -> None:
    """Look until somebody stops it. What cannot be read at first ends the program; later it is said, and tried again."""
    from stillup.plan.chain.changes import changes
    from stillup.provision.errors import ProvisionFailed

    before = {each.name: each.chain_or_end() for each in looked}
    show(list(before.values()), [change for each in before.values() for change in changes(None, each)])
    while True:
        time.sleep(every)
        try:
            chains = [each.chain() for each in looked]
        except ProvisionFailed as failed:
            say(f"stillup: {failed.message} It is tried again.")
            continue
        former = before.values()
        show(
            chains,
            [change for old, new in zip(former, chains, strict=True) for change in changes(old, new)],
        )
        before = {each.name: chain for each, chain in zip(looked, chains, strict=True)}


def _print_json(chains: Sequence[Chain], changed: Sequence[Change]) -> None:
    from stillup.plan.moments import instant

    for each in changed:
        line = {
            "at": instant(each.at),
            "failover": each.failover,
            "what": each.what,
            "before": each.before,
            "after": each.after,
        }
        typer.echo(json.dumps(line, ensure_ascii=False))


def _print_line(chains: Sequence[Chain], changed: Sequence[Change]) -> None:
    for each in changed:
        typer.echo(_line(each))


def _line(change: Change) -> str:
    from stillup.plan.moments import instant
    from stillup.plan.printable import printable

    return printable(f"{instant(change.at)} {change.failover} {change}")


def _watch_live(looked: Sequence[Looked], every: float) -> None:
    from rich.live import Live
    from rich.text import Text

    from stillup.cli import chain_view
    from stillup.cli.console import out

    log: deque[str] = deque(maxlen=_SHOWN)
    with Live(Text("looking …"), console=out, auto_refresh=False, screen=False) as live:

        def show(chains: Sequence[Chain], changed: Sequence[Change]) -> None:
            log.extend(_line(each) for each in changed if each.before is not None)
            screen = chain_view.table(chains)
            screen.append_text(chain_view.problems(chains, out.width))
            screen.append("\n" + "\n".join(log) if log else "\nno change since the beginning")
            live.update(screen, refresh=True)

        _watch(looked, every, show)

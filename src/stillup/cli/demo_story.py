"""What `stillup demo` prints as it goes, and how it cleans up."""

from __future__ import annotations

import shutil
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console
from rich.table import Table

from stillup.drill.demo import play, stage
from stillup.drill.engine_process import EngineFailed, EngineProcess
from stillup.drill.loopback import BACKUP_ADDRESS, NoLoopback, free_port


def tell(*, rate: float, keep: bool) -> int:
    """Perform the demo; the exit code: 0 done, 1 no failover, 130 interrupted."""
    console = Console(highlight=False)
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack:
        work = Path(tempfile.mkdtemp(prefix="stillup-demo-"))
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        try:
            _perform(console, stack, work, rate=rate, keep=keep)
        except (play.DemoFailed, EngineFailed, NoLoopback) as failure:
            console.print(f"\nThe demo failed: {failure}", style="bold red", soft_wrap=True)
            return 1
        except KeyboardInterrupt:
            console.print("\nStopping: the engine, the primary and the temporary folder go.")
            return 130
    return 0


def _perform(console: Console, stack: ExitStack, work: Path, *, rate: float, keep: bool) -> None:
    port = free_port()
    console.print(f"Starting an engine whose clock runs {rate:g} times as fast as yours")
    arguments = play.engine_arguments(work, port=port, rate=rate)
    engine = EngineProcess(arguments, log=work / "engine.log", tether=work)
    stack.enter_context(engine)
    cloud = stage.Cloud(engine.listeners.endpoint_url)
    production = play.Production(engine, cloud, port, rate, play.mail_folder(work))
    milestones = []
    for seconds, event in play.perform(production):
        console.print(f"{seconds:5.1f} s  {_line(event)}", soft_wrap=True)
        if isinstance(event, play.Milestone):
            milestones.append(event)
    console.print()
    console.print(_timeline(milestones))
    console.print(f"Times in the table are engine time: {rate:g} of its seconds went by in each of yours.")
    if keep:
        _keep(console, production)


def _line(event: play.Event) -> str:
    match event:
        case play.Narration(text):
            return text
        case play.Milestone(what, seconds, _):
            return f"[bold]{what}[/bold] after {seconds:.0f} s of engine time"


def _timeline(milestones: list[play.Milestone]) -> Table:
    table = Table("What happened", "measured", "the guide says")
    for each in milestones:
        table.add_row(each.what, f"{each.seconds:.1f} s", each.guide)
    return table


def things_to_try(production: play.Production) -> list[str]:
    """Commands for whoever wants to look at the demo's engine himself."""
    listeners = production.engine.listeners
    return [
        f"export AWS_ENDPOINT_URL={listeners.endpoint_url} AWS_DEFAULT_REGION={stage.REGION}",
        "export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo",
        f"dig @{listeners.dns.host} -p {listeners.dns.port} {stage.SITE} +short",
        "aws route53 list-health-checks",
        "aws cloudwatch describe-alarms",
        f"aws ec2 stop-instances --instance-ids {stage.INSTANCE}",
        f"aws ec2 start-instances --instance-ids {stage.INSTANCE}",
        f"curl -H 'Host: {stage.SITE}' http://{BACKUP_ADDRESS}:{production.port}/",
        f"curl http://{listeners.console}/",
    ]


def _keep(console: Console, production: play.Production) -> None:
    console.print("\nIt is still running. Try, in another terminal:\n")
    for line in things_to_try(production):
        console.print(f"  {line}", soft_wrap=True, markup=False)
    console.print("\nCtrl-C ends it.")
    production.engine.wait()
    raise play.DemoFailed(f"the engine ended by itself\n{production.engine.last_words()}")


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt

"""What `stillup drill` asks, prints as it goes, and reports."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NoReturn, Self

import typer

from stillup.cli.confirming import confirm_or_exit
from stillup.cli.drill_voice import Voice
from stillup.cli.loading import Loaded, load
from stillup.cli.output import ERROR, INTERRUPTED, WRONG_USE, fail, write_file
from stillup.drill import preflight, repair
from stillup.drill.breakers.breaker import BreakFailed
from stillup.drill.breakers.choose import METHODS, ProxyWish, breaker_for
from stillup.drill.breakers.proxy import Mode
from stillup.drill.delivery.inbox import Inbox
from stillup.drill.delivery.subscription import ListenWish, end_forgotten, subscribed
from stillup.drill.engine_process import EngineFailed
from stillup.drill.interrupts import Interrupts
from stillup.drill.leftovers import AtWork, alone_with, state_folder
from stillup.drill.loopback import NoLoopback
from stillup.drill.rehearse import Rehearsal, rehearse
from stillup.drill.report import html, json, text
from stillup.drill.restoring import BRISK, NotRestored, no_record_in
from stillup.drill.sandbox.mapping import left_out
from stillup.drill.sandbox.sandbox import Ready, Sandbox, SandboxFailed
from stillup.drill.stopwatch import Stopwatch
from stillup.drill.target import CannotDrill, Target, parse_server, target_of
from stillup.drill.timeline import Drill
from stillup.plan.address import Address
from stillup.plan.desired import desired
from stillup.plan.detection import AWS, ENGINE
from stillup.plan.file.plan_file import Failover, Where
from stillup.plan.prediction import predict
from stillup.provision.account import Account
from stillup.provision.errors import ProvisionFailed, explained
from stillup.provision.read import read_setup
from stillup.rules.durations import parse_duration

_REPORTS: Final = {".html": html.render, ".json": json.render, ".txt": text.render}
_FAILURES: Final = (
    AtWork,
    BreakFailed,
    CannotDrill,
    EngineFailed,
    NoLoopback,
    NotRestored,
    ProvisionFailed,
    SandboxFailed,
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags, read."""

    method: str | None
    resolvers: tuple[Address, ...]
    budget: float | None
    patience: float | None
    reports: tuple[Path, ...]
    proxy: ProxyWish
    listen: ListenWish | None
    rate: float
    state: Path
    is_sandbox: bool
    only_restores: bool
    asks: bool
    is_forced: bool
    as_json: bool
    voice: Voice = field(default_factory=Voice)
    """Says what goes on."""

    @classmethod
    def read(
        cls,
        *,
        method: str | None,
        resolvers: Sequence[str],
        budget: str | None,
        patience: str | None,
        reports: Sequence[Path],
        proxy: tuple[str | None, str | None, str],
        listen: tuple[str | None, str | None],
        rate: float,
        state: Path | None,
        is_sandbox: bool,
        only_restores: bool,
        asks: bool,
        is_forced: bool,
        as_json: bool,
    ) -> Self:
        """Ends the program with 2 where one makes no sense."""
        if method is not None and method not in METHODS:
            fail(f"--method {method}: choose one of {', '.join(METHODS)}", code=WRONG_USE)
        if is_sandbox and method in ("command", "proxy"):
            fail(f"--method {method} is for what is real: in a sandbox, invert or instances", code=WRONG_USE)
        for each in reports:
            if each.suffix not in _REPORTS:
                fail(f"--report {each}: the name ends with {', '.join(_REPORTS)}", code=WRONG_USE)
            if not each.parent.is_dir() or each.is_dir():
                wrong = "is a folder" if each.is_dir() else f"there is no folder {each.parent}"
                fail(f"--report {each}: {wrong}; nothing was drilled", code=WRONG_USE)
        return cls(
            method=method,
            resolvers=tuple(_resolver(each) for each in resolvers),
            budget=_duration("--budget", budget),
            patience=_duration("--patience", patience),
            reports=tuple(reports),
            proxy=_proxy(*proxy),
            listen=_listen(*listen),
            rate=rate,
            state=state or state_folder(os.environ),
            is_sandbox=is_sandbox,
            only_restores=only_restores,
            asks=asks,
            is_forced=is_forced,
            as_json=as_json,
        )


def tell(wishes: Wishes, plan: Path, *, only: Sequence[str] | None, flags: Mapping[str, str | None]) -> int:
    """Carry it out; the exit code."""
    interrupts = Interrupts(wishes.voice.say)
    try:
        with interrupts.caught():
            _repair_here(wishes)
            if wishes.only_restores and not plan.exists():
                wishes.voice.say("no drill has left anything broken here")
                return 0
            loaded = load(plan, only=only, **flags)
            if wishes.only_restores:
                return _repair_elsewhere(wishes, loaded)
            return _drill(wishes, loaded, interrupts)
    except _FAILURES as failure:
        _fail(wishes, str(failure))
    except KeyboardInterrupt:
        wishes.voice.say("interrupted before anything was broken")
        return INTERRUPTED
    finally:
        wishes.voice.finish()


def _repair_here(wishes: Wishes) -> None:
    """Whatever is meant to be drilled now: first nothing may be broken any more."""
    broken = []
    try:
        for each in repair.on_this_machine(wishes.state):
            try:
                _offer(wishes, each)
            except NotRestored as why:  # there may be others, which can be
                broken.append(str(why))
        end_forgotten(wishes.state, wishes.voice.say)
    except ValueError as wrong:
        broken.append(str(wrong))
    if broken:
        _fail(wishes, "\n".join(broken))


def _repair_elsewhere(wishes: Wishes, loaded: Loaded) -> int:
    """What the marks in the plan's account tell."""
    for failover in loaded.failovers:
        target = _target(failover, loaded.where, loaded.account, wishes)
        found = repair.in_the_account(target, loaded.account, wishes.state)
        if found is not None:
            _offer(wishes, found)
    wishes.voice.say("no drill has left anything broken")
    return 0


def _offer(wishes: Wishes, found: repair.LeftOver) -> None:
    wishes.voice.say(found.story)
    wishes.voice.finish()
    if wishes.asks and not wishes.only_restores:
        if not sys.stdin.isatty():
            found.leave()
            fail("the primary may be broken: `stillup drill --restore` puts it right, and so does --yes")
        if not typer.confirm("Restore the primary now?", default=True, err=True):
            found.leave()
            fail("nothing is drilled while a primary may be broken: `stillup drill --restore` puts it right")
    try:
        found.repair(wishes.voice.say)
    except KeyboardInterrupt:
        wishes.voice.say("interrupted: the primary may still be broken; `stillup drill --restore` goes on")
        raise typer.Exit(INTERRUPTED) from None
    wishes.voice.say(f"the primary of {found.file.record.failover} is restored")


def _drill(wishes: Wishes, loaded: Loaded, interrupts: Interrupts) -> int:
    if len(loaded.failovers) > 1:
        names = ", ".join(each.name for each in loaded.failovers)
        fail(f"one failover is drilled at a time: say which with --only, of {names}", code=WRONG_USE)
    (failover,) = loaded.failovers
    with ExitStack() as stack:
        if not wishes.is_sandbox:
            stack.enter_context(_alone(wishes, failover))
        _lint(wishes, loaded, failover)
        account, where = None, loaded.where
        if wishes.is_sandbox:
            work = Path(stack.enter_context(_temporary_folder()))
            ready = stack.enter_context(_sandbox(wishes, loaded, failover, work))
            account, failover, where = ready.account, ready.failover, ready.where
            # What a killed sandbox leaves behind needs no repair: nothing of it is real.
            wishes = replace(wishes, state=work / "state")
        brisk = replace(account or loaded.account, patience=BRISK)
        drill = _rehearse(wishes, failover, where, brisk, interrupts)
    return _report(wishes, drill)


@contextmanager
def _alone(wishes: Wishes, failover: Failover) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(alone_with(failover.name, wishes.state))
        except OSError as wrong:
            raise no_record_in(wishes.state, wrong) from None
        yield


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="stillup-sandbox-", ignore_cleanup_errors=True)


@contextmanager
def _sandbox(wishes: Wishes, loaded: Loaded, failover: Failover, work: Path) -> Iterator[Ready]:
    for line in left_out(failover):
        wishes.voice.say(line)
    wishes.voice.say(f"starting an engine whose clock runs {wishes.rate:g} times as fast as yours")
    sandbox = Sandbox(failover, loaded.where, base=loaded.folder, work=work, rate=wishes.rate)
    with sandbox.engine:
        yield sandbox.prepare(wishes.voice.say)


def _rehearse(
    wishes: Wishes, failover: Failover, where: Where, account: Account, interrupts: Interrupts
) -> Drill:
    target = _target(failover, where, account, wishes)
    found = repair.in_the_account(target, account, wishes.state)
    if found is not None:
        _offer(wishes, found)
    clock = Stopwatch(wishes.rate)
    with explained("preparing to break the primary"):
        breaker = breaker_for(_method(wishes, failover), target, account, wishes.proxy)
    try:
        _preflight(wishes, target, account, clock, breaker.method)
        budget = failover.budget if wishes.budget is None else wishes.budget
        if not wishes.is_sandbox:
            _confirm(wishes, failover, breaker.what_happens)
        rehearsal = Rehearsal(
            target=target,
            account=account,
            breaker=breaker,
            prediction=predict(target.setup, ENGINE if account.endpoint_url else AWS),
            budget=budget,
            state=wishes.state,
            patience=wishes.patience,
            tell=lambda at, line: wishes.voice.say(f"{at:7.1f} s  {line}"),
        )
        with _told(wishes, target, account, interrupts) as inbox, explained("drilling"):
            return rehearse(replace(rehearsal, inbox=inbox), Stopwatch(wishes.rate), interrupts)
    finally:
        breaker.close()


def _told(
    wishes: Wishes, target: Target, account: Account, interrupts: Interrupts
) -> AbstractContextManager[Inbox | None]:
    """What the alarm tells the drill itself, where it listens."""
    if wishes.listen is None:
        return nullcontext()
    return subscribed(
        wishes.listen, target, account, wishes.state, interrupts=interrupts, tell=wishes.voice.say
    )


def _method(wishes: Wishes, failover: Failover) -> str:
    if wishes.is_sandbox:
        return wishes.method or "instances"
    return wishes.method or failover.drill.method


def _target(failover: Failover, where: Where, account: Account, wishes: Wishes) -> Target:
    setup = read_setup(account, failover.name, zone=failover.zone, wanted=desired(failover, where))
    return target_of(failover, where, setup, resolvers=wishes.resolvers)


def _preflight(wishes: Wishes, target: Target, account: Account, clock: Stopwatch, method: str) -> None:
    # Where visitors only come through the fault proxy, the primary is well some time after that has begun to listen.
    patience = preflight.PROXY_PATIENCE if method == "proxy" else 0.0
    _refuse(wishes, preflight.await_none(target, account, clock, within=patience))


def _lint(wishes: Wishes, loaded: Loaded, failover: Failover) -> None:
    silences = loaded.document.plan.silence
    _refuse(wishes, preflight.lint_errors(failover, loaded.where, base=loaded.folder, silences=silences))


def _refuse(wishes: Wishes, against: Sequence[str]) -> None:
    for each in against:
        wishes.voice.say(f"preflight: {each}")
    if against and not wishes.is_forced:
        raise CannotDrill("the preflight speaks against a drill now: put that right, or insist with --force")


def _confirm(wishes: Wishes, failover: Failover, what_happens: str) -> None:
    wishes.voice.say(f"drill of {failover.name}: {what_happens}")
    wishes.voice.finish()
    confirm_or_exit("May it?", yes=not wishes.asks)


def _report(wishes: Wishes, drill: Drill) -> int:
    typer.echo((json if wishes.as_json else text).render(drill).rstrip("\n"))
    wishes.voice.finish()
    for path in wishes.reports:
        write_file(path, _REPORTS[path.suffix](drill))
    if drill.interrupted:
        return INTERRUPTED
    return 0 if drill.passed else ERROR


def _fail(wishes: Wishes, message: str) -> NoReturn:
    """Behind what was said before."""
    wishes.voice.finish()
    fail(message)


def _duration(flag: str, value: str | None) -> float | None:
    if value is None:
        return None
    seconds = parse_duration(value)
    if seconds is None:
        fail(f"{flag} {value}: write 500ms, 10s, 3m, 1h or a number of seconds", code=WRONG_USE)
    return seconds


def _resolver(value: str) -> Address:
    try:
        return parse_server(value)
    except CannotDrill as wrong:
        fail(f"--resolver: {wrong}", code=WRONG_USE)


def _address(flag: str, value: str | None) -> Address | None:
    if value is None:
        return None
    try:
        return Address.parse(value)
    except ValueError as wrong:
        fail(f"{flag}: {wrong}", code=WRONG_USE)


def _proxy(listen: str | None, to: str | None, mode: str) -> ProxyWish:
    modes = [each.value for each in Mode if each is not Mode.PASS]
    if mode not in modes:
        fail(f"--proxy-mode {mode}: choose one of {', '.join(modes)}", code=WRONG_USE)
    return ProxyWish(_address("--proxy-listen", listen), _address("--proxy-to", to), Mode(mode))


def _listen(at: str | None, url: str | None) -> ListenWish | None:
    address = _address("--listen", at)
    if address is None:
        if url is not None:
            fail("--listen-url says how SNS reaches --listen ADDR:PORT: give both", code=WRONG_USE)
        return None
    if url is None and address.host in ("0.0.0.0", "::"):  # noqa: S104 - nobody can be reached there
        fail(f"--listen {at}: say by --listen-url how SNS reaches that", code=WRONG_USE)
    if url is not None and not url.startswith(("http://", "https://")):
        fail(f"--listen-url {url}: write http://… or https://…", code=WRONG_USE)
    return ListenWish(address, url)

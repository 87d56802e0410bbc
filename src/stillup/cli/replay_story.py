"""What `stillup replay` prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from stillup.cli.console import out
from stillup.cli.output import WRONG_USE, fail, print_json, say
from stillup.drill.recording import Recording, RecordingUnreadable
from stillup.plan.moments import date_and_clock, stretch
from stillup.plan.otherwise import Otherwise, as_planned, unlike, untold
from stillup.plan.replay import Outage, Replay, replay, without_counterpart
from stillup.plan.setup import OWNER_TAG, Check
from stillup.rules.durations import parse_duration
from stillup.rules.health.check import HealthCheck
from stillup.rules.health.recording import CheckEra, Run
from stillup.rules.ids import HealthCheckId

_LONGEST_LIST: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked on the command line."""

    plan: Path | None
    observations: Path
    only: str | None
    check: str | None
    failures: int | None
    interval: str | None
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class _Subject:
    """One recorded check, and what is asked of it."""

    name: str
    check: HealthCheck
    eras: Sequence[CheckEra]
    planned: Check | None


def tell(question: Question, *, as_json: bool) -> int:
    """Answer the question; the exit code."""
    try:
        recording = Recording.at(question.observations)
        answers = [_answer(question, recording, each) for each in _subjects(question, recording)]
    except RecordingUnreadable as wrong:
        fail(str(wrong))
    if as_json:
        print_json({"replays": [each.as_json() for each in answers]})
        return 0
    for answer in answers:
        answer.print()
    return 0


def _subjects(question: Question, recording: Recording) -> list[_Subject]:
    """The recorded checks that are meant."""
    by_id: dict[HealthCheckId, list[CheckEra]] = {}
    for era in recording.eras():
        by_id.setdefault(era.check_id, []).append(era)
    latest = {check_id: check for check_id, eras in by_id.items() if (check := _latest(eras)) is not None}
    planned = _planned(question)
    wanted = [
        _Subject(_name(check), check, by_id[check_id], planned.get(_name(check)))
        for check_id, check in latest.items()
        if _is_meant(question, check, planned)
    ]
    if not latest:
        fail(f"{recording.path}: nothing is recorded yet; an engine records what its health checks see")
    if not wanted:
        known = "".join(f"\n  {check_id}  {_name(check)}" for check_id, check in latest.items())
        fail(f"{recording.path}: no recorded check is meant; give --check with one of:{known}")
    return wanted


def _is_meant(question: Question, check: HealthCheck, planned: Mapping[str, Check]) -> bool:
    if question.check is not None:
        return check.id == question.check
    if question.plan is not None:
        return _name(check) in planned
    return check.config.type.is_endpoint and question.only in (None, _name(check))


def _planned(question: Question) -> dict[str, Check]:
    """The primary's check of each failover in the plan, by the failover's name."""
    if question.plan is None:
        return {}
    from stillup.cli.loading import load
    from stillup.plan.desired import desired

    only = None if question.only is None else [question.only]
    loaded = load(question.plan, only=only)
    setups = [desired(each, loaded.where) for each in loaded.failovers]
    checks = {each.name: each.checks.get("primary") for each in setups}
    return {name: check for name, check in checks.items() if check is not None and check.config is not None}


def _latest(eras: Sequence[CheckEra]) -> HealthCheck | None:
    return next((era.check for era in reversed(eras) if era.check is not None), None)


def _name(check: HealthCheck) -> str:
    """The failover that the check is of, or what else it is called."""
    return check.tags.get(OWNER_TAG) or check.tags.get("Name") or check.config.fqdn or check.id


def _answer(question: Question, recording: Recording, subject: _Subject) -> _Answer:
    since, until = _moment(question.since, 0.0), _moment(question.until, math.inf)
    runs = recording.runs(subject.check.id, since=since, until=until)
    if not runs:
        raise RecordingUnreadable(f"{recording.path}: nothing was seen of {subject.name} in that time")
    since = max(since, runs[0].first_at)
    until = min(until, max(run.last_at for run in runs))
    asked = _asked(question, subject)
    notes = list(untold(asked, subject.check, runs))
    if subject.planned is not None and subject.planned.config is not None:
        notes = [*unlike(subject.planned.config, subject.check), *notes]
    was = replay(runs, subject.eras, since=since, until=until)
    would = replay(runs, subject.eras, since=since, until=until, change=asked)
    return _Answer(subject.name, subject.check.id, runs, was, would, tuple(notes))


def _asked(question: Question, subject: _Subject) -> Otherwise:
    interval = None if question.interval is None else parse_duration(question.interval)
    if question.interval is not None and not interval:
        fail(f"--interval {question.interval}: write a duration such as 10s, 500ms or 1m", code=WRONG_USE)
    if subject.planned is None or subject.planned.config is None:
        return Otherwise(failures=question.failures, interval=interval)
    planned = as_planned(subject.planned.config, subject.planned.tags)
    return planned.but(failures=question.failures, interval=interval)


def _moment(text: str | None, default: float) -> float:
    if text is None:
        return default
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no moment: write 2026-10-31 or 2026-10-31T02:00 (UTC)", code=WRONG_USE)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


@dataclass(frozen=True, slots=True)
class _Answer:
    """As it was, and as it would have been."""

    name: str
    check_id: str
    runs: Sequence[Run]
    was: Replay
    would: Replay
    notes: tuple[str, ...]

    @property
    def more(self) -> Sequence[Outage]:
        return without_counterpart(self.would.outages, self.was.outages)

    @property
    def fewer(self) -> Sequence[Outage]:
        return without_counterpart(self.was.outages, self.would.outages)

    def print(self) -> None:
        """For people."""
        vantages = len({run.vantage for run in self.runs})
        seen = sum(run.count for run in self.runs)
        out.print(f"{self.name}  (check {self.check_id})", style="bold", markup=False)
        out.print(
            f"  {date_and_clock(self.was.since)} to {date_and_clock(self.was.until)}: {seen} probes from {vantages} vantages"
        )
        for title, each in (("as it was", self.was), ("changed", self.would)):
            switched = f"switched {_times(each.switches)}"
            out.print(f"  {title:10} {switched:18} on the standby for {stretch(each.seconds_on_standby)}")
        for title, outages, of in (
            ("Only as changed", self.more, self.would),
            ("Only as it was", self.fewer, self.was),
        ):
            if outages:
                out.print(f"  {title}:")
            for outage in outages[:_LONGEST_LIST]:
                out.print(f"    {date_and_clock(outage.began)}  for {stretch(of.seconds(outage))}")
            if len(outages) > _LONGEST_LIST:
                out.print(f"    and {len(outages) - _LONGEST_LIST} more; --json lists all")
        out.print(f"  {self._verdict()}")
        for note in self.notes:
            say(f"  Note: {note}.")

    def _verdict(self) -> str:
        more, fewer = _times(len(self.more)), _times(len(self.fewer))
        match bool(self.more), bool(self.fewer):
            case True, True:
                return f"Changed, it would have switched {more} more, and {fewer} less."
            case True, False:
                return f"Changed, it would have switched {more} more."
            case False, True:
                return f"Changed, it would have switched {fewer} less."
            case _:
                return "Changed, it would have switched for the same outages, give or take their edges."

    def as_json(self) -> dict[str, object]:
        """For programs; moments are seconds since the epoch."""
        return {
            "failover": self.name,
            "health_check_id": self.check_id,
            "since": self.was.since,
            "until": self.was.until,
            "as_it_was": _replay_json(self.was),
            "changed": _replay_json(self.would),
            "notes": list(self.notes),
        }


def _replay_json(replayed: Replay) -> dict[str, object]:
    return {
        "switches": replayed.switches,
        "seconds_on_standby": round(replayed.seconds_on_standby, 3),
        "probes": replayed.probes,
        "outages": [
            {"began": round(each.began, 3), "ended": None if each.ended is None else round(each.ended, 3)}
            for each in replayed.outages
        ],
    }


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")

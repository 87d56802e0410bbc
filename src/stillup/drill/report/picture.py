"""The timeline as a picture: where each bar, mark and label goes. Lengths are SVG user units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from stillup.drill.report import wording
from stillup.drill.timeline import Drill, Moment, Phase, Sighting, Watcher

WIDTH: Final = 1040
GUTTER: Final = 210
"""Left of the bars, for the lanes' names."""
_RIGHT: Final = 16
_TOP: Final = 46
"""Above the first lane, for the names of the marks."""
_LANE: Final = 30
_GAP: Final = 14
"""Between the phases and the lanes."""
_LETTER: Final = 6.6
"""The width of a letter at the size of a label, roughly, and rather more."""
_MOST_TICKS: Final = 11
_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)
_NAME: Final = 27
"""Letters of a lane's name that fit into the gutter."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a lane. `kind` is `primary`, `standby`, `neither` or `phase`."""

    x: float
    width: float
    kind: str
    label: str
    """Empty where it does not fit."""
    title: str


@dataclass(frozen=True, slots=True)
class Range:
    """What was predicted for the end of a phase."""

    x: float
    width: float
    likely: float
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the picture."""

    y: float
    name: str
    title: str
    bars: tuple[Bar, ...]
    predicted: Range | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line, with its name above it."""

    x: float
    name: str
    anchor: str
    """`start`, `middle` or `end`: so that the name stays within the picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it."""

    height: float
    bottom: float
    """Where the lanes end and the axis is."""
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str, str], ...]
    """Where, what, and which end of the text is there."""
    lane_height: int = _LANE
    width: int = WIDTH
    gutter: int = GUTTER
    top: int = _TOP


def draw(drill: Drill) -> Picture:
    """Lay the drill out: the phases above, then a lane for each watcher."""
    predicted = [
        each.began + each.predicted.worst for each in drill.phases if each.predicted and each.ended is None
    ]
    length = wording.length(drill)
    scale = _Scale(max(length, *predicted, 1.0), length)
    phases = [_phase_lane(phase, _TOP + place * _LANE, scale) for place, phase in enumerate(drill.phases)]
    below = _TOP + len(phases) * _LANE + (_GAP if phases else 0)
    lanes = [
        _lane(seen, below + place * _LANE, scale) for place, seen in enumerate(_watchers(drill).values())
    ]
    bottom = below + len(lanes) * _LANE
    marks = tuple(_marks(drill, scale))
    return Picture(bottom + 34, bottom, (*phases, *lanes), marks, tuple(_ticks(scale)))


@dataclass(frozen=True, slots=True)
class _Scale:
    seconds: float
    """What the whole width stands for."""
    ended: float
    """When the drill ended: a prediction may reach beyond, nothing that was seen does."""

    def x(self, at: float) -> float:
        return round(GUTTER + self.length(at), 1)

    def length(self, seconds: float) -> float:
        return round((WIDTH - GUTTER - _RIGHT) * min(seconds, self.seconds) / self.seconds, 1)


def _watchers(drill: Drill) -> dict[tuple[Watcher, str], list[Sighting]]:
    """What each of them saw, in the order in which watchers are declared."""
    order = list(Watcher)
    keys = dict.fromkeys((each.watcher, each.who) for each in drill.sightings)
    return {
        key: sorted(
            (each for each in drill.sightings if (each.watcher, each.who) == key), key=lambda it: it.at
        )
        for key in sorted(keys, key=lambda key: order.index(key[0]))
    }


def _lane(seen: list[Sighting], y: float, scale: _Scale) -> Lane:
    first = seen[0]
    name = f"{first.watcher.value} {first.who}"
    ends = [later.at for _, later in pairwise(seen)] + [scale.ended]
    bars = tuple(_bar(each, end, scale) for each, end in zip(seen, ends, strict=True))
    return Lane(y, _shortened(name), name, bars)


def _bar(sighting: Sighting, end: float, scale: _Scale) -> Bar:
    kind = {True: "primary", False: "standby", None: "neither"}[sighting.is_primary]
    width = max(scale.length(end) - scale.length(sighting.at), 1.5)
    title = f"{sighting.state} from {sighting.at:.1f} s to {end:.1f} s. {sighting.detail}".rstrip(". ")
    return Bar(scale.x(sighting.at), width, kind, _fitting(sighting.state, width), title)


def _phase_lane(phase: Phase, y: float, scale: _Scale) -> Lane:
    end = scale.ended if phase.ended is None else phase.ended
    width = max(scale.length(end) - scale.length(phase.began), 1.5)
    measured = wording.seconds(phase.seconds) if phase.ended is not None else "did not end"
    bar = Bar(scale.x(phase.began), width, "phase", _fitting(measured, width), f"{phase.name}: {measured}")
    return Lane(y, phase.name, f"{phase.name}: {measured}", (bar,), _range(phase, scale))


def _range(phase: Phase, scale: _Scale) -> Range | None:
    if phase.predicted is None:
        return None
    best, likely, worst = (
        scale.x(phase.began + each)
        for each in (phase.predicted.best, phase.predicted.expected, phase.predicted.worst)
    )
    return Range(best, max(round(worst - best, 1), 1.5), likely, f"predicted {wording.span(phase.predicted)}")


def _marks(drill: Drill, scale: _Scale) -> Iterator[Mark]:
    for moment, name in ((Moment.BROKEN, "broken"), (Moment.RESTORED, "restored")):
        at = wording.at_moment(drill, moment)
        if at is not None:
            x = scale.x(at)
            anchor = "end" if x > WIDTH - 120 else "start" if x < GUTTER + 60 else "middle"
            yield Mark(x, f"{name} {at:.1f} s", anchor)


def _ticks(scale: _Scale) -> Iterator[tuple[float, str, str]]:
    step = next((each for each in _STEPS if scale.seconds / each <= _MOST_TICKS), _STEPS[-1])
    for place in range(int(scale.seconds // step) + 1):
        x = scale.x(place * step)
        yield x, _clock(place * step), "end" if x > WIDTH - 2 * _RIGHT else "middle"


def _clock(seconds: int) -> str:
    """`45 s`, `2:30`, `1:02:30`."""
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _fitting(text: str, width: float) -> str:
    return text if len(text) * _LETTER + 8 <= width else ""


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"

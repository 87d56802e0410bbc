"""A drill's report, in every form."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from stillup.drill.report import html, text
from stillup.drill.report import json as json_report
from stillup.drill.report.picture import GUTTER, WIDTH, draw
from stillup.drill.timeline import Drill, Moment, Phase, Sighting, Watcher
from stillup.plan.prediction import Span
from tests.drill.report.drills import EMPTY, FAILED, PASSED


class Reader(HTMLParser):
    """Notes what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.fetches: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetches += [tag] if tag in ("script", "link", "img", "iframe", "object", "use") else []
        self.fetches += [name for name, _ in attrs if name in ("src", "href") or name.startswith("on")]


ALL = pytest.mark.parametrize("drill", [PASSED, FAILED, EMPTY], ids=["passed", "failed", "empty"])


def test_the_text_says_how_it_went_what_was_felt_and_every_phase() -> None:
    said = text.render(PASSED)
    assert said.startswith("Drill of www.example.com: passed\ninstances, 2026-11-22 19:59:21 UTC\n")
    assert "Visitors were without a page for 115.6 s; the budget is 3 min." in said
    assert "detection  85.7 s    60.0 s to 105.0 s, likely 85.0 s" in said
    assert "   122.0 s  visitor http://www.example.com/: standby" in said
    assert max(map(len, said.splitlines())) <= 80


def test_what_was_seen_gives_a_terminal_no_orders() -> None:
    page = Sighting(1.0, Watcher.VISITOR, "http://www.example.com/", "\x1b]0;owned\x07", None)
    said = text.render(replace(PASSED, sightings=(*PASSED.sightings, page)))

    assert "\\x1b]0;owned\\x07" in said
    assert "\x1b" not in said


def test_what_did_not_end_and_what_went_wrong_is_said() -> None:
    said = text.render(FAILED)
    assert "interrupted" in said.splitlines()[0]
    assert "! The check <b>never</b> turned unhealthy." in said
    assert "Visitors got no page again while the drill watched; the plan names no budget." in said


@ALL
def test_the_json_is_whole(drill: Drill) -> None:
    read = json.loads(json_report.render(drill))
    assert read["failover"] == drill.failover
    assert [each["seconds"] for each in read["phases"]] == [each.seconds for each in drill.phases]
    assert len(read["sightings"]) == len(drill.sightings)
    assert (read["verdict"] == "passed") is drill.passed


@ALL
def test_the_page_needs_nothing_else_and_its_picture_is_well_formed(drill: Drill) -> None:
    page = html.render(drill)
    svg = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    ElementTree.fromstring(svg)
    reader = Reader()
    reader.feed(page)
    assert not reader.fetches
    assert "url(" not in page
    assert "@import" not in page


def test_whatever_was_seen_is_escaped() -> None:
    page = html.render(FAILED)
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>never</b>" not in page


@ALL
def test_everything_stays_within_the_picture(drill: Drill) -> None:
    picture = draw(drill)
    for lane in picture.lanes:
        for bar in lane.bars:
            assert bar.x >= GUTTER
            assert bar.x + bar.width <= WIDTH
    assert 1 <= len(picture.ticks) <= 12
    assert all(GUTTER <= x <= WIDTH for x, _, _ in picture.ticks)


def test_a_lane_follows_its_watcher_from_sighting_to_sighting() -> None:
    picture = draw(PASSED)
    (lane,) = [each for each in picture.lanes if each.title.startswith("authority")]
    assert [bar.kind for bar in lane.bars] == ["primary", "standby", "primary"]
    assert [bar.label for bar in lane.bars] == ["203.0.113.10", "198.51.100.7", "203.0.113.10"]
    for before, after in zip(lane.bars, lane.bars[1:], strict=False):
        assert before.x + before.width == pytest.approx(after.x, abs=0.2)


def test_nothing_was_seen_after_the_end_though_more_is_predicted() -> None:
    phase = Phase("cache back", 60.0, None, Span(0.0, 30.0, 180.0))
    seen = Sighting(60.0, Watcher.VISITOR, "www.example.com", "standby", is_primary=False)
    picture = draw(replace(PASSED, moments=((Moment.ENDED, 65.0),), phases=(phase,), sightings=(seen,)))

    assert {round(lane.bars[-1].x + lane.bars[-1].width) for lane in picture.lanes} == {
        round(GUTTER + (WIDTH - GUTTER - 16) * 65 / 240)
    }


def test_how_the_end_of_a_phase_is_known_is_in_every_report() -> None:
    remark = "delivered to email oncall@example.com"
    drill = replace(PASSED, phases=(*PASSED.phases, Phase("message", 140.0, 142.0, None, remark)))

    assert f"message: {remark}" in text.render(drill)
    assert remark in html.render(drill)
    assert json.loads(json_report.render(drill))["phases"][-1]["remark"] == remark

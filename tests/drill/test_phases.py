"""Phases, outage and problems, from sightings typed by hand."""

from __future__ import annotations

from stillup.drill.phases import HANDED_OVER, Act, Course, held, outage, phases, problems
from stillup.drill.timeline import Phase, Sighting, Watcher
from stillup.plan.prediction import Prediction, Span

PREDICTION = Prediction(
    detection=Span(60, 85, 90), switch=Span(0, 1, 5), cache=Span(0, 30, 60), recovery=Span(60, 65, 90)
)


def _saw(at: float, watcher: Watcher, is_primary: bool | None, who: str = "it") -> Sighting:
    return Sighting(at, watcher, who, str(is_primary), is_primary)


BEFORE = [
    _saw(0, Watcher.CHECK, True),
    _saw(0, Watcher.AUTHORITY, True, "ns1"),
    _saw(0, Watcher.AUTHORITY, True, "ns2"),
    _saw(0, Watcher.VISITOR, True),
    _saw(0, Watcher.RESOLVER, None, "deaf"),
    _saw(0, Watcher.ALARM, True),
    _saw(10, Watcher.MESSAGE, True),
]
DOWN = [
    _saw(12, Watcher.VISITOR, None),
    _saw(95, Watcher.CHECK, False),
    _saw(96, Watcher.AUTHORITY, False, "ns1"),
    _saw(98, Watcher.AUTHORITY, False, "ns2"),
    _saw(120, Watcher.ALARM, False),
    _saw(121, Watcher.MESSAGE, False),
    _saw(140, Watcher.VISITOR, False),
]
UP = [
    _saw(220, Watcher.AUTHORITY, True, "ns1"),
    _saw(221, Watcher.AUTHORITY, True, "ns2"),
    _saw(222, Watcher.CHECK, True),
    _saw(240, Watcher.ALARM, True),
    _saw(240, Watcher.MESSAGE, True),
    _saw(250, Watcher.VISITOR, True),
]
WHOLE = Course([*BEFORE, *DOWN, *UP], Act(10, 11), Act(150, 155), 260)


def test_the_whole_way_there_and_back_is_timed() -> None:
    found = {each.name: (each.began, each.ended) for each in phases(WHOLE, PREDICTION)}

    assert found == {
        "detection": (11, 95),
        "switch": (95, 98),
        "cache": (98, 140),
        "alarm": (11, 120),
        "message": (120, 121),
        "recovery": (155, 220),  # the answer changed before the status was seen to
        "switch back": (220, 221),
        "cache back": (221, 250),
        "alarm back": (155, 240),
        "message back": (240, 240),
    }
    assert list(problems(WHOLE, phases(WHOLE, PREDICTION), budget=150, undetected=None, tolerance=1)) == []


def test_the_outage_is_the_time_without_a_page() -> None:
    assert outage(WHOLE) == 128
    assert outage(Course([*BEFORE, DOWN[0]], Act(10, 11), ended=100)) is None
    assert outage(Course(BEFORE, Act(10, 11), ended=100)) == 0


def test_a_drill_that_nobody_notices_has_an_open_detection_and_nothing_after_it() -> None:
    course = Course([each for each in BEFORE if each.watcher is not Watcher.ALARM], Act(10, 11), ended=300)

    assert phases(course, PREDICTION) == (Phase("detection", 11, None, PREDICTION.detection),)
    assert "had not ended" in next(
        problems(course, phases(course, None), budget=1, undetected=None, tolerance=1)
    )


def test_what_comes_after_the_restore_is_not_the_way_there() -> None:
    late = [*BEFORE, _saw(160, Watcher.CHECK, False), _saw(170, Watcher.CHECK, True)]
    found = {each.name: each.ended for each in phases(Course(late, Act(10, 11), Act(150, 155), 260), None)}

    assert found["detection"] is None


def test_over_budget_is_told_with_its_arithmetic() -> None:
    found = phases(WHOLE, PREDICTION)

    (told,) = problems(WHOLE, found, budget=100, undetected=None, tolerance=1)
    assert "129.0 s are 29.0 s more than the 100 s allowed" in told
    (told,) = problems(WHOLE, found, budget=200, undetected=Span(60, 85, 90), tolerance=1)
    assert "90.0 s of detection" in told


def test_slower_than_the_worst_that_is_predicted_is_told() -> None:
    quick = Prediction(Span(1, 2, 3), Span(0, 1, 5), Span(0, 30, 60), Span(1, 2, 3))

    told = list(problems(WHOLE, phases(WHOLE, quick), budget=None, undetected=None, tolerance=1))
    assert [each.split()[0] for each in told] == ["detection", "recovery"]


def test_all_hold_only_once_the_last_one_does_and_while_they_do() -> None:
    kinds = frozenset({Watcher.AUTHORITY})
    flapping = [
        _saw(0, Watcher.AUTHORITY, False, "ns1"),
        _saw(1, Watcher.AUTHORITY, True, "ns2"),
        _saw(2, Watcher.AUTHORITY, True, "ns1"),
        _saw(3, Watcher.AUTHORITY, False, "ns2"),
        _saw(4, Watcher.AUTHORITY, False, "ns1"),
    ]

    assert held(flapping, kinds, is_primary=False, after=0) == 4
    assert held(flapping, kinds, is_primary=False, after=0, every=False) == 0
    assert held(flapping, kinds, is_primary=True, after=2.5) == 2.5
    assert held(flapping, kinds, is_primary=True, after=3.5) is None
    assert held([], kinds, is_primary=True, after=0) is None


def test_where_nobody_left_the_primary_there_is_no_way_back() -> None:
    found = phases(Course(BEFORE, Act(10, 11), Act(150, 155), 260), PREDICTION)

    assert [each.name for each in found] == ["detection", "alarm"]


def test_a_status_and_an_alarm_that_were_never_seen_to_leave_say_nothing_about_the_return() -> None:
    blind = (Watcher.CHECK, Watcher.ALARM, Watcher.MESSAGE)
    seen = [each for each in [*DOWN, *UP] if each.watcher not in blind]
    found = {
        each.name: (each.began, each.ended)
        for each in phases(Course([*BEFORE, *seen], Act(10, 11), Act(150, 155), 260), PREDICTION)
    }

    assert found["detection"] == (11, 96)
    assert found["recovery"] == (155, 220)
    assert "alarm back" not in found


def _message(*deliveries: Sighting, silent: frozenset[bool] = frozenset()) -> Phase:
    course = Course([*BEFORE, *DOWN, *deliveries, *UP], Act(10, 11), Act(150, 155), 260, silent)
    return next(each for each in phases(course, None) if each.name == "message")


def test_a_message_whose_deliveries_nobody_can_see_ends_at_the_topic_and_says_so() -> None:
    assert _message() == Phase("message", 120, 121, None, HANDED_OVER)


def test_a_message_ends_at_the_first_delivery_that_is_proven() -> None:
    told = _message(
        _saw(5, Watcher.DELIVERY, None, "email a"),
        _saw(5, Watcher.DELIVERY, None, "http b"),
        _saw(124, Watcher.DELIVERY, False, "email a"),
        _saw(200, Watcher.DELIVERY, False, "http b"),
    )

    assert told == Phase("message", 120, 124, None, "delivered to email a; not to http b: None")


def test_a_message_that_reaches_nobody_does_not_end() -> None:
    told = _message(Sighting(130, Watcher.DELIVERY, "email a", "given up ALARM", None))

    assert told == Phase("message", 120, None, None, "not to email a: given up ALARM")


def test_an_alarm_that_tells_nobody_of_its_end_has_no_message_back() -> None:
    course = Course(WHOLE.sightings, WHOLE.broken, WHOLE.restored, 260, frozenset({True}))

    names = [each.name for each in phases(course, None)]
    assert "message" in names
    assert "alarm back" in names
    assert "message back" not in names

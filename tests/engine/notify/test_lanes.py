"""Who may begin while others are under way."""

from __future__ import annotations

from stillup.engine.notify.lanes import Lanes
from stillup.engine.ports import Among


def test_a_lane_has_its_width_and_no_more() -> None:
    lanes = Lanes(most=10, width=2)
    assert [lanes.take(f"d{number}", "host") for number in range(3)] == [True, True, False]
    room = lanes.room()
    assert room is not None
    assert (room[0], set(room[1].without), room[1].without_lanes) == (8, {"d0", "d1"}, ["host"])
    lanes.leave("d0", "host", hung=False)
    assert lanes.take("d2", "host")


def test_a_lane_that_hangs_has_one_place_until_something_ends_in_time() -> None:
    lanes = Lanes(most=10, width=2)
    assert lanes.take("d0", "host")
    lanes.leave("d0", "host", hung=True)
    assert [lanes.take(each, "host") for each in ("d1", "d2")] == [True, False]
    lanes.leave("d1", "host", hung=False)
    assert [lanes.take(each, "host") for each in ("d1", "d2")] == [True, True]


def test_one_lane_has_the_room_that_it_and_all_together_have() -> None:
    lanes = Lanes(most=3, width=2)
    assert lanes.take("d0", "host")
    assert lanes.room_of("host") == (1, Among(without=("d0",), only_lane="host"))
    assert lanes.take("d1", "host")
    assert lanes.room_of("host") is None
    assert lanes.take("e0", "other")
    lanes.leave("d0", "host", hung=False)
    assert lanes.take("e1", "other")
    assert lanes.room_of("host") is None


def test_mails_have_places_when_webhooks_have_taken_all() -> None:
    lanes = Lanes(most=2, width=2, mails=2)
    assert lanes.take("m", "mail")
    assert lanes.take("a", "a")
    assert lanes.take("b", "b")
    room = lanes.room()
    assert room is not None
    assert (room[0], room[1].only_lane) == (1, "mail")
    assert lanes.take("n", "mail")
    assert lanes.room() is None
    lanes.leave("a", "a", hung=False)
    room = lanes.room()
    assert room is not None
    assert room[0] == 1
    assert isinstance(room[1], Among)

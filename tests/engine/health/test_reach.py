"""Whose fault a missing route is (decision 6)."""

from __future__ import annotations

import pytest

from stillup.engine.health.reach import Reach, source_towards


@pytest.mark.parametrize(
    ("probed", "reachable", "is_cut_off"),
    [
        ([], set(), False),
        (["192.0.2.1"], set(), False),
        (["192.0.2.1", "192.0.2.1"], set(), False),
        (["192.0.2.1", "127.0.0.1"], set(), False),
        (["192.0.2.1", "198.51.100.1"], {"198.51.100.1"}, False),
        (["192.0.2.1", "198.51.100.1"], set(), True),
        (["192.0.2.1", "2001:db8::1", "127.0.0.1"], {"127.0.0.1"}, True),
    ],
)
def test_this_machine_is_cut_off_where_it_reaches_none_of_several(
    probed: list[str], reachable: set[str], is_cut_off: bool
) -> None:
    reach = Reach(lambda address: "10.0.0.1" if address in reachable else None)
    for address in probed:
        reach.note(address)
    assert reach.is_cut_off() is is_cut_off


def test_only_the_endpoints_probed_lately_are_asked_about() -> None:
    asked: list[str] = []
    reach = Reach(lambda address: asked.append(address))
    for number in range(100):
        reach.note(f"192.0.2.{number}")
    assert reach.is_cut_off()
    assert asked == [f"192.0.2.{number}" for number in range(84, 100)]


def test_the_kernel_names_the_address_that_probes_come_from() -> None:
    assert source_towards("127.0.0.1") == "127.0.0.1"
    assert source_towards("not an address") is None

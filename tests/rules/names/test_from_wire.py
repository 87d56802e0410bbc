"""Names from their wire form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.rules.names import DomainName, InvalidName


@given(labels=st.lists(st.binary(min_size=1, max_size=12), max_size=10), before=st.binary(max_size=5))
def test_a_name_is_read_back_from_its_wire_form(labels: list[bytes], before: bytes) -> None:
    name = DomainName(tuple(labels))
    assert DomainName.from_wire(before + name.to_wire() + b"after", len(before)) == name


@pytest.mark.parametrize("octets", [b"", b"\3www", b"\3ww", b"\xc0\x0c", b"\3www\xc0\x0c" + bytes(300)])
def test_what_is_not_a_whole_name_is_refused(octets: bytes) -> None:
    with pytest.raises(InvalidName):
        DomainName.from_wire(octets)


@given(octets=st.binary())
def test_any_octets_are_a_name_or_refused(octets: bytes) -> None:
    try:
        name = DomainName.from_wire(octets)
    except InvalidName:
        return
    assert octets.lower().startswith(name.to_wire())

"""Where somebody listens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillup.plan.address import Address


@given(st.ip_addresses().map(str), st.integers(1, 65_535))
def test_an_address_reads_as_it_is_written(host: str, port: int) -> None:
    assert Address.parse(str(Address(host, port))) == Address(host, port)


@given(st.ip_addresses().map(str))
def test_the_usual_port_need_not_be_written(host: str) -> None:
    assert Address.parse(host, usual_port=53) == Address(host, 53)
    assert Address.parse(f"[{host}]", usual_port=53) == Address(host, 53)


@pytest.mark.parametrize(
    "text", ["", ":", "127.0.0.1", "::1", ":53", "[]:53", "a:b", "a:0", "a:65536", "a:²", "a:-1", "a:"]
)
def test_what_is_no_address_and_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no address and port"):
        Address.parse(text)


@given(st.text())
def test_whatever_is_typed_is_an_address_or_refused(text: str) -> None:
    try:
        address = Address.parse(text, usual_port=53)
    except ValueError:
        return
    assert address.host
    assert 0 < address.port <= 65_535
